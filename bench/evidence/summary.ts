/**
 * Sums up the finished runs of a study.
 *
 * @module
 */
import { mean } from '../../src/support/interval.js';
import { type ComparedEntry, compareRuns, type FinishedRun, type Judged } from '../../src/train/compare.js';
import { type Chosen, choose } from './choose.js';
import { BATCHES, type Changes, type Method, methodsOf, type Study, SWEEP_SEEDS } from './plan.js';
import type { EvidenceRun, StudyResults } from './results.js';
import { METHODS_OF_BATCHES, validationScore } from './runs.js';

/** A method with its chosen values. */
export interface SummaryRow extends ComparedEntry {
  readonly family: Method['family'];
  readonly chosen: Chosen;
  /** Its score on the validation sets of the sweep. */
  readonly validation: number;
}

/** A method without a row, and the reason. */
export interface Unfinished {
  readonly name: string;
  readonly reason: string;
}

/** A batch size and a sampling, with the results of both methods. */
export interface BatchRow {
  readonly batches: string;
  readonly entries: readonly ComparedEntry[];
}

/** The summary of a study. */
export interface Summary {
  readonly study: Study;
  readonly counts: readonly number[];
  readonly machine: StudyResults['machine'];
  readonly runs: number;
  readonly seeds: readonly number[];
  readonly rows: readonly SummaryRow[];
  readonly unfinished: readonly Unfinished[];
  readonly batches: readonly BatchRow[];
}

/** Sums up the finished runs; trains nothing. */
export async function summarise(
  study: Study,
  results: StudyResults,
  seeds: readonly number[],
): Promise<Summary> {
  const rows: Omit<SummaryRow, keyof ComparedEntry>[] = [];
  const finished: FinishedRun[] = [];
  const unfinished: Unfinished[] = [];
  for (const { name, family, ...method } of methodsOf(study)) {
    const found = await chosenOf(study, results, { name, family, ...method });
    const runs = found && seeds.map((seed) => results.find(found.changes, seed));
    const reason = found === undefined ? 'not swept yet' : missing(runs ?? [], seeds);
    if (found === undefined || reason !== undefined) unfinished.push({ name, reason: String(reason) });
    else {
      const scores = SWEEP_SEEDS.map((seed) => results.find(found.changes, seed)).map(
        (run) => (run && validationScore(study, run)) ?? Number.NEGATIVE_INFINITY,
      );
      rows.push({ family, chosen: found, validation: mean(scores) });
      finished.push(...asFinished(name, runs as readonly EvidenceRun[]));
    }
  }
  const entries = finished.length > 0 ? compareRuns(finished).entries : [];
  const { runs, counts, machine } = results;
  return {
    study,
    counts,
    machine,
    runs: runs.length,
    seeds,
    rows: entries.map((entry, at) => ({ ...entry, ...(rows[at] as (typeof rows)[number]) })),
    unfinished,
    batches: study.batches ? batchRows(results, entries, rows, seeds) : [],
  };
}

/**
 * Repeats the choice of the sweep from its finished runs. Where a grid has not grown to its end yet, it is the choice
 * from the grid as it began; undefined if that is not finished either.
 */
async function chosenOf(study: Study, results: StudyResults, method: Method): Promise<Chosen | undefined> {
  const axes = method.axes.map(({ path, values }) => ({ path, values }));
  return (
    (await chosenFrom(study, results, method)) ?? (await chosenFrom(study, results, { ...method, axes }))
  );
}

async function chosenFrom(study: Study, results: StudyResults, method: Method): Promise<Chosen | undefined> {
  let whole = true;
  const chosen = await choose(method, async (changes, seed) => {
    const run = results.find(changes, seed);
    if (!run) whole = false;
    return run ? validationScore(study, run) : null;
  });
  return whole ? chosen : undefined;
}

