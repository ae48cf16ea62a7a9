/**
 * Several losses, several seeds, one config: each run in a folder of its own, and none done twice.
 *
 * @module
 */
import { join } from 'node:path';
import { type Interval, interval } from '../support/interval.js';
import { readTrainConfigs, type TrainConfig } from './config/config.js';
import { ConfigError } from './config/problems.js';
import type { Evaluation } from './evaluate.js';
import type { RunResult } from './run-folder.js';

/** A metric that is compared. */
export type ComparedMetric = keyof typeof COMPARED;

/** What of a set is compared. */
export type Judged = Omit<Evaluation, 'images' | 'confusion'>;

/** What is compared, all of them better when larger. */
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

/**
 * The runs of a comparison, seed by seed, so that one that is cut off has as many of each.
 *
 * @param given - a config with `runs`, a list of `{ name, … }` that replace what the config says, and `seeds`,
 * a number or a list of them; `losses` by name are runs of that loss alone
 * @throws ConfigError - the mistakes of all runs at once
 */
export function planComparison(
  given: Raw,
  choices: { readonly losses?: readonly string[]; readonly seeds?: number } = {},
): PlannedRun[] {
  const { runs: own, seeds: ownSeeds, ...base } = given;
  const runs: unknown = choices.losses?.map((loss) => ({ name: loss, loss })) ?? own;
  const seeds = seedsOf(choices.seeds ?? ownSeeds ?? 3, base.seed);
  const names = namesOf(runs);
  const planned = seeds.flatMap((seed) =>
    (runs as Raw[]).map((run, at) => {
      const { name: _, ...changes } = run;
      const out = join(String(base.out), names[at] as string, `seed-${seed}`);
      const config = { ...base, ...changes, seed, ...(base.out !== undefined && { out }) };
      return { name: names[at] as string, seed, config, path: `runs[${at}]` };
    }),
  );
  const configs = readTrainConfigs(planned);
  return planned.map(({ name, seed }, at) => ({ name, seed, config: configs[at] as TrainConfig }));
}

function seedsOf(given: unknown, first: unknown): number[] {
  if (Number.isSafeInteger(given) && (given as number) >= 1)
    return Array.from({ length: given as number }, (_, at) => at + (typeof first === 'number' ? first : 1));
  const whole = (seed: unknown) => Number.isSafeInteger(seed) && (seed as number) >= 0;
  if (Array.isArray(given) && given.length > 0 && given.every(whole) && new Set(given).size === given.length)
    return given;
  throw new ConfigError([
    { path: 'seeds', expected: 'how many, or a list of seeds, each once', got: JSON.stringify(given) },
  ]);
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
      : [{ path: `runs[${at}].name`, expected: 'a name of its own, of letters, digits, . _ -', got }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return runs.map(({ name }) => name);
}

/** A finished run of a comparison. */
export interface FinishedRun extends Omit<PlannedRun, 'config'> {
  readonly result: Pick<RunResult, 'seconds'> & { readonly validation: Judged; readonly test?: Judged };
}

/** One entry of a comparison. */
export interface ComparedEntry {
  readonly name: string;
  /** Over the seeds; null where a metric has nothing to judge in some seed. */
  readonly metrics: Readonly<Record<ComparedMetric, Interval | null>>;
  /** Of the same seeds, less the first entry's; null for the first. */
  readonly differences: Readonly<Record<ComparedMetric, Interval | null>> | null;
  readonly seconds: number;
}

/** What a comparison found. */
export interface Comparison {
  /** Test sets where there are any, else validation sets. */
  readonly on: 'test' | 'validation';
  readonly seeds: readonly number[];
  readonly entries: readonly ComparedEntry[];
}

/** Puts finished runs side by side: all names with the same seeds. */
export function compareRuns(runs: readonly FinishedRun[]): Comparison {
  const on = runs.every(({ result }) => result.test !== undefined) ? 'test' : 'validation';
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const names = [...new Set(runs.map(({ name }) => name))];
  const values = (name: string, metric: ComparedMetric) =>
    seeds.map((seed) => {
      const { result } = runs.find((run) => run.name === name && run.seed === seed) as FinishedRun;
      return COMPARED[metric](result[on] as Judged);
    });
  const each = (of: (metric: ComparedMetric) => readonly (number | null)[]) =>
    Object.fromEntries(
      (Object.keys(COMPARED) as ComparedMetric[]).map((metric) => {
        const found = of(metric);
        return [metric, found.every((value) => value !== null) ? interval(found as number[]) : null];
      }),
    ) as Record<ComparedMetric, Interval | null>;
  const [first] = names as [string];
  const entries = names.map((name) => ({
    name,
    metrics: each((metric) => values(name, metric)),
    differences:
      name === first
        ? null
        : each((metric) => {
            const reference = values(first, metric);
            return values(name, metric).map((value, at) => {
              const other = reference[at] ?? null;
              return value === null || other === null ? null : value - other;
            });
          }),
    seconds: runs.filter((run) => run.name === name).reduce((sum, { result }) => sum + result.seconds, 0),
  }));
  return { on, seeds, entries };
}
