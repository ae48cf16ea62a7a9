/**
 * What CRL will find in the batches of a training set, before anything is trained.
 *
 * @module
 */
import { outOfRange, refuseUnknownFields, wrongType } from '../../spec/errors.js';
import {
  type AnchorChoice,
  type AttributeInput,
  DEFAULT_ETA,
  type Encoding,
  type Imbalance,
  imbalance,
  type Matrix,
  readAlpha,
  rectificationWeight,
  resolveOptions,
} from '../../spec/rules.js';
import type { AttributeMoments, ClassMoments, Mining } from './batch-moments.js';
import { batchesFor, drawnBatches, type Sampler } from './draw-samples.js';
import { type DrawnMoments, drawnMoments, drawnNothing, type Estimate } from './drawn-moments.js';
import { exactMoments, plainBatches } from './exact-moments.js';
import {
  type BatchSizeRemedy,
  batchSizeRemedy,
  type ClassAwareRemedy,
  classAwareRemedy,
  MINED,
  minableColumns,
} from './remedies.js';
import { countedSet, labelledSet, type TrainingSet } from './training-set.js';

/** Class counts, h_k by class index. */
export type Counts = readonly number[] | Int32Array | Uint32Array | Float64Array;

/** What {@link forecast} takes. */
export interface ForecastOptions {
  /** n, samples in a batch: from 1 to the size of the training set. */
  readonly batchSize: number;
  /** ρ in (0, 1]. Default 0.5. */
  readonly rho?: number;
  /** κ, an integer ≥ 1. Default 3. */
  readonly kappa?: number;
  /** Which samples of a minority class are anchors: `all` (default), or the κ `easy` ones. */
  readonly anchors?: AnchorChoice;
  /** How batches are drawn. Default `plain`: a shuffled epoch in which each sample comes once. */
  readonly sampler?: 'plain' | 'class-aware';
  /** Class-aware batches: whether all classes are drawn equally often (default), or in proportion to their samples. */
  readonly by?: 'class' | 'sample';
  /** Class-aware batches: samples of a class each time it is drawn, at most `batchSize`. Default 1. */
  readonly perClass?: number;
  /** Default `categorical`. */
  readonly encoding?: Encoding;
  /** As the loss takes them. Default: as many classes as the labels have. */
  readonly attributes?: readonly AttributeInput[];
  /** η ≥ 0. Default 0.01. */
  readonly eta?: number;
  /** The measure of Ω, or Ω itself. Default `shortfall`. */
  readonly imbalance?: Imbalance;
  /** α in [0, 1], instead of η·Ω. */
  readonly alpha?: number;
  /** How many batches are drawn where nothing exact is known. Default: from 10,000 to 100,000, fewer the larger they are. */
  readonly batches?: number;
  /** Seed of the batches that are drawn, an integer. Default 0. */
  readonly seed?: number;
  /** Whether to look for what would let more classes be mined. Default true. */
  readonly remedies?: boolean;
}

/** What is expected of a class. */
export interface ClassForecast {
  /** Its attribute, from 0. */
  readonly attribute: number;
  /** Its index in the attribute; `multi-label`: 0 absent, 1 present. */
  readonly class: number;
  /** Its name. */
  readonly name: string;
  /** Samples of it in the training set. */
  readonly count: number;
  /** The share of batches in which it is a surviving minority class. */
  readonly share: Estimate;
  /** Anchors of it per batch. */
  readonly anchors: Estimate;
  /** Triplets of it per batch. */
  readonly triplets: Estimate;
  /** Hard positives of one anchor, at most κ; null if the class never survives. */
  readonly positives: number | null;
  /** Hard negatives of one anchor, at most κ; null if the class never survives. */
  readonly negatives: number | null;
}

/** What CRL will find in the batches of a training set. */
export interface Forecast {
  /** N, samples of the training set. */
  readonly samples: number;
  readonly batchSize: number;
  readonly rho: number;
  readonly kappa: number;
  readonly sampler: Sampler;
  readonly encoding: Encoding;
  /** Batches that were drawn; 0 if everything is exact. */
  readonly batches: number;
  /** Seed of the batches that were drawn. */
  readonly seed: number;
  /** By class column: the classes of all attributes, one attribute after the other. */
  readonly classes: readonly ClassForecast[];
  /** Anchors per batch. */
  readonly anchors: Estimate;
  /** Triplets per batch, |T|. */
  readonly triplets: Estimate;
  /** The share of batches without a triplet, in which the loss is (1 − α)·L_ce. */
  readonly nothing: Estimate;
  /** Hard positives of one anchor, at most κ; null if there are no anchors. */
  readonly positives: number | null;
  /** Hard negatives of one anchor, at most κ; null if there are no anchors. */
  readonly negatives: number | null;
  /** Ω; null if α was given, on which it has no bearing then. */
  readonly omega: number | null;
  /** η; null if α was given. */
  readonly eta: number | null;
  /** α. */
  readonly alpha: number;
  /** What would let more classes be mined; null without `remedies`. A class is mined if it is a surviving minority in half of the batches. */
  readonly remedies: {
    readonly batchSize: BatchSizeRemedy;
    /** Null for batches of one sample. */
    readonly classAware: ClassAwareRemedy | null;
  } | null;
}

