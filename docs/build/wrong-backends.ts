/**
 * Runs every wrong backend against the property that must catch it, for twenty seeds, and writes the
 * table. All backends are run for one seed before the next, so that a run which is stopped has treated
 * them alike. In the end the counterexamples of the first seeds are made smaller, which takes longer.
 *
 * `npm run wrong-backends` resumes where an earlier run stopped; `npm run wrong-backends -- --fresh`
 * starts over, as it must after a change of what the suite draws, `-- --caught-by PROPERTY` runs only the
 * backends of one property, and `-- --page` only writes the page again. Results go to
 * docs/results/wrong-backends.json as they come, and docs/wrong-backends.md is made from them.
 *
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_RUNS, properties } from '../../properties/index.js';
import { judge } from '../../properties/judge.js';
import { KeptCases } from '../../properties/kept-cases.js';
import type { Property } from '../../properties/property.js';
import { type WrongBackend, wrongBackends } from '../../properties/wrong-backends/index.js';
import { writeWhole } from '../../src/support/write-whole.js';

const docs = resolve(import.meta.dirname, '..');
const RESULTS = join(docs, 'results/wrong-backends.json');
const PAGE = join(docs, 'wrong-backends.md');
/** Consecutive seeds, so that none is picked because it happens to catch an error. */
export const SEEDS = Array.from({ length: 20 }, (_, at) => at + 1);

/** The seeds whose counterexamples are made smaller, which takes longer than finding them. */
const SHRUNK = 3;

/** The result of one seed. */
interface Caught {
  readonly verdict: string;
  /** Cases run until the error was caught, the failing one included. */
  readonly cases: number;
  /** Samples in the smallest failing batch; undefined if it was not made smaller. */
  readonly samples?: number;
}

/** By the backend's id, then by seed. */
type Results = Record<string, Record<string, Caught>>;

async function run(fresh: boolean, property?: string): Promise<void> {
  const asked = wrongBackends.filter(({ caughtBy }) => property === undefined || caughtBy === property);
  const results: Results =
    !fresh && existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')).wrongBackends : {};
  for (const seed of SEEDS) {
    await runSeed(asked, seed, results, ({ verdict } = UNKNOWN) => verdict !== 'failed', catchOne);
    process.stdout.write(`seed ${seed}: caught\n`);
  }
  for (const seed of SEEDS.slice(0, SHRUNK)) {
    const isLarge = ({ verdict, samples }: Caught = UNKNOWN) => verdict === 'failed' && samples === undefined;
    await runSeed(asked, seed, results, isLarge, (...of) => catchOne(...of, true));
    process.stdout.write(`seed ${seed}: made smaller\n`);
  }
}

const UNKNOWN: Caught = { verdict: 'unknown', cases: 0 };

/** Runs the backends whose result for a seed is wanted, property by property, and writes what was found. */
async function runSeed(
  asked: readonly WrongBackend[],
  seed: number,
  results: Results,
  isWanted: (known: Caught | undefined) => boolean,
  one: (wrong: WrongBackend, seed: number, kept: KeptCases) => Promise<Caught>,
): Promise<void> {
  for (const id of new Set(asked.map(({ caughtBy }) => caughtBy))) {
    const kept = new KeptCases(); // the same cases for all backends of a property
    for (const wrong of asked.filter(({ caughtBy }) => caughtBy === id)) {
      results[wrong.id] ??= {};
      const own = results[wrong.id] as Results[string];
      if (!isWanted(own[seed])) continue;
      own[seed] = await one(wrong, seed, kept);
      if (own[seed].verdict !== 'failed') process.stdout.write(`${wrong.id}: seed ${seed} missed it\n`);
    }
    writeWhole(RESULTS, written(results));
  }
  writeWhole(PAGE, page(results));
}

async function catchOne(
  { backend, caughtBy, train }: WrongBackend,
  seed: number,
  kept: KeptCases,
  isShrunk = false,
): Promise<Caught> {
  const property = properties.find(({ id }) => id === caughtBy) as Property;
  const subject = train ? { backend, train } : { backend };
  const how = { runs: DEFAULT_RUNS, seed, known: [], replay: { backend: backend.name }, kept };
  const { verdict, cases, counterexample } = await judge(
    isShrunk ? property : { ...property, shrinks: 0 },
    subject,
    how,
  );
  return {
    verdict,
    cases,
    ...(isShrunk && counterexample ? { samples: counterexample.document.labels.length } : {}),
  };
}

