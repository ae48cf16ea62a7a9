/**
 * Counts which conditions the cases of a default run meet, property by property, and writes docs/coverage.md
 * and docs/results/coverage.json: `npm run coverage`; with `-- --page` only the page again.
 *
 * The cases are those that a backend of float64 which supports everything is given. No backend is run, so the
 * cases that the search makes are left out.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { referenceBackend } from '../../backends/reference.js';
import { sampleNumbered } from '../../properties/cases/in-turn.js';
import {
  canMeet,
  choicePairs,
  conditions,
  coverageOf,
  Facts,
  originOf,
  Tally,
} from '../../properties/coverage/index.js';
import {
  DEFAULT_RUNS,
  mergedCoverage,
  type PropertyCoverage,
  properties,
  type Subject,
} from '../../properties/index.js';
import { writeWhole } from '../../src/support/write-whole.js';

const docs = resolve(import.meta.dirname, '..');
const RESULTS = join(docs, 'results/coverage.json');
const PAGE = join(docs, 'coverage.md');
const SEED = 1;

/** A backend that supports everything, which is only asked what it declares. */
const ABLE: Subject = {
  backend: {
    ...referenceBackend(),
    supports: { ...referenceBackend().supports, execution: 'tensor', perSample: true, sharding: 'global' },
  },
  train: () => Promise.reject(new Error('no case runs here')),
};

/** In how many cases of each property each condition held, and in how many of all of them each pair of choices. */
interface Counts {
  readonly properties: readonly Counted[];
  readonly pairs: Readonly<Record<string, number>>;
}

/** In how many cases of a property each condition held. */
interface Counted {
  readonly id: string;
  readonly cases: number;
  readonly coverage: PropertyCoverage;
}

function count(): Counts {
  const { supports } = referenceBackend();
  const counted = properties.map(({ id, stage, cases, runs, ways }) => {
    const numRuns = runs?.(DEFAULT_RUNS) ?? DEFAULT_RUNS;
    const tally = new Tally(stage);
    for (const given of sampleNumbered(cases(supports), { seed: SEED, numRuns })) {
      tally.add(new Facts(given));
      tally.addWays(ways?.(ABLE, given) ?? []);
    }
    process.stderr.write(`${id}\n`);
    return { id, cases: numRuns, coverage: tally.coverage() };
  });
  const { pairs = {} } = mergedCoverage(counted.map(({ coverage }) => coverage));
  const single = counted.map(({ coverage: { conditions: met }, ...rest }) => ({
    ...rest,
    coverage: { conditions: met },
  }));
  return { properties: single, pairs };
}

/** The page, from what was counted. */
export function coveragePage({ properties: counted, pairs }: Counts): string {
  const pairsOfAll = { id: 'all', cases: 0, coverage: { conditions: {}, pairs } };
  const whole = coverageOf([...counted, pairsOfAll], ABLE.backend.supports);
  const { impossible } = choicePairs();
  const reasons = new Map<string, number>();
  for (const { reason } of impossible) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return `---
title: Coverage
---

<!-- Made by npm run coverage from docs/results/coverage.json. -->

# Coverage

A property that never met a tie has not tested ties. So every run counts in how many of its cases each of ${conditions.length} conditions holds: the choices that a case is drawn from, what rulings and branches of the specification decide, and the ways in which properties of training, state, memory layout and sharding ask, such as a step with labels of \`int32\`, or a call after another one on the same arrays. A case counts for a property only if the condition can affect the stage that the property judges; a way of asking counts only for the properties that ask in it.

A default run in which a condition holds for fewer cases than *required* fails. Where fewer than ${DEFAULT_RUNS} cases per property run, or only some of the properties, the report tells what was not met and does not fail. A condition is not required where the backend's declared capabilities exclude it, or where all properties that can meet it were skipped for what it declares. An engine that gets only a part of the cases must meet fewer conditions; the table has those of one that gets them all.

The numbers under *required* were measured, once for each version of what is drawn: a tenth of the fewest cases that met the condition in a default run, over twenty seeds and over backends that support everything or a single encoding, level and comparison; less, where the cases vary much from seed to seed. A right backend therefore reaches them with any seed. They are about what the suite draws, not about the backend. Where \`0\` is required, some seeds draw too few such cases to ask for any; the run counts them all the same.

\`crl verify --coverage\` prints these tables for a run of its own; the JSON report holds them in \`coverage\`, and each property's own counts in its \`coverage\`. What follows are the cases of seed ${SEED} for a backend of float64 that supports everything: ${whole.cases} cases of ${counted.length} properties.

## Conditions
| condition | holds where | of | cases | properties | required |
|---|---|---|---|---|---|
${whole.conditions.map((row) => `| \`${row.id}\` | ${plain(row.what)} | ${plain(originOf(row))} | ${row.cases} | ${row.properties} | ${row.required} |`).join('\n')}

## Pairs of choices
Two values of different choices can be together in ${whole.pairs.possible} ways. ${whole.pairs.met} of these were met. A default run fails if a pair was never met, for a backend that supports every encoding, level and comparison and an engine that gets every case: one case in seven of \`balanced-agrees-on-combinations\` is planned, so that the pairs that chance seldom draws are met for certain. Of other backends and engines the report tells the pairs that were not met. ${whole.pairs.missing.length === 0 ? '' : `Never met: ${whole.pairs.missing.map((pair) => pair.map((id) => `\`${id}\``).join(' and ')).join(', ')}.`}

The rarest of those that were met:

| pair | cases |
|---|---|
${whole.pairs.rarest.map(({ pair, cases }) => `| ${pair.map((id) => `\`${id}\``).join(' and ')} | ${cases} |`).join('\n')}

${impossible.length} more cannot be together:

| reason | pairs |
|---|---|
${[...reasons].map(([reason, pairs]) => `| ${reason} | ${pairs} |`).join('\n')}

## Properties
How many of the conditions that can affect a property its cases meet, and which they do not. What stands under *not met* is no defect, of the property or of a backend: most properties draw cases of one kind on purpose, and other properties meet the rest. Only the table of conditions, over all properties together, decides whether a run fails.

| property | cases | met | not met |
|---|---|---|---|
${counted.map(propertyRow).join('\n')}
`;
}

function propertyRow({ id, cases, coverage }: Counted): string {
  const property = properties.find((one) => one.id === id);
  const able = conditions.filter((condition) => property && canMeet(condition, property));
  const unmet = able.filter((condition) => coverage.conditions[condition.id] === undefined);
  const names = unmet.map((condition) => `\`${condition.id}\``).join(', ');
  return `| \`${id}\` | ${cases} | ${able.length - unmet.length} of ${able.length} | ${names} |`;
}

/** Text that a table of Markdown takes as one cell. */
function plain(text: string): string {
  return text.replaceAll('|', '\\|');
}

if (process.argv[1]?.endsWith('coverage.ts')) {
  if (!process.argv.includes('--page')) writeWhole(RESULTS, `${JSON.stringify(count(), null, 1)}\n`);
  writeFileSync(PAGE, coveragePage(JSON.parse(readFileSync(RESULTS, 'utf8'))));
}