function missing(runs: readonly (EvidenceRun | undefined)[], seeds: readonly number[]): string | undefined {
  const failed = runs.find((run) => run?.failure !== undefined);
  if (failed) return `seed ${failed.seed}: ${failed.failure}`;
  const done = runs.filter((run) => run !== undefined).length;
  return done < seeds.length ? `${done} of ${seeds.length} seeds are done` : undefined;
}

function asFinished(name: string, runs: readonly EvidenceRun[]): FinishedRun[] {
  return runs.map(({ seed, seconds, validation, test }) => ({
    name,
    seed,
    result: { seconds, validation: validation as NonNullable<typeof validation>, ...(test && { test }) },
  }));
}

function batchRows(
  results: StudyResults,
  entries: readonly ComparedEntry[],
  rows: readonly Pick<SummaryRow, 'chosen'>[],
  seeds: readonly number[],
): BatchRow[] {
  const changesOf = (name: string): Changes | undefined =>
    rows[entries.findIndex((entry) => entry.name === name)]?.chosen.changes;
  return [{ name: 'as above', changes: {} }, ...BATCHES].flatMap(({ name: batches, changes }) => {
    const finished = METHODS_OF_BATCHES.flatMap((method) => {
      const own = changesOf(method);
      if (!own) return [];
      const runs = seeds.map((seed) => results.find({ ...own, ...changes }, seed));
      return missing(runs, seeds) === undefined ? asFinished(method, runs as EvidenceRun[]) : [];
    });
    if (finished.length < METHODS_OF_BATCHES.length * seeds.length) return [];
    return [{ batches, entries: compareRuns(finished).entries }];
  });
}

/** The paper's own choice of level and comparison: one method, with a rival's number of settings. */
export const PAPER_METHOD = 'CRL, class, relative';

/** A claim of the paper, and the result of this study. */
export interface Claim {
  readonly text: string;
  /** The two methods that are compared. */
  readonly first: string;
  readonly second: string;
  /** The first minus the second, by seed. */
  readonly leads: readonly number[];
}

/** The claims of the paper that can be tested. Of several methods, the best on the validation sets is compared. */
export function claims({ study, seeds, rows }: Summary, results: StudyResults): Claim[] {
  const best = (...families: readonly Method['family'][]) =>
    rows
      .filter(({ family }) => families.includes(family))
      .reduce<SummaryRow | undefined>((a, b) => (a && a.validation >= b.validation ? a : b), undefined);
  const claim = (text: string, first?: SummaryRow, second?: SummaryRow, of = metricOf(study)): Claim[] => {
    if (!first || !second) return [];
    const values = (row: SummaryRow) =>
      seeds.map((seed) => of(results.find(row.chosen.changes, seed)?.test as Judged));
    const [own, others] = [values(first), values(second)];
    if ([...own, ...others].includes(null)) return []; // for example, there is no few-shot class
    const leads = own.map((value, at) => (value as number) - (others[at] as number));
    return [{ text, first: first.name, second: second.name, leads }];
  };
  const crl = best('class level', 'instance level');
  const [entropy, rival] = [best('entropy'), best('rival')];
  const named = (wanted: string) => rows.find(({ name }) => name === wanted);
  const paper = named(PAPER_METHOD);
  const tail = ({ shots: { few, many } }: Judged) => (few === null || many === null ? null : few - many);
  return [
    ...claim('CRL is better than cross entropy', crl, entropy),
    ...claim('and gains more on few-shot than on many-shot classes', crl, entropy, tail),
    ...claim('class level is better than instance level', best('class level'), best('instance level')),
    ...claim('CRL is better than the best rival', crl, rival),
    ...claim('CRL as the paper has it is better than the best rival', paper, rival),
    ...claim('CRL adds to logit adjustment', named('CRL, logit-adjusted'), named('logit-adjusted')),
    ...claim(
      'CRL adds to post-hoc logit adjustment',
      named('CRL, post-hoc logit-adjusted'),
      named('post-hoc logit-adjusted'),
    ),
  ];
}

function metricOf({ metric }: Study): (judged: Judged) => number | null {
  return (judged) => judged[metric];
}
