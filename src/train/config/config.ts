/**
 * The config of a run: read and completed with defaults, or refused with all its mistakes at once.
 *
 * @module
 */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { ENGINE_NAMES } from '../../../backends/tfjs/index.js';
import { readCorrectionStrength } from '../../rivals/post-hoc.js';
import { dataField, encodingOf, labelsAgree, sharesLeaveSome, shiftIsUsed } from './data-config.js';
import {
  byKind,
  choice,
  type Field,
  file,
  list,
  number,
  object,
  optional,
  ruledBy,
  seed,
  text,
  whole,
} from './fields.js';
import { lossField } from './loss-config.js';
import { MONITORED } from './monitored.js';
import { ConfigError, Problems } from './problems.js';

const positive = number('a number > 0', (x) => x > 0);

const strength = optional(ruledBy<number>(readCorrectionStrength), 1);

const modelField = byKind({
  /** Convolutions of 3×3, each with a max pooling; then a dense layer, or global pooling if hidden is 0. */
  conv: { filters: optional(list(whole(1)), [8, 16]), hidden: optional(whole(0), 64) },
  /** Residual blocks: a stage for each of the filters, halved in size from the second on. */
  resnet: { filters: optional(list(whole(1)), [16, 32, 64]), blocks: optional(whole(1), 1) },
  /** A model.json of tfjs-layers, with weights or without. */
  file: { file },
});

const scheduleField = byKind({
  constant: {
    warmUp: optional(
      number('epochs ≥ 0', (x) => x >= 0),
      0,
    ),
  },
  /** After every `every` epochs the rate is multiplied by the factor. */
  step: {
    warmUp: optional(
      number('epochs ≥ 0', (x) => x >= 0),
      0,
    ),
    every: whole(1),
    factor: optional(
      number('a number in (0, 1)', (x) => x > 0 && x < 1),
      0.1,
    ),
  },
  /** Half a cosine, from the rate to 0. */
  cosine: {
    warmUp: optional(
      number('epochs ≥ 0', (x) => x >= 0),
      0,
    ),
  },
});

/** What every optimiser has. */
const STEP_OPTIONS = {
  /** λ of decoupled weight decay: a step also subtracts learningRate·λ·w from each kernel w, and from no bias. */
  weightDecay: optional(
    number('a number ≥ 0', (x) => x >= 0),
    0,
  ),
  /** The largest norm of all gradients together: larger ones are scaled down to it. */
  clipNorm: optional(positive),
};

const FIELDS = {
  data: dataField,
  model: optional(modelField, { kind: 'conv', filters: [8, 16], hidden: 64 }),
  loss: optional(lossField, { kind: 'crl', level: 'class' }),
  engine: optional(choice(...ENGINE_NAMES), 'wasm'),
  epochs: optional(whole(1), 10),
  batchSize: optional(whole(2), 32),
  sampling: optional(
    byKind({
      plain: {},
      'class-aware': { by: optional(choice('class', 'sample'), 'class'), perClass: optional(whole(1), 1) },
    }),
    { kind: 'plain' },
  ),
  optimiser: optional(
    byKind({
      sgd: STEP_OPTIONS,
      momentum: {
        momentum: optional(
          number('a number in [0, 1)', (x) => x >= 0 && x < 1),
          0.9,
        ),
        ...STEP_OPTIONS,
      },
      adam: STEP_OPTIONS,
    }),
    { kind: 'adam', weightDecay: 0 },
  ),
  learningRate: optional(positive, 0.001),
  schedule: optional(scheduleField, { kind: 'constant', warmUp: 0 }),
  seed: optional(seed, 0),
  /** Of multi-label predictions: one for all labels, or learned on the validation set, one per label. */
  thresholds: optional(thresholdField(), 'learned'),
  /** The measure of the validation set that says which epoch is best; the default depends on the labels. */
  monitor: optional(choice(...MONITORED)),
  /** Stop after this many epochs in a row without a better one; without it, all epochs are trained. */
  patience: optional(whole(1)),
  /** Which epoch's model is evaluated: the last, or the best, which is then written beside the last. */
  keep: optional(choice('last', 'best'), 'last'),
  /** How the last layer is changed after training, before the model is evaluated and saved. Default: not at all. */
  postHoc: optional(
    byKind({
      'logit-adjusted': { tau: strength },
      'tau-normalised': { tau: strength },
      /** Classifier re-training, cRT: a new last layer, from class-balanced batches of `batchSize` images. */
      retrained: { epochs: optional(whole(1), 10), learningRate: optional(positive, 0.01) },
    }),
  ),
  /** Layers whose weights stay as they are, by name; a name may end in * for all that begin so. */
  freeze: optional(list(text)),
  out: text,
};

function thresholdField(): Field<number | 'learned'> {
  const share = number('learned, or a number in [0, 1]', (x) => x >= 0 && x <= 1);
  return (value, path, problems) => (value === 'learned' ? value : share(value, path, problems));
}

