/**
 * The judges of the specification's mutants: the vectors, every definition, and every property of the suite,
 * run on the reference backend; no other test. Properties of agreement compare the specification with itself
 * here, so that they only kill mutants that throw.
 *
 * @module
 */
import '../../spec/vectors.test.js'; // first, since they are fast; in this file, since each file costs a worker
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { properties, runSuite } from '../../properties/index.js';
import { gradient } from '../../properties/of-backends/gradient.js';
import { invariants } from '../../properties/of-backends/invariants.js';
import { symmetry } from '../../properties/of-backends/symmetry.js';
import { definitions } from '../../properties/of-spec/definitions.js';

/** Few cases, since a survivor runs all of them. */
const RUNS = 50;
const SEED = 20_240_229;

/** Why a property does not apply to the reference, which has no adapter to train, no device, and one way to shard. */
const UNASKED =
  /cannot train|^the backend declares sharding|^the backend holds no tensors and does not count|^the backend does not run on a GPU engine/;

// the first failure decides, and the score needs no smaller counterexample
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
