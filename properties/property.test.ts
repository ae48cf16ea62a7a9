import { describe, expect, it } from 'vitest';
import { Disagreement } from './disagreement.js';
import { demandSame } from './property.js';

const refuses = (got: unknown, expected: unknown) =>
  expect(() => demandSame('it', got, expected)).toThrow(Disagreement);

describe('a demand that two values are the same', () => {
  it('holds for equal entries, whatever arrays hold them', () => {
    for (const [got, expected] of [
      [
        [1, [2, 3]],
        [1, new Int32Array([2, 3])],
      ],
      [{ a: Float64Array.of(0.5) }, { a: [0.5] }],
      [[-0], [0]],
      [[Number.NaN], [Number.NaN]],
      [undefined, undefined],
      [{ a: undefined }, {}],
    ])
      expect(() => demandSame('it', got, expected)).not.toThrow();
  });

  it('does not hold for other entries, lengths, names or kinds', () => {
    refuses([1, 2], [1, 3]);
    refuses([1, 2], [1]);
    refuses([1], [1, undefined]);
    refuses({ a: 1 }, { b: 1 });
    refuses({ a: 1 }, { a: 1, b: 2 });
    refuses([1], { 0: 1 });
    refuses(['1'], [1]);
    refuses([[]], [[[]]]);
    refuses([Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY]);
  });

  it('shows short values whole, and of long ones the first entry that differs', () => {
    const thrown = (got: unknown, expected: unknown) => {
      try {
        demandSame('it', got, expected);
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };
    const sizes = (of: Record<number, number>) => ({
      n: 1,
      profile: [[1], Object.assign(new Array<number>(70_000).fill(0), of)],
    });
    expect(thrown([1, 2], [1, 3])).toBe('it: expected [1,3], got [1,2]');
    expect(thrown(sizes({ 65540: 2, 69000: 4 }), sizes({ 65540: 3 }))).toBe(
      'it.profile[1][65540]: expected 3, got 2',
    );
    const long = new Array<number>(70_000).fill(0);
    expect(thrown([...long, 1], long)).toBe('it: number of entries: expected 70000, got 70001');
  });
});