const configField = object(FIELDS);

/** How a classifier is trained: a config with its defaults. */
export type TrainConfig = ReturnType<typeof configField>;

/**
 * Reads a config.
 *
 * @param path - the beginning of the paths of mistakes
 * @throws ConfigError - all mistakes, each with its path
 */
export function readTrainConfig(given: unknown, path = ''): TrainConfig {
  const problems = new Problems();
  const config = configField(given, path, problems);
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  if (config !== undefined) refuseTogether(config, at, problems);
  problems.settle();
  return config;
}

/**
 * Reads what a config says of data, and its seed; the rest may be missing.
 *
 * @throws ConfigError - all mistakes of these, each with its path
 */
export function readDataConfig(given: Readonly<Record<string, unknown>>): Pick<TrainConfig, 'data' | 'seed'> {
  const problems = new Problems();
  const { data, seed: from } = given;
  const config = object({ data: dataField, seed: FIELDS.seed })({ data, seed: from }, '', problems);
  if (config.data !== undefined) refuseData(config.data, 'data', problems);
  problems.settle();
  return config;
}

function refuseData(data: TrainConfig['data'], path: string, problems: Problems): void {
  sharesLeaveSome(data, path, problems);
  labelsAgree(data, path, problems);
  shiftIsUsed(data, path, problems);
}

/** The folder of a run, and the `best` inside it, would be read as classes the next time. */
function refuseOutAmongClasses({ data, out }: TrainConfig, path: string, problems: Problems): void {
  if (data?.kind !== 'folders' || out === undefined) return;
  for (const folder of [data.folder, data.validation, data.test]) {
    if (typeof folder !== 'string') continue;
    const way = relative(resolve(folder), resolve(out));
    if (isAbsolute(way) || way === '..' || way.startsWith(`..${sep}`)) continue;
    problems.add(path, `a folder outside the folder of classes ${folder}`, out);
    return;
  }
}

/** Refuses fields that are right by themselves and wrong together. */
function refuseTogether(config: TrainConfig, at: (name: string) => string, problems: Problems): void {
  const { data, loss, sampling, batchSize, schedule, epochs } = config;
  if (loss?.kind === 'crl' && loss.alpha !== undefined) {
    for (const name of ['eta', 'imbalance'] as const)
      if (loss[name] !== undefined)
        problems.add(at(`loss.${name}`), 'no value together with alpha', loss[name]);
  }
  if (loss?.kind === 'crl' && loss.level === 'class' && loss.features !== undefined)
    problems.add(at('loss.features'), 'none at class level', loss.features);
  if (loss?.kind === 'crl' && loss.level === 'class' && loss.unitFeatures)
    problems.add(
      at('loss.unitFeatures'),
      'none at class level, which compares no features',
      loss.unitFeatures,
    );
  if (data !== undefined) refuseData(data, at('data'), problems);
  refuseOutAmongClasses(config, at('out'), problems);
  if (sampling?.kind === 'class-aware' && sampling.perClass > batchSize)
    problems.add(at('sampling.perClass'), `at most batchSize, ${batchSize}`, sampling.perClass);
  if (schedule !== undefined && schedule.warmUp > epochs)
    problems.add(at('schedule.warmUp'), `at most epochs, ${epochs}`, schedule.warmUp);
  if (data !== undefined && config.monitor !== undefined) {
    const other = encodingOf(data) === 'categorical' ? 'meanAveragePrecision' : 'geometricMean';
    if (config.monitor === other)
      problems.add(at('monitor'), `one of ${MONITORED.filter((name) => name !== other).join(', ')}`, other);
  }
}

/**
 * Reads several configs. The mistakes of all are reported together; one that all of them share is reported
 * once, with its path in the config that they have in common.
 */
export function readTrainConfigs(
  given: readonly { readonly config: unknown; readonly path: string }[],
): TrainConfig[] {
  const found = new Map<string, ConfigError['problems'][number]>();
  const read = given.map(({ config, path }) => {
    try {
      return readTrainConfig(config, path);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const problem of error.problems) found.set(problem.path, problem);
      return undefined as never;
    }
  });
  const paths = [...new Set(given.map(({ path }) => path))];
  const told = new Map<string, ConfigError['problems'][number]>();
  for (const problem of found.values()) {
    const own = paths.find((path) => problem.path.startsWith(`${path}.`));
    const place = own === undefined ? problem.path : problem.path.slice(own.length + 1);
    const same = paths.every((path) => {
      const other = found.get(`${path}.${place}`);
      return other?.expected === problem.expected && other.got === problem.got;
    });
    const path = same ? place : problem.path;
    told.set(path, { ...problem, path });
  }
  if (told.size > 0) throw new ConfigError([...told.values()]);
  return read;
}
