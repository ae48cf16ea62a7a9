/**
 * What judges the mutants: the vectors, every definition, and every property of the suite, asked of
 * the reference backend; no other test. Properties of agreement hold the specification against
 * itself here, and so kill nothing but what throws.
 *
 * @module
 */
import '../../spec/vectors.test.js'; // in this file, and first: they are quick, and a file costs a worker
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { properties, runSuite } from '../../properties/index.js';
import { gradient } from '../../properties/of-backends/gradient.js';
import { invariants } from '../../properties/of-backends/invariants.js';
import { symmetry } from '../../properties/of-backends/symmetry.js';
import { definitions } from '../../properties/of-spec/definitions.js';

/** Few, since a mutant that lives costs all of them. */
const RUNS = 50;
const SEED = 20_240_229;

/** Why the reference is not asked, if so: training is an adapter's, and it has no device. */
const UNASKED =
  /cannot train|^the backend holds no tensors and does not count|^the backend is on no GPU engine/;

// the first failure decides: a smaller one is of no use to a score
beforeAll(() => fc.configureGlobal({ endOnFailure: true }));

describe('definitions', () => {
  it.each(definitions.map((definition) => [definition.id, definition] as const))('%s', (_, { property }) => {
    fc.assert(property, { numRuns: 2 * RUNS, seed: SEED });
  });
});

describe('properties', () => {
  const sharp = [...invariants, ...gradient, ...symmetry];
  const ids = [...new Set([...sharp, ...properties].map(({ id }) => id))];
  it.each(ids)('%s', async (id) => {
    const report = await runSuite(referenceBackend(), { runs: RUNS, seed: SEED, only: [id] });
    for (const { verdict, reason } of report.properties) {
      if (verdict === 'skipped') expect(reason).toMatch(UNASKED);
      else expect([verdict, reason]).toEqual(['passed', undefined]);
    }
  });
});
