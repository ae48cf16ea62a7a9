/**
 * What judges the mutants, beside the vectors: every property of the suite, asked of the reference
 * backend, and every definition. Neither knows the code it judges, but for properties of agreement:
 * those hold the specification against itself, and so kill nothing here but what throws.
 *
 * @module
 */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { definitions } from '../definitions.js';
import { properties, runSuite } from '../index.js';

/** Few, for a mutant that lives costs all of them; enough that another seed kills the same. */
const RUNS = 60;
const SEED = 20_240_229;

// the first failure decides: a smaller one is of no use to a score
beforeAll(() => fc.configureGlobal({ endOnFailure: true }));

it.each(definitions.map((definition) => [definition.id, definition] as const))('%s', (_, { property }) => {
  fc.assert(property, { numRuns: 5 * RUNS, seed: SEED });
});

it.each(properties.map(({ id }) => id))('%s', async (id) => {
  const { properties: reports } = await runSuite(referenceBackend(), { runs: RUNS, seed: SEED, only: [id] });
  expect(reports.map(({ verdict, reason }) => [verdict, reason])).toEqual(expected(id));
});

/** Training is an adapter's, of which floors up to this one know nothing. */
function expected(id: string): [string, unknown][] {
  const training = /^(training-|non-finite-)/.test(id);
  return [training ? ['skipped', expect.stringContaining('cannot train')] : ['passed', undefined]];
}
