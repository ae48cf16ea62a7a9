/**
 * Several losses with several seeds from one config: each run has its own folder, and none is repeated.
 *
 * @module
 */
import { join } from 'node:path';
import { shown } from '../../spec/errors.js';
import { type Interval, interval } from '../support/interval.js';
import { readTrainConfigs, type TrainConfig } from './config/config.js';
import { lossOptions } from './config/loss-config.js';
import { ConfigError } from './config/problems.js';
import type { Evaluation } from './evaluate.js';
import type { RunResult } from './run-folder.js';

/** A metric that is compared. */
export type ComparedMetric = keyof typeof COMPARED;

/** The metrics of a set that are compared. */
export type Judged = Omit<Evaluation, 'images' | 'confusion'>;

/** The metrics by name; all of them are better when larger. */
export const COMPARED = {
  'class-balanced accuracy': (of: Judged) => of.balancedAccuracy,
  'geometric mean': (of: Judged) => of.geometricMean,
  'macro F1': (of: Judged) => of.macroF1,
  mAP: (of: Judged) => of.meanAveragePrecision,
  'many-shot': (of: Judged) => of.shots.many,
  'medium-shot': (of: Judged) => of.shots.medium,
  'few-shot': (of: Judged) => of.shots.few,
} as const;

/** A run of a comparison. */
export interface PlannedRun {
  readonly name: string;
  readonly seed: number;
  readonly config: TrainConfig;
}

type Raw = Readonly<Record<string, unknown>>;

/** What a comparison is planned by, besides its config. */
export interface ComparisonChoices {
  /** Losses by name: a run of each. Default: the `runs` of the config. */
  readonly losses?: readonly string[];
  /** How many seeds. Default: the `seeds` of the config, else 3. */
  readonly seeds?: number;
  /** Options of losses: each reaches the losses that have it. */
  readonly lossOptions?: Raw;
  /** Fields of the config that were set by flags, and that no run may set too. */
  readonly flagged?: readonly string[];
}

/**
 * The runs of a comparison, seed by seed, so that a comparison that is cut off has the same seeds of each loss.
 *
 * @param given - a config with `runs`, a list of `{ name, … }` that replace fields of the config, and `seeds`,
 * a number or a list of them; with `losses` by name, runs of those losses, each with the options of the config's
 * loss that it has
 * @throws ConfigError - the mistakes of all runs at once; an option that no loss has, and a field that would be
 * set twice
 */
export function planComparison(given: Raw, choices: ComparisonChoices = {}): PlannedRun[] {
  const { runs: own, seeds: ownSeeds, ...base } = given;
  const { losses, flagged = [] } = choices;
  const runs: unknown = losses?.map((name) => ({ name })) ?? own;
  const seeds = seedsOf(choices.seeds ?? ownSeeds ?? 3, base.seed, flagged.includes('seed'));
  const names = losses ? namesOfLosses(losses) : namesOf(runs);
  refuseSetTwice(runs as readonly Raw[], choices);
  const chosen = lossesOf(runs as readonly Raw[], base, choices);
  const planned = seeds.flatMap((seed) =>
    (runs as readonly Raw[]).map((run, at) => {
      const { name: _, ...changes } = run;
      const out = join(String(base.out), names[at] as string, `seed-${seed}`);
      const loss = chosen[at];
      const config = {
        ...base,
        ...changes,
        ...(loss !== undefined && { loss }),
        seed,
        ...(base.out !== undefined && { out }),
      };
      return { name: names[at] as string, seed, config, path: `runs[${at}]` };
    }),
  );
  const configs = readTrainConfigs(planned);
  return planned.map(({ name, seed }, at) => ({ name, seed, config: configs[at] as TrainConfig }));
}

/** The loss of each run, with the options that reach it. */
function lossesOf(
  runs: readonly Raw[],
  base: Raw,
  { losses, lossOptions: flags = {} }: ComparisonChoices,
): unknown[] {
  const asObject = (loss: unknown): Raw =>
    typeof loss === 'string' ? { kind: loss } : ((loss ?? { kind: 'crl' }) as Raw);
  const { kind: _, ...ofConfig } = asObject(base.loss);
  // a loss by name takes the options of the config's loss that it has; an entry of `runs` has its own loss
  const asked = losses ? { ...ofConfig, ...flags } : flags;
  const chosen = losses
    ? losses.map((kind): Raw => ({ kind }))
    : runs.map((run) => (run.loss ?? base.loss) as unknown);
  const kinds = chosen.map((loss) => asObject(loss).kind);
  const unused = Object.keys(asked).filter((name) => !kinds.some((kind) => lossOptions(kind).includes(name)));
  if (unused.length > 0) {
    const known = [...new Set(kinds)].map(
      (kind) => `${kind} (${lossOptions(kind).join(', ') || 'no options'})`,
    );
    throw new ConfigError(
      unused.map((name) => ({
        path: `loss.${name}`,
        expected: `an option that one of the losses has: ${known.join(', ')}`,
        got: shown(asked[name]),
      })),
    );
  }
  return chosen.map((loss, at) => {
    const its = Object.entries(asked).filter(([name]) => lossOptions(kinds[at]).includes(name));
    return its.length === 0 ? loss : { ...asObject(loss), ...Object.fromEntries(its) };
  });
}

/** A flag and a run that set the same field: whichever wins, the other would be dropped silently. */
function refuseSetTwice(runs: readonly Raw[], { losses, flagged = [] }: ComparisonChoices): void {
  if (losses && flagged.includes('loss'))
    throw new ConfigError([
      { path: '--loss', expected: 'no value together with --losses', got: losses.join(',') },
    ]);
  const problems = runs.flatMap((run, at) =>
    Object.keys(run).flatMap((name) => {
      const path = `runs[${at}].${name}`;
      const got = shown(run[name]);
      if (name === 'seed' || name === 'out')
        return [{ path, expected: `none: a comparison gives each run its ${name}`, got }];
      return flagged.includes(name)
        ? [{ path, expected: 'no value together with the flag that sets it', got }]
        : [];
    }),
  );
  if (problems.length > 0) throw new ConfigError(problems);
}

