/**
 * Prints how many cases of a default run must meet each way in which a property asks, for
 * `properties/coverage/minimums.ts`: `npm run coverage:minimums`; with `-- --seeds N` over fewer seeds than 20.
 *
 * It draws the cases of backends that support everything, and of backends that support a single encoding, level and
 * comparison, as the engine that gets the fewest cases is given them, and as one that gets all. No backend is run.
 *
 * @module
 */
import { parseArgs } from 'node:util';
import { referenceBackend } from '../../backends/reference.js';
import { type Budget, budgetOf, LargeCases } from '../../properties/budgets.js';
import { sampleNumbered } from '../../properties/cases/in-turn.js';
import { conditions, coverageOf, Tally } from '../../properties/coverage/index.js';
import { DEFAULT_RUNS, type Property, properties, type Subject } from '../../properties/index.js';
import type { Capabilities } from '../../spec/index.js';

/** The engine that gets the fewest cases, and one that gets them all. */
const BUDGETS = { fewest: budgetOf('jax-webgpu'), full: budgetOf(undefined) };

/** A tenth of the fewest cases seen is required, so that chance fails no right backend. */
const SHARE = 10;

function subjectOf(supports: Partial<Capabilities>): Subject {
  const all = referenceBackend();
  const training = { execution: 'tensor', perSample: true, sharding: 'global' } as const;
  const backend = { ...all, supports: { ...all.supports, ...training, ...supports }, resources: () => 0 };
  return { backend, train: () => Promise.reject(new Error('no case runs here')) };
}

/** Backends that support everything, and a single encoding, level and comparison. */
function subjects(): Subject[] {
  const { encodings, levels, comparisons } = referenceBackend().supports;
  const single = encodings.flatMap((encoding) =>
    levels.flatMap((level) =>
      comparisons.map((comparison) =>
        subjectOf({ encodings: [encoding], levels: [level], comparisons: [comparison] }),
      ),
    ),
  );
  return [subjectOf({}), ...single];
}

/** Whether a subject is asked a property. */
function isAsked({ inapplicable, classLevel }: Property, subject: Subject): boolean {
  const lacksClassLevel = classLevel === true && !subject.backend.supports.levels.includes('class');
  return inapplicable?.(subject) === undefined && !lacksClassLevel;
}

/** The ways that the cases of a property tell under each budget. */
function countsOf(property: Property, subject: Subject, seed: number): Tally[] {
  const asked = property.runs?.(DEFAULT_RUNS) ?? DEFAULT_RUNS;
  const cases = isAsked(property, subject)
    ? sampleNumbered(property.cases(subject.backend.supports), { seed, numRuns: asked })
    : [];
  return Object.values(BUDGETS).map((budget: Budget) => {
    const tally = new Tally(property.stage);
    const large = new LargeCases(budget);
    const numRuns = Math.ceil(budget.cases * asked);
    const drawn = numRuns - (property.search === true ? Math.floor(numRuns / 10) : 0);
    for (const given of cases.slice(0, drawn))
      if (!large.leavesOut(given.batch)) tally.addWays(property.ways?.(subject, given) ?? []);
    return tally;
  });
}

const { seeds = '20' } = parseArgs({ options: { seeds: { type: 'string' } } }).values;
const fewest = Object.keys(BUDGETS).map(() => new Map<string, number>());
const counted = properties.filter(({ ways }) => ways !== undefined);
for (let seed = 1; seed <= Number(seeds); seed++) {
  for (const subject of subjects()) {
    const tallied = counted.map((property) => ({ property, tallies: countsOf(property, subject, seed) }));
    for (const [at, least] of fewest.entries()) {
      const told = tallied.map(({ property, tallies }) => ({
        id: property.id,
        verdict: isAsked(property, subject) ? 'passed' : 'skipped',
        cases: 0,
        coverage: (tallies[at] as Tally).coverage(),
      }));
      for (const { id, cases, excluded, aspect } of coverageOf(told, subject.backend.supports).conditions)
        if (aspect && excluded === undefined) least.set(id, Math.min(cases, least.get(id) ?? cases));
    }
  }
  process.stderr.write(`seed ${seed}\n`);
}
for (const { id } of conditions) {
  const [few, full] = fewest.map((least) => least.get(id));
  if (few === undefined || full === undefined) continue;
  console.log(
    `${id}: fewest ${few} and ${full}, required ${Math.floor(few / SHARE)} and ${Math.floor(full / SHARE)}`,
  );
}
