import { describe, expect, it } from 'vitest';
import { ensureLength } from './scratch.js';

describe.each([
  ['int32', Int32Array],
  ['float64', Float64Array],
])('room for numbers, %s', (_, Kind) => {
  it('is the array at hand where that suffices: a training loop makes none after its largest batch', () => {
    const atHand = Kind.of(1, 2, 3);
    expect(ensureLength(atHand, 3)).toBe(atHand);
    expect(ensureLength(atHand, 2)).toBe(atHand);
    expect(Array.from(atHand)).toEqual([1, 2, 3]);
  });

  it('is a fresh array of that kind where it does not', () => {
    const atHand = Kind.of(1, 2, 3);
    expect(ensureLength(atHand, 4)).toEqual(new Kind(4));
  });
});
