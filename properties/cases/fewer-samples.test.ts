import fc from 'fast-check';
import { expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import type { Case } from './arbitraries.js';
import { combined } from './combined.js';
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

it('leaves all samples out that a failure does not need, where no smaller draw has those that it needs', () => {
  const cases = combined(supports, { sizes: [200], only: { attributes: ['one'], scores: ['double'] } });
  let needed: string[] | undefined;
  const hasNeeded = (given: Case) => {
    const rows = rowsOf(given);
    needed ??= [rows[3], rows[150]] as string[];
    return needed.every((row) => rows.includes(row));
  };
  const property = fc.property(numbered(cases, SEED), (given) => !hasNeeded(given));
  const { counterexample, counterexamplePath } = fc.check(property, { seed: SEED });
  const [smallest] = counterexample as [Case];
  const { size, labelled, membership } = smallest.batch;
  expect([size, labelled.shape[0], membership.shape[0]]).toEqual([2, 2, 2]);
  expect(rowsOf(smallest)).toEqual(needed);
  const path = counterexamplePath as string;
  const [again] = sampleNumbered(cases, { seed: SEED, path, numRuns: 1 }) as [Case];
  expect(rowsOf(again)).toEqual(needed);
});
