/**
 * The table of wrong backends: each against the property that must catch it, for twenty seeds.
 *
 * `npm run mutants` goes on where it was; `npm run mutants -- --fresh` starts over. It writes
 * docs/results/mutants.json as it goes, and docs/mutants.md from it.
 *
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_RUNS, runSuite } from '../../properties/index.js';
import { type Mutant, mutants } from '../../properties/wrong-backends/index.js';
import { writeWhole } from '../../src/support/write-whole.js';

const docs = resolve(import.meta.dirname, '..');
const RESULTS = join(docs, 'results/mutants.json');
const PAGE = join(docs, 'mutants.md');
/** One after the other: that a suite catches an error now and then is no claim. */
export const SEEDS = Array.from({ length: 20 }, (_, at) => at + 1);

/** What one seed gave. */
interface Caught {
  readonly verdict: string;
  /** Cases until it was caught, that one included. */
  readonly cases: number;
  /** Samples of the smallest batch found. */
  readonly samples: number;
}

/** By mutant, then by seed. */
type Results = Record<string, Record<string, Caught>>;

async function run(fresh: boolean): Promise<void> {
  const results: Results =
    !fresh && existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')).mutants : {};
  const write = () => {
    writeWhole(RESULTS, `${JSON.stringify({ runs: DEFAULT_RUNS, mutants: inOrder(results) }, null, 1)}\n`);
    writeWhole(PAGE, page(results));
  };
  for (const mutant of mutants) {
    const own = results[mutant.id] ?? {};
    results[mutant.id] = own;
    const missing = SEEDS.filter((seed) => own[seed]?.verdict !== 'failed'); // one that was missed is tried again
    for (const seed of missing) own[seed] = await judged(mutant, seed);
    if (missing.length > 0) process.stdout.write(`${mutant.id}: ${summary(own)}\n`);
    write();
  }
}

async function judged({ backend, caughtBy, train }: Mutant, seed: number): Promise<Caught> {
  const report = await runSuite(backend, { seed, only: [caughtBy], ...(train ? { train } : {}) });
  const { verdict, cases, counterexample } = report.properties[0] as (typeof report.properties)[number];
  return { verdict, cases, samples: counterexample?.document.labels.length ?? 0 };
}

/** Only mutants that there are, in the order of the walk. */
function inOrder(results: Results): Results {
  return Object.fromEntries(mutants.flatMap(({ id }) => (results[id] ? [[id, results[id]]] : [])));
}

function summary(own: Record<string, Caught>): string {
  const all = Object.values(own);
  const caught = all.filter(({ verdict }) => verdict === 'failed');
  return `caught for ${caught.length} of ${all.length} seeds, ${median(caught.map(({ cases }) => cases))} cases, ${median(caught.map(({ samples }) => samples))} samples`;
}

/** The middle one of some numbers; the lower of two. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}

function range(values: readonly number[]): string {
  return values.length === 0 ? '–' : `${median(values)} (${Math.min(...values)}–${Math.max(...values)})`;
}

function page(results: Results): string {
  const rows = mutants.map(({ id, error, caughtBy }) => {
    const all = Object.values(results[id] ?? {});
    const caught = all.filter(({ verdict }) => verdict === 'failed');
    const cases = range(caught.map((each) => each.cases));
    const samples = range(caught.map((each) => each.samples));
    return `| \`${id}\` | ${error.replaceAll('|', '\\|')} | \`${caughtBy}\` | ${caught.length} of ${all.length} | ${cases} | ${samples} |`;
  });
  const all = mutants.map(({ id }) => Object.values(results[id] ?? {}));
  const always = all.filter((own) => own.length > 0 && own.every(({ verdict }) => verdict === 'failed'));
  return `---
title: Wrong backends
---

<!-- Made by npm run mutants from properties/wrong-backends/ and docs/results/mutants.json. -->

# Wrong backends

A suite that passes everything proves nothing. So it is held against ${mutants.length} backends that are wrong on purpose, one error each: every error that was found in public implementations, and others that somebody could make. Each must be caught by the property made for such errors, at the default ${DEFAULT_RUNS} cases, for ${SEEDS.length} seeds in a row. ${always.length} of the ${all.filter((own) => own.length > 0).length} that were run so were.

*Cases*: how many were needed, the failing one included; *samples*: the size of the smallest batch found. Median over the seeds, least and most in brackets. Errors that show only past 64, 256 or 1,024 samples cannot have a smaller batch.

| wrong backend | what it gets wrong | caught by | seeds | cases | samples |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

if (process.argv[1]?.endsWith('mutants.ts')) {
  if (process.argv.includes('--page')) {
    writeFileSync(PAGE, page(JSON.parse(readFileSync(RESULTS, 'utf8')).mutants));
  } else await run(process.argv.includes('--fresh'));
}