const OPTIONS: readonly (keyof ForecastOptions)[] = [
  ...(['batchSize', 'rho', 'kappa', 'anchors', 'sampler', 'by', 'perClass'] as const),
  ...(['encoding', 'attributes', 'eta', 'imbalance', 'alpha', 'batches', 'seed', 'remedies'] as const),
];

/** Work for drawn batches, as `batchesFor` counts it: about half a second, if that is from 10,000 to 100,000 batches. */
const WORK = 3e7;

/**
 * Forecasts what CRL will find in the batches of a training set: how often each class will be a surviving
 * minority (Eq. 3), how many anchors and triplets there will be, and how many batches will have none.
 *
 * Plain batches of samples with one class per attribute have exact answers, in closed form for two classes and by
 * a dynamic programme for more, as long as that takes about half a second. Where samples have several labels, where
 * the programme would take longer, and for class-aware batches, batches are drawn with a seed, and every estimate
 * has a standard error. An exact estimate has the standard error 0.
 *
 * @param data - class counts of one attribute, h_k by class index; or labels as the loss takes them: n×J class
 * indices, −1 or null unlabelled, or n×S of 0 and 1 for the encodings `multi-label` and `one-attribute`
 * @throws InputTypeError, InputRangeError - naming the option, the count or the label
 * @example
 * ```ts
 * import { forecast } from 'class-rectification/forecast';
 * const { classes, nothing, alpha } = forecast([900, 90, 10], { batchSize: 32 });
 * classes.map(({ share }) => share.value.toFixed(3)); // → ['0.000', '0.801', '0.038']
 * nothing.value.toFixed(3); // → '0.190'
 * alpha.toFixed(4); // → '0.0063'
 * ```
 */
export function forecast(data: Counts | Matrix<number | null>, options: ForecastOptions): Forecast {
  if (typeof options !== 'object' || options === null)
    wrongType('wrong-type', 'options', 'an object with batchSize', options);
  refuseUnknownFields(options, OPTIONS);
  const set = setOf(data, options);
  const settings = readSettings(set, options);
  const { schema, size, counts } = set;
  const { batchSize, rho, kappa, sampler, batches, seed } = settings;
  const { attributes } = schema;
  const exact =
    sampler.kind === 'plain'
      ? attributes.map((_, j) => {
          const plain = plainBatches(set, j, batchSize, settings);
          return plain && exactMoments(plain);
        })
      : attributes.map(() => undefined);
  const draw = drawnBatches(set, sampler, batchSize, seed);
  const whole = exact.every((moments) => moments !== undefined);
  const drawn = whole ? undefined : drawnMoments(set, draw, batches, settings);
  const joint = whole && attributes.length > 1;
  const nothing = joint
    ? drawnNothing(set, draw, batches, rho)
    : (drawn?.nothing ?? { value: exact[0]?.nothing ?? 0, standardError: 0 });
  const classes = schema.columns.map(({ attribute: j, class: k }, column): ClassForecast => {
    const { name, classes: names } = attributes[j] as (typeof attributes)[number];
    const own = `${names[k]}`;
    return {
      attribute: j,
      class: k,
      name: attributes.length === 1 ? own : `${name}=${own}`,
      count: counts[j]?.[k] as number,
      ...classForecast(exact[j]?.classes[k], drawn, column),
    };
  });
  const moments = schema.columns.map(
    ({ attribute: j, class: k }, column) => (exact[j]?.classes[k] ?? drawn?.classes[column]) as ClassMoments,
  );
  const sum = (key: keyof ClassMoments) => moments.reduce((total, its) => total + its[key], 0);
  const perAnchor = (key: 'positives' | 'negatives') =>
    sum('anchors') > 0 ? sum(key) / sum('anchors') : null;
  const { eta = DEFAULT_ETA, alpha } = options;
  const omega = alpha === undefined ? imbalance(counts, options.imbalance) : null;
  return {
    ...{ samples: size, batchSize, rho, kappa, sampler, encoding: schema.encoding },
    batches: drawn || joint ? batches : 0,
    seed,
    classes,
    anchors: drawn?.anchors ?? { value: sum('anchors'), standardError: 0 },
    triplets: drawn?.triplets ?? { value: sum('triplets'), standardError: 0 },
    nothing,
    positives: perAnchor('positives'),
    negatives: perAnchor('negatives'),
    omega,
    eta: alpha === undefined ? eta : null,
    alpha: omega === null ? readAlpha(alpha as number) : rectificationWeight(omega, eta),
    remedies: options.remedies === false ? null : remediesOf(set, classes, settings),
  };
}

