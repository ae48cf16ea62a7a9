import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inTurn, sampleNumbered } from './in-turn.js';
import { numbered } from './planned.js';

const usual = fc.integer({ min: 0, max: 9 });
const [tens, hundreds] = [10, 100].map((factor) => fc.integer({ min: 1, max: 9 }).map((x) => factor * x));
const mixed = inTurn(usual, [tens, hundreds] as fc.Arbitrary<number>[], 3);

describe('values in turn', () => {
  it('come from the others in every so many runs, each once', () => {
    for (const seed of [1, 2, 3]) {
      const drawn = sampleNumbered(mixed, { seed, numRuns: 12 });
      expect(drawn.map((x) => (x >= 100 ? 2 : x >= 10 ? 1 : 0))).toEqual([
        0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0,
      ]);
    }
  });

  it('are the same where one is drawn alone by its number', () => {
    const drawn = sampleNumbered(mixed, { seed: 7, numRuns: 8 });
    drawn.forEach((value, at) => {
      expect(sampleNumbered(mixed, { seed: 7, path: String(at), numRuns: 1 })).toEqual([value]);
    });
  });

  it('are those that a check runs, and shrink as the values that they are made of', () => {
    const seen: number[] = [];
    const property = fc.property(numbered(mixed, 7), (x) => {
      seen.push(x);
      return x < 100;
    });
    const { counterexample, counterexamplePath } = fc.check(property, { seed: 7, numRuns: 8 });
    expect(seen.slice(0, 6)).toEqual(sampleNumbered(mixed, { seed: 7, numRuns: 6 }));
    expect(counterexample).toEqual([100]);
    const path = counterexamplePath as string;
    expect(sampleNumbered(mixed, { seed: 7, path, numRuns: 1 })).toEqual([100]);
  });

  it('are the usual ones where they are not numbered', () => {
    expect(fc.sample(mixed, { seed: 7, numRuns: 12 }).every((x) => x < 10)).toBe(true);
  });
});
