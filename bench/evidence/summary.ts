/**
 * Sums up the finished runs of a study.
 *
 * @module
 */
import { mean } from '../../src/support/interval.js';
import { type ComparedEntry, compareRuns, type FinishedRun, type Judged } from '../../src/train/compare.js';
import { BATCHES } from './batches.js';
import { type Chosen, choose } from './choose.js';
import { begun, METHODS_OF_BATCHES, methodsOf, PAPER_METHOD } from './methods.js';
import { type Changes, laterSeeds, type Method, type Study, SWEEP_SEEDS } from './plan.js';
import type { EvidenceRun, StudyResults } from './results.js';
import { validationScore } from './runs.js';

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
  const settled = new Map<string, Changes>();
  for (const method of methodsOf(study)) {
    const { name, family, after } = method;
    const waits = after !== undefined && !settled.has(after);
    const found = waits ? undefined : await chosenOf(study, results, begun(method, settled));
    if (found) settled.set(name, found.changes);
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

/** A claim of the paper, and the result of this study. */
export interface Claim {
  readonly text: string;
  /** The two methods that are compared. */
  readonly first: string;
  readonly second: string;
  /** The first minus the second, by seed of the first look. */
  readonly leads: readonly number[];
  /** Those of the second look, if all of its trainings are finished. */
  readonly later?: readonly number[];
}

/** Picks the best row on the validation sets: of the methods of these names, or of these families. */
interface Rows {
  readonly named: (...names: string[]) => SummaryRow | undefined;
  readonly best: (...families: readonly Method['family'][]) => SummaryRow | undefined;
}

/** The difference in recall between rare and frequent classes; null where there are none of either. */
const tail = ({ shots: { few, many } }: Judged) => (few === null || many === null ? null : few - many);

/** A claim with the two rows that it compares. Of several methods, the best on the validation sets is compared. */
interface ClaimOfRows {
  readonly text: string;
  readonly sides: (rows: Rows) => readonly [SummaryRow | undefined, SummaryRow | undefined];
  /** What is compared. Default: the metric of the study. */
  readonly of?: (judged: Judged) => number | null;
}

const IN_ORDER = [
  {
    text: 'CRL is better than cross entropy',
    sides: ({ best }) => [best('class level', 'instance level'), best('entropy')],
  },
  {
    text: 'and gains more on few-shot than on many-shot classes',
    sides: ({ best }) => [best('class level', 'instance level'), best('entropy')],
    of: tail,
  },
  {
    text: 'class level is better than instance level',
    sides: ({ best }) => [best('class level'), best('instance level')],
  },
  {
    text: 'CRL is better than the best rival',
    sides: ({ best }) => [best('class level', 'instance level'), best('rival')],
  },
  {
    text: 'CRL as in the paper is better than the best rival',
    sides: ({ named, best }) => [named(PAPER_METHOD), best('rival')],
  },
  {
    text: 'CRL adds to logit adjustment',
    sides: ({ named }) => [
      named('CRL, logit-adjusted', 'CRL, instance, logit-adjusted'),
      named('logit-adjusted'),
    ],
  },
  {
    text: 'CRL adds to post-hoc logit adjustment',
    sides: ({ named }) => [named('CRL, post-hoc logit-adjusted'), named('post-hoc logit-adjusted')],
  },
  {
    text: 'easy anchors add to CRL as in the paper',
    sides: ({ named }) => [named(`${PAPER_METHOD}, easy anchors`), named(PAPER_METHOD)],
  },
  {
    text: 'easy anchors with DCL’s falling weight are better than all anchors at instance level',
    sides: ({ named }) => [
      named('CRL, instance, relative, easy anchors, falling weight'),
      named('CRL, instance, relative'),
    ],
  },
  {
    text: 'CRL adds to a tuned cross entropy',
    sides: ({ named }) => [named(`${PAPER_METHOD}, tuned`), named('cross entropy, tuned')],
  },
  {
    text: 'CRL adds to a tuned logit adjustment',
    sides: ({ named }) => [named('CRL, instance, logit-adjusted, tuned'), named('logit-adjusted, tuned')],
  },
] as const satisfies readonly ClaimOfRows[];

/** The text of a claim, by which it is found. */
export type ClaimText = (typeof IN_ORDER)[number]['text'];

/** The claims, in the order of the table. */
export const CLAIMS: readonly ClaimOfRows[] = IN_ORDER;

/** The claims that the finished runs of a study can test. */
export function claims({ study, seeds, rows }: Summary, results: StudyResults): Claim[] {
  const bestOf = (wanted: (row: SummaryRow) => boolean) =>
    rows
      .filter(wanted)
      .reduce<SummaryRow | undefined>((a, b) => (a && a.validation >= b.validation ? a : b), undefined);
  const picks: Rows = {
    named: (...names) => bestOf(({ name }) => names.includes(name)),
    best: (...families) => bestOf(({ family }) => families.includes(family)),
  };
  return CLAIMS.flatMap(({ text, sides, of = metricOf(study) }) => {
    const [first, second] = sides(picks);
    if (!first || !second) return [];
    const leadsOf = (wanted: readonly number[]): readonly number[] | undefined => {
      const leads = wanted.map((seed) => {
        const [own, other] = [first, second].map(({ chosen }) => {
          const test = results.find(chosen.changes, seed)?.test;
          return test ? of(test) : null;
        }) as [number | null, number | null];
        return own === null || other === null ? Number.NaN : own - other;
      });
      return leads.includes(Number.NaN) ? undefined : leads;
    };
    const [leads, later] = [leadsOf(seeds), leadsOf(laterSeeds(seeds))];
    if (!leads) return []; // for example, there is no few-shot class
    return [{ text, first: first.name, second: second.name, leads, ...(later && { later }) }];
  });
}

function metricOf({ metric }: Study): (judged: Judged) => number | null {
  return (judged) => judged[metric];
}
