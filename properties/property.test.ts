import { describe, expect, it } from 'vitest';
import { Disagreement, demandSame } from './property.js';

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
});
