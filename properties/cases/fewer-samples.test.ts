import fc from 'fast-check';
import { expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import type { Case } from './arbitraries.js';
import { combined } from './combined.js';
import { withFewerSamples } from './fewer-samples.js';
import { sampleNumbered } from './in-turn.js';
import { numbered } from './planned.js';

const { supports } = referenceBackend();
const SEED = 7;

/** The scores of each sample, as text. */
function rowsOf({ batch: { scores } }: Case): string[] {
  const [size, columns] = scores.shape as [number, number];
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: columns }, (__, c) => scores.get(i, c)).join(),
  );
}

/** A property that fails for every case with the scores of samples 3 and 150 of the first one that it sees. */
function failing(cases: fc.Arbitrary<Case>) {
  let needed: string[] | undefined;
  const property = fc.property(numbered(cases, SEED), (given) => {
    const rows = rowsOf(given);
    needed ??= [rows[3], rows[150]] as string[];
    return !needed.every((row) => rows.includes(row));
  });
  const { counterexample, counterexamplePath } = fc.check(property, { seed: SEED });
  return { smallest: (counterexample as [Case])[0], path: counterexamplePath as string, needed };
}

it('leaves the samples out of a combined batch that its failure does not need, and replays so', () => {
  const cases = combined(supports, { sizes: [200], only: { attributes: ['one'], scores: ['double'] } });
  const { smallest, path, needed } = failing(cases);
  expect(smallest.batch.size).toBe(2);
  expect(rowsOf(smallest)).toEqual(needed);
  const [again] = sampleNumbered(cases, { seed: SEED, path, numRuns: 1 }) as [Case];
  expect(rowsOf(again)).toEqual(needed);
});

it('leaves samples out of the batch itself, with all that belongs to them, where its draw cannot become smaller', () => {
  const atInstanceLevel = { ...supports, levels: ['instance'] as const };
  const [whole] = sampleNumbered(combined(atInstanceLevel, { sizes: [200], only: { scores: ['double'] } }), {
    seed: SEED,
    numRuns: 1,
  }) as [Case];
  const cases = withFewerSamples(fc.constant(whole));
  const { smallest, path, needed } = failing(cases);
  const { size, labelled, membership, scores, features } = smallest.batch;
  const rows = [labelled, membership, scores, ...(features?.matrices ?? [])].map(({ shape }) => shape[0]);
  expect(rows.length).toBeGreaterThan(3);
  expect([size, ...rows]).toEqual([2, ...rows.map(() => 2)]);
  expect(rowsOf(smallest)).toEqual(needed);
  for (const [at, from] of [3, 150].entries()) {
    expect(labelled.get(at, 0)).toBe(whole.batch.labelled.get(from, 0));
    expect(features?.matrices[0]?.get(at, 0)).toBe(whole.batch.features?.matrices[0]?.get(from, 0));
  }
  const [again] = sampleNumbered(cases, { seed: SEED, path, numRuns: 1 }) as [Case];
  expect(rowsOf(again)).toEqual(needed);
});