function seedsOf(given: unknown, first: unknown, isFlag: boolean): number[] {
  if (Number.isSafeInteger(given) && (given as number) >= 1)
    return Array.from({ length: given as number }, (_, at) => at + (typeof first === 'number' ? first : 1));
  const whole = (seed: unknown) => Number.isSafeInteger(seed) && (seed as number) >= 0;
  if (
    Array.isArray(given) &&
    given.length > 0 &&
    given.every(whole) &&
    new Set(given).size === given.length
  ) {
    if (isFlag)
      throw new ConfigError([
        { path: '--seed', expected: 'no value together with a list of seeds', got: shown(first) },
      ]);
    return given;
  }
  throw new ConfigError([
    { path: 'seeds', expected: 'how many, or a list of seeds, each once', got: shown(given) },
  ]);
}

function namesOfLosses(losses: readonly string[]): readonly string[] {
  const path = '--losses';
  const repeated = losses.find((name, at) => losses.indexOf(name) !== at);
  if (losses.length < 2)
    throw new ConfigError([{ path, expected: 'at least two losses by name', got: losses.join(',') }]);
  if (repeated !== undefined) {
    const expected = `each loss once: runs of ${repeated} with other options need a config with runs`;
    throw new ConfigError([{ path, expected, got: losses.join(',') }]);
  }
  return losses;
}

function namesOf(runs: unknown): string[] {
  const expected = 'a list of at least two { name, … }, or losses by name';
  if (!Array.isArray(runs) || runs.length < 2)
    throw new ConfigError([{ path: 'runs', expected, got: JSON.stringify(runs) ?? 'nothing' }]);
  const seen = new Set<string>();
  const problems = runs.flatMap((run, at) => {
    const name = Object(run).name;
    // a folder of the comparison has this name
    const fits = typeof name === 'string' && /^[\w.-]+$/.test(name) && !/^\.+$/.test(name) && !seen.has(name);
    seen.add(name);
    const got = JSON.stringify(name) ?? 'nothing';
    return fits
      ? []
      : [
          {
            path: `runs[${at}].name`,
            expected: 'a name that no other run has, of letters, digits, . _ -',
            got,
          },
        ];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return runs.map(({ name }) => name);
}

/** A finished run of a comparison. */
export interface FinishedRun extends Omit<PlannedRun, 'config'> {
  readonly result: Pick<RunResult, 'seconds'> & { readonly validation: Judged; readonly test?: Judged };
}

/** A run whose loss became NaN or infinite. */
export interface DivergedRun extends Omit<PlannedRun, 'config'> {
  readonly message: string;
}

/** One entry of a comparison. */
export interface ComparedEntry {
  readonly name: string;
  /** Seeds whose run is finished. */
  readonly seeds: readonly number[];
  /** Over the seeds; null where a metric has nothing to judge in some seed. */
  readonly metrics: Readonly<Record<ComparedMetric, Interval | null>>;
  /** Minus the first entry's, over the seeds that both have; null for the first. */
  readonly differences: Readonly<Record<ComparedMetric, Interval | null>> | null;
  readonly seconds: number;
}

/** What a comparison found. */
export interface Comparison {
  /** Test sets where there are any, else validation sets. */
  readonly on: 'test' | 'validation';
  readonly seeds: readonly number[];
  readonly entries: readonly ComparedEntry[];
  /** Runs that are not among them. */
  readonly diverged: readonly DivergedRun[];
}

/** Compares finished runs, seed by seed where runs of the same seed are finished. */
export function compareRuns(runs: readonly FinishedRun[], diverged: readonly DivergedRun[] = []): Comparison {
  const on = runs.every(({ result }) => result.test !== undefined) ? 'test' : 'validation';
  const all = [...runs, ...diverged];
  const seeds = [...new Set(all.map(({ seed }) => seed))].sort((a, b) => a - b);
  const names = [...new Set(all.map(({ name }) => name))];
  const found = (name: string, seed: number) =>
    runs.find((run) => run.name === name && run.seed === seed)?.result[on];
  /** A value per seed, if all of them are known. */
  const each = (itsSeeds: readonly number[], of: (metric: ComparedMetric, seed: number) => number | null) =>
    Object.fromEntries(
      (Object.keys(COMPARED) as ComparedMetric[]).map((metric) => {
        const values = itsSeeds.map((seed) => of(metric, seed)).filter((value) => value !== null);
        return [metric, values.length > 0 && values.length === itsSeeds.length ? interval(values) : null];
      }),
    ) as Record<ComparedMetric, Interval | null>;
  const [first] = names as [string];
  const entries = names.map((name) => {
    const own = seeds.filter((seed) => found(name, seed) !== undefined);
    const shared = own.filter((seed) => found(first, seed) !== undefined);
    const value = (its: string, metric: ComparedMetric, seed: number) =>
      COMPARED[metric](found(its, seed) as Judged);
    return {
      name,
      seeds: own,
      metrics: each(own, (metric, seed) => value(name, metric, seed)),
      differences:
        name === first
          ? null
          : each(shared, (metric, seed) => {
              const [its, reference] = [value(name, metric, seed), value(first, metric, seed)];
              return its === null || reference === null ? null : its - reference;
            }),
      seconds: runs.filter((run) => run.name === name).reduce((sum, { result }) => sum + result.seconds, 0),
    };
  });
  return { on, seeds, entries, diverged };
}