/** The results as JSON, one line per backend. */
function written(results: Results): string {
  const lines = Object.entries(inOrder(results)).map(
    ([id, own]) => `  ${JSON.stringify(id)}: ${JSON.stringify(own)}`,
  );
  return `{\n "runs": ${DEFAULT_RUNS},\n "wrongBackends": {\n${lines.join(',\n')}\n }\n}\n`;
}

/** The results of backends that still exist, in the order of the walk. */
function inOrder(results: Results): Results {
  return Object.fromEntries(wrongBackends.flatMap(({ id }) => (results[id] ? [[id, results[id]]] : [])));
}

/** The median; of an even count, the lower of the middle two. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}

function range(values: readonly number[]): string {
  return values.length === 0 ? '–' : `${median(values)} (${Math.min(...values)}–${Math.max(...values)})`;
}

/** The results of the seeds that every backend has run which has run at all: a run may have been stopped within one. */
function comparable(results: Results): Results {
  const run = wrongBackends.flatMap(({ id }) => (results[id] ? [{ id, own: results[id] }] : []));
  const seeds = SEEDS.filter((seed) => run.every(({ own }) => own[seed] !== undefined));
  const withSeeds = (own: Record<string, Caught>) =>
    Object.fromEntries(seeds.map((seed) => [seed, own[seed] as Caught]));
  return Object.fromEntries(run.map(({ id, own }) => [id, withSeeds(own)]));
}

function page(all: Results): string {
  const results = comparable(all);
  const of = (id: string) => Object.values(results[id] ?? {});
  const rows = wrongBackends.map(({ id, error, caughtBy }) => {
    const caught = of(id).filter(({ verdict }) => verdict === 'failed');
    const cases = range(caught.map((each) => each.cases));
    const samples = range(caught.flatMap((each) => each.samples ?? []));
    return `| \`${id}\` | ${error.replaceAll('|', '\\|')} | \`${caughtBy}\` | ${caught.length} of ${of(id).length} | ${cases} | ${samples} |`;
  });
  const run = wrongBackends.map(({ id }) => of(id)).filter((own) => own.length > 0);
  const always = run.filter((own) => own.every(({ verdict }) => verdict === 'failed'));
  const seeds = Math.max(0, ...run.map((own) => own.length));
  const allCases = run.flatMap((own) => own.map(({ cases }) => cases));
  const longest = wrongBackends
    .map(({ id }) => ({ id, median: median(of(id).map(({ cases }) => cases)) }))
    .reduce((most, one) => (one.median > most.median ? one : most), { id: '', median: 0 });
  return `---
title: Wrong backends
---

<!-- Made by npm run wrong-backends from properties/wrong-backends/ and docs/results/wrong-backends.json. -->

# Wrong backends

A suite that passes everything proves nothing. So it is tested with ${wrongBackends.length} backends that are wrong on purpose, each with one error: every error found in public implementations, others that are easy to make, and errors that show only where two or three conditions meet. Each error must be caught by the property written for its kind, with the default ${DEFAULT_RUNS} cases, for ${seeds} consecutive seeds. Of the ${run.length} backends that were run, ${always.length} were caught every time.

*Cases* is how many cases ran until the error was caught, the failing one included. *Samples* is the size of the smallest failing batch that was found, for the first ${SHRUNK} seeds. Both are the median over the seeds, with the smallest and largest value in brackets. An error that only shows above 64, 256 or 1,024 samples cannot be shown by a smaller batch.

The median of all cases is ${median(allCases)}; the backend that took longest needs ${longest.median} in the median (\`${longest.id}\`), and the most that any needed is ${Math.max(0, ...allCases)}.

| wrong backend | what it gets wrong | caught by | seeds | cases | samples |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

if (process.argv[1]?.endsWith('wrong-backends.ts')) {
  if (process.argv.includes('--page')) {
    writeFileSync(PAGE, page(JSON.parse(readFileSync(RESULTS, 'utf8')).wrongBackends));
  } else {
    const at = process.argv.indexOf('--caught-by');
    await run(process.argv.includes('--fresh'), at === -1 ? undefined : process.argv[at + 1]);
  }
}
