/**
 * Runs every wrong backend against the property that must catch it, for twenty seeds, and writes the
 * table.
 *
 * `npm run wrong-backends` resumes where an earlier run stopped; `npm run wrong-backends -- --fresh`
 * starts over, and `-- --page` only writes the page again. Results go to docs/results/wrong-backends.json
 * after each backend, and docs/wrong-backends.md is made from them.
 *
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_RUNS, runSuite } from '../../properties/index.js';
import { type WrongBackend, wrongBackends } from '../../properties/wrong-backends/index.js';
import { writeWhole } from '../../src/support/write-whole.js';

const docs = resolve(import.meta.dirname, '..');
const RESULTS = join(docs, 'results/wrong-backends.json');
const PAGE = join(docs, 'wrong-backends.md');
/** Consecutive seeds, so that none is picked because it happens to catch an error. */
export const SEEDS = Array.from({ length: 20 }, (_, at) => at + 1);

/** The result of one seed. */
interface Caught {
  readonly verdict: string;
  /** Cases run until the error was caught, the failing one included. */
  readonly cases: number;
  /** Samples in the smallest failing batch. */
  readonly samples: number;
}

/** By the backend's id, then by seed. */
type Results = Record<string, Record<string, Caught>>;

async function run(fresh: boolean): Promise<void> {
  const results: Results =
    !fresh && existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')).wrongBackends : {};
  const write = () => {
    writeWhole(
      RESULTS,
      `${JSON.stringify({ runs: DEFAULT_RUNS, wrongBackends: inOrder(results) }, null, 1)}\n`,
    );
    writeWhole(PAGE, page(results));
  };
  for (const wrong of wrongBackends) {
    const own = results[wrong.id] ?? {};
    results[wrong.id] = own;
    const missing = SEEDS.filter((seed) => own[seed]?.verdict !== 'failed'); // a seed that missed the error is run again
    for (const seed of missing) own[seed] = await judged(wrong, seed);
    if (missing.length > 0) process.stdout.write(`${wrong.id}: ${summary(own)}\n`);
    write();
  }
}

async function judged({ backend, caughtBy, train }: WrongBackend, seed: number): Promise<Caught> {
  const report = await runSuite(backend, { seed, only: [caughtBy], ...(train ? { train } : {}) });
  const { verdict, cases, counterexample } = report.properties[0] as (typeof report.properties)[number];
  return { verdict, cases, samples: counterexample?.document.labels.length ?? 0 };
}

/** The results of backends that still exist, in the order of the walk. */
function inOrder(results: Results): Results {
  return Object.fromEntries(wrongBackends.flatMap(({ id }) => (results[id] ? [[id, results[id]]] : [])));
}

function summary(own: Record<string, Caught>): string {
  const all = Object.values(own);
  const caught = all.filter(({ verdict }) => verdict === 'failed');
  return `caught for ${caught.length} of ${all.length} seeds, ${median(caught.map(({ cases }) => cases))} cases, ${median(caught.map(({ samples }) => samples))} samples`;
}

/** The median; of an even count, the lower of the middle two. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}

function range(values: readonly number[]): string {
  return values.length === 0 ? '–' : `${median(values)} (${Math.min(...values)}–${Math.max(...values)})`;
}

function page(results: Results): string {
  const rows = wrongBackends.map(({ id, error, caughtBy }) => {
    const all = Object.values(results[id] ?? {});
    const caught = all.filter(({ verdict }) => verdict === 'failed');
    const cases = range(caught.map((each) => each.cases));
    const samples = range(caught.map((each) => each.samples));
    return `| \`${id}\` | ${error.replaceAll('|', '\\|')} | \`${caughtBy}\` | ${caught.length} of ${all.length} | ${cases} | ${samples} |`;
  });
  const all = wrongBackends.map(({ id }) => Object.values(results[id] ?? {}));
  const always = all.filter((own) => own.length > 0 && own.every(({ verdict }) => verdict === 'failed'));
  return `---
title: Wrong backends
---

<!-- Made by npm run wrong-backends from properties/wrong-backends/ and docs/results/wrong-backends.json. -->

# Wrong backends

A suite that passes everything proves nothing. So it is tested with ${wrongBackends.length} backends that are wrong on purpose, each with one error: every error found in public implementations, and others that are easy to make. Each error must be caught by the property written for its kind, with the default ${DEFAULT_RUNS} cases, for ${SEEDS.length} consecutive seeds. Of the ${all.filter((own) => own.length > 0).length} backends that were run, ${always.length} were caught every time.

*Cases* is how many cases ran until the error was caught, the failing one included. *Samples* is the size of the smallest failing batch. Both are the median over the seeds, with the smallest and largest value in brackets. An error that only shows above 64, 256 or 1,024 samples cannot be shown by a smaller batch.

| wrong backend | what it gets wrong | caught by | seeds | cases | samples |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

if (process.argv[1]?.endsWith('wrong-backends.ts')) {
  if (process.argv.includes('--page')) {
    writeFileSync(PAGE, page(JSON.parse(readFileSync(RESULTS, 'utf8')).wrongBackends));
  } else await run(process.argv.includes('--fresh'));
}