function classForecast(
  exact: AttributeMoments['classes'][number] | undefined,
  drawn: DrawnMoments | undefined,
  column: number,
): Omit<ClassForecast, 'attribute' | 'class' | 'name' | 'count'> {
  const moments = (exact ?? drawn?.classes[column]) as ClassMoments;
  const error = (key: 'share' | 'anchors' | 'triplets') =>
    exact ? 0 : (drawn?.errors[column]?.[key] as number);
  const estimate = (key: 'share' | 'anchors' | 'triplets'): Estimate => ({
    value: moments[key],
    standardError: error(key),
  });
  const perAnchor = (key: 'positives' | 'negatives') =>
    moments.anchors > 0 ? moments[key] / moments.anchors : null;
  return {
    share: estimate('share'),
    anchors: estimate('anchors'),
    triplets: estimate('triplets'),
    positives: perAnchor('positives'),
    negatives: perAnchor('negatives'),
  };
}

function remediesOf(
  set: TrainingSet,
  classes: readonly ClassForecast[],
  settings: Settings,
): Forecast['remedies'] {
  const columns = minableColumns(set, settings.rho);
  return {
    batchSize: {
      classes: columns.length,
      mined: columns.filter((c) => (classes[c] as ClassForecast).share.value >= MINED).length,
      ...batchSizeRemedy(set, columns, settings),
    },
    classAware: classAwareRemedy(set, columns, settings.batchSize, settings) ?? null,
  };
}

function setOf(data: Counts | Matrix<number | null>, options: ForecastOptions): TrainingSet {
  if (ArrayBuffer.isView(data)) return countedSet([...(data as Counts & Iterable<number>)], options);
  if (Array.isArray(data) && (data.length === 0 || typeof data[0] === 'number'))
    return countedSet(data as readonly number[], options);
  if (typeof data !== 'object' || data === null)
    wrongType('wrong-type', 'data', 'class counts, or rows of labels', data);
  return labelledSet(data as Matrix<number | null>, options);
}

interface Settings extends Mining {
  readonly batchSize: number;
  readonly rho: number;
  readonly sampler: Sampler;
  readonly batches: number;
  readonly seed: number;
}

function readSettings(set: TrainingSet, options: ForecastOptions): Settings {
  const { batchSize, sampler = 'plain', by = 'class', perClass = 1, seed = 0 } = options;
  const given = Object.fromEntries(
    (['rho', 'kappa', 'anchors'] as const)
      .filter((name) => options[name] !== undefined)
      .map((name) => [name, options[name]]),
  );
  const { rho, kappa, anchors } = resolveOptions(set.schema, given);
  const most = sampler === 'plain' ? set.size : Number.MAX_SAFE_INTEGER;
  whole('batchSize', batchSize, 1, most, sampler === 'plain' ? ', the samples of the training set' : '');
  if (sampler !== 'plain' && sampler !== 'class-aware')
    outOfRange('option-out-of-range', 'options.sampler', 'plain | class-aware', sampler);
  if (by !== 'class' && by !== 'sample')
    outOfRange('option-out-of-range', 'options.by', 'class | sample', by);
  whole('perClass', perClass, 1, batchSize, ', the batch size');
  if (sampler === 'plain' && (options.by !== undefined || options.perClass !== undefined)) {
    const name = options.by === undefined ? 'perClass' : 'by';
    outOfRange('option-out-of-range', `options.${name}`, 'none with sampler plain', options[name]);
  }
  const usual = batchesFor(set, batchSize, WORK, 10_000, 100_000);
  const batches = whole('batches', options.batches ?? usual, 2, Number.MAX_SAFE_INTEGER);
  whole('seed', seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  return {
    ...{ batchSize, rho, kappa, anchors, batches, seed },
    sampler: sampler === 'plain' ? { kind: sampler } : { kind: sampler, by, perClass },
  };
}

function whole(name: string, value: number, least: number, most: number, why = ''): number {
  const expected =
    most === Number.MAX_SAFE_INTEGER ? `an integer ≥ ${least}` : `an integer from ${least} to ${most}${why}`;
  if (typeof value !== 'number') wrongType('wrong-type', `options.${name}`, expected, value);
  if (!Number.isSafeInteger(value) || value < least || value > most)
    outOfRange('option-out-of-range', `options.${name}`, expected, value);
  return value;
}
