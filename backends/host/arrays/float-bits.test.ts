import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bitsAbove, bitsBelow, numberOf } from './float-bits.js';

/** The largest and smallest float32, numbers on both sides of a change of exponent, and any others. */
const anyPositive = fc.oneof(
  fc.constantFrom(2 ** -149, 2 ** -126, 0.5, 1, 1 - 2 ** -24, 1 + 2 ** -23, 2 ** 127 * (2 - 2 ** -23)),
  fc.float({ min: Math.fround(2 ** -149), noNaN: true, noDefaultInfinity: true }),
);

describe('the bits of a float32', () => {
  it('of non-negative numbers have the order of the numbers, and neighbours differ by 1', () => {
    fc.assert(
      fc.property(anyPositive, (x) => {
        const [below, above] = [bitsBelow(x), bitsAbove(x)];
        expect(numberOf(below)).toBeLessThan(x);
        expect(numberOf(above)).toBeGreaterThan(x);
        expect(numberOf(below + 1)).toBe(x);
        expect(numberOf(above - 1)).toBe(x);
      }),
      { seed: 1 },
    );
  });

  it('next below a number that is not above 0 are −1, less than the bits of any non-negative number', () => {
    for (const value of [0, -0, -1, Number.NEGATIVE_INFINITY, Number.NaN]) expect(bitsBelow(value)).toBe(-1);
  });

  it('next above 0 are those of the smallest number, and next above a negative number those of 0', () => {
    for (const value of [0, -0]) expect(numberOf(bitsAbove(value))).toBe(2 ** -149);
    for (const value of [-(2 ** -149), -1, Number.NEGATIVE_INFINITY]) expect(bitsAbove(value)).toBe(0);
  });

  it('next above infinity are those of NaN', () => {
    expect(bitsBelow(Number.POSITIVE_INFINITY)).toBe(bitsAbove(2 ** 127 * (2 - 2 ** -23)) - 1);
    expect(numberOf(bitsAbove(Number.POSITIVE_INFINITY))).toBeNaN();
  });
});
