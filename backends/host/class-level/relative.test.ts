import { describe, expect, it } from 'vitest';
import { type ClassLists, HingeSums } from './relative.js';

const hinges = new HingeSums();

/** The lists of one class, which count how often they are read. */
function watched(scores: readonly number[], others: readonly number[]) {
  const reads = { positives: 0, negatives: 0, positiveSlopes: 0 };
  const watch = (name: keyof typeof reads, values: number[]) =>
    new Proxy(Float64Array.from(values), {
      get(target, key) {
        reads[name] += 1;
        return Reflect.get(target, key);
      },
    });
  const lists: ClassLists = {
    positives: watch(
      'positives',
      scores.map((score) => -score),
    ),
    positivesAt: 0,
    positiveCount: scores.length,
    negatives: watch('negatives', [...others]),
    negativesAt: 0,
    negativeCount: others.length,
    positiveSlopes: watch('positiveSlopes', new Array<number>(scores.length).fill(0)),
    negativeSlopes: new Float64Array(others.length),
  };
  return { lists, reads };
}

/** The hinges of all triplets of a class, one by one. */
function plainly(scores: readonly number[], others: readonly number[], margin: number) {
  let [sum, active] = [0, 0];
  for (const [at, a] of scores.entries()) {
    for (const p of scores.filter((_, i) => i !== at)) {
      for (const q of others) {
        const hinge = margin + Math.abs(a - p) - (a - q);
        sum += Math.max(0, hinge);
        active += +(hinge > 0);
      }
    }
  }
  return { sum, active };
}

const ramp = (length: number, from: number, to: number) =>
  Array.from({ length }, (_, k) => from + ((to - from) * k) / Math.max(1, length - 1));

describe('the hinges of a class', () => {
  it('sum up those of its triplets, however many are active', () => {
    for (const margin of [0, 0.125, 0.5, 3]) {
      for (const [scores, others] of [
        [ramp(9, 0.125, 0.875), ramp(7, 0.9375, 0.0625)],
        [ramp(2, 0.125, 0.875), ramp(64, 1, 0)],
        [ramp(8, 0.5, 0.9375), ramp(5, 0.25, 0.125)],
        [ramp(4, 0, 1), []],
      ] as const) {
        const { lists } = watched(scores, others);
        const found = hinges.sumOf(lists, margin, 0, 0);
        const expected = plainly(scores, others, margin);
        expect(found.active).toBe(expected.active);
        expect(found.sum).toBeCloseTo(expected.sum, 12);
        expect(found.tiedSlope).toBe(0); // nothing is tied
      }
    }
  });

  it('are summed with work that grows with κ, not κ², if all of them are active', () => {
    const [members, others] = [50, 40];
    const { lists, reads } = watched(ramp(members, 0, 1), ramp(others, 1, 0));
    hinges.sumOf(lists, 10, 0, 0);
    // each is read once for the prefix sums, and the last once per positive and once per anchor
    expect(reads.negatives).toBe(others + members + (members - 1));
    expect(reads.positives).toBeLessThan(10 * members);
    expect(reads.positiveSlopes).toBeLessThan(10 * members);
  });

  it('have no slope for tied members if there are none, though the last listed are equal', () => {
    const { lists } = watched([0.25, 0.75, 0.75], [0.5, 0.25]);
    expect(hinges.sumOf(lists, 1, 0, 0).tiedSlope).toBe(0);
    expect(hinges.sumOf(lists, 1, 1, 1).tiedSlope).toBeLessThan(0);
  });

  it('read no negative if there is none', () => {
    const { lists, reads } = watched(ramp(5, 0, 1), []);
    expect(hinges.sumOf(lists, 0.5, 0, 0)).toEqual({ sum: 0, tiedSlope: 0, active: 0 });
    expect(reads.negatives).toBe(0);
  });

  it('are found by bisection for an anchor below its positive', () => {
    const [scores, others] = [[0.75, 0.875], ramp(64, 1, 0)];
    const margin = 0.0625;
    const { lists, reads } = watched(scores, others);
    hinges.sumOf(lists, margin, 0, 0);
    const active = (lead: number) => others.filter((q) => lead + q > 0).length;
    const meets = active(margin + (0.875 - 0.75) - 0.75);
    expect(meets).toBeGreaterThan(20);
    expect(meets).toBeLessThan(others.length);
    // 64 for the prefix sums; in the first walk those passed by, and one that ends it per positive; in the
    // second the last negative, six halvings, and the next
    const passed = others.length - active(margin - 0.875);
    expect(reads.negatives).toBeLessThanOrEqual(64 + (passed + 2) + 1 + 6 + 1);
  });
});
