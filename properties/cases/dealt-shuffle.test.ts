import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealtShuffle, ROUND } from './dealt-shuffle.js';
import { numbered, planned } from './planned.js';

const shuffles = (count: number, seed: number) =>
  fc.sample(numbered(planned(dealtShuffle), seed), { seed, numRuns: count });

/** The remainders and quotients by which properties choose: `Math.floor(shuffle / k) % j`. */
const CHOICES = [
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 36].map((j) => [1, j] as const),
  ...([2, 3, 7, 12] as const).map((j) => [2, j] as const),
  ...([2, 3, 4, 5, 7, 11, 12, 13] as const).map((j) => [3, j] as const),
  ...([3, 6] as const).map((j) => [4, j] as const),
  ...([2, 3, 4] as const).map((j) => [5, j] as const),
  ...([2, 3] as const).flatMap((j) => [[6, j] as const, [30, j] as const]),
  ...([3, 4] as const).map((j) => [60, j] as const),
];

describe('the number of a case', () => {
  it('gives each of k choices by its remainder once in k cases', () => {
    for (const seed of [1, 2, -7, 0]) {
      const numbers = shuffles(72, seed);
      for (const [k, j] of CHOICES) {
        if (k > 1) continue;
        for (let first = 0; first + j <= numbers.length; first += j)
          expect(new Set(numbers.slice(first, first + j).map((x) => x % j)).size, `${j}`).toBe(j);
      }
    }
  });

  it('gives each of j choices by a quotient once in 3·j cases', () => {
    for (const seed of [1, 2, -7, 0]) {
      const numbers = shuffles(150, seed);
      for (const [k, j] of CHOICES)
        for (let first = 0; first + 3 * j <= numbers.length; first += 3 * j)
          expect(
            new Set(numbers.slice(first, first + 3 * j).map((x) => Math.floor(x / k) % j)).size,
            `Math.floor(shuffle / ${k}) % ${j}`,
          ).toBe(j);
    }
  });

  it('is a whole number of 31 bits, of which the rest is drawn at random', () => {
    const numbers = shuffles(300, 5);
    expect(numbers.every((x) => Number.isInteger(x) && x >= 0 && x < 2 ** 31)).toBe(true);
    expect(new Set(numbers.map((x) => Math.floor(x / ROUND))).size).toBeGreaterThan(200);
    expect(shuffles(20, 6).map((x) => x % ROUND)).not.toEqual(numbers.slice(0, 20).map((x) => x % ROUND));
  });

  it('shrinks towards 0', () => {
    const found = fc.check(
      fc.property(numbered(planned(dealtShuffle), 7), (x) => x < 1000),
      { seed: 7 },
    );
    expect(found.counterexample).toEqual([1000]);
  });
});
