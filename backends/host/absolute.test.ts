import { describe, expect, it } from 'vitest';
import { AbsoluteSum } from './absolute.js';

describe('the absolute comparison', () => {
  it('is half the mean square of positive distances plus half that of the shortfalls of negative ones', () => {
    const sum = new AbsoluteSum({ positive: 2, negative: 4 }, 3);
    expect([1, 2].map((d) => sum.addPositive(d))).toEqual([1.5, 3]);
    expect([0.25, 2].map((d) => sum.addNegative(d, 0.5))).toEqual([-0.1875, -0]);
    expect(sum.loss()).toBe(0.5 * ((1 + 4) / 2 + 0.25 ** 2 / 4));
  });

  it('takes the mean of no pairs for 0, with or without pairs on the other side', () => {
    expect(new AbsoluteSum({ positive: 0, negative: 0 }, 1).loss()).toBe(0);
    const positivesOnly = new AbsoluteSum({ positive: 1, negative: 0 }, 1);
    positivesOnly.addPositive(2);
    expect(positivesOnly.loss()).toBe(2);
    const negativesOnly = new AbsoluteSum({ positive: 0, negative: 1 }, 1);
    negativesOnly.addNegative(0, 2);
    expect(negativesOnly.loss()).toBe(2);
  });
});
