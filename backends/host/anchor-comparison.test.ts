import { expect, it } from 'vitest';
import { createSchema, resolveOptions } from '../../spec/index.js';
import { AnchorComparison, type Distances } from './anchor-comparison.js';

const options = resolveOptions(createSchema({ attributes: [2] }));

const listed = (hardness: readonly number[]): Distances => ({
  hardness: Float64Array.from(hardness),
  slope: new Float64Array(hardness.length),
  count: Int32Array.of(hardness.length),
});

it.each([
  ['fall', [0.75, 0.5, 0.25, 0]],
  ['fall and rise, as at class level around the anchor', [0.625, 0.25, 0, 0.125, 0.5, 0.75]],
  ['rise', [0, 0.5, 1]],
])('sums the hinges of an anchor whose distances to its positives %s', (_, near) => {
  const far = [-0.5, -0.25, 0.125, 0.125, 0.5, 1.25];
  for (const margin of [0, 0.25, 1]) {
    const comparison = new AnchorComparison(options);
    const [positives, negatives] = [listed(near), listed(far.map((d) => -d))];
    const triplets = near.length * far.length;
    const counts = { triplets, positive: near.length, negative: far.length };
    const loss = comparison.lossOf((compare) => compare(positives, negatives, margin), counts, triplets);
    const hinge = (p: number, q: number) => margin + p - q;
    const active = near.map((p) => far.filter((q) => hinge(p, q) > 0).length);
    const sum = near.flatMap((p) => far.map((q) => Math.max(0, hinge(p, q)))).reduce((a, b) => a + b, 0);
    expect(loss).toBe(sum / triplets);
    expect([...positives.slope]).toEqual(active);
    expect([...negatives.slope].map((slope) => 0 - slope)).toEqual(
      far.map((q) => near.filter((p) => hinge(p, q) > 0).length),
    );
    expect(comparison.active).toBe(active.reduce((a, b) => a + b, 0));
  }
});

it('is 0 where there is no triplet, and visits no anchor', () => {
  const comparison = new AnchorComparison(options);
  const none = { triplets: 0, positive: 3, negative: 0 };
  expect(comparison.lossOf(() => expect.fail('an anchor was visited'), none, 1)).toBe(0);
});
