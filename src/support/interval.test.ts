import { describe, expect, it } from 'vitest';
import { interval, pValue, studentT } from './interval.js';

describe('the interval of a mean', () => {
  it('has the quantiles of the printed tables', () => {
    const printed = {
      1: 12.706,
      2: 4.303,
      3: 3.182,
      4: 2.776,
      5: 2.571,
      9: 2.262,
      10: 2.228,
      30: 2.042,
      120: 1.98,
    };
    for (const [freedom, t] of Object.entries(printed)) expect(studentT(Number(freedom))).toBeCloseTo(t, 3);
  });

  it('is t·s/√n wide on each side; a single value has none', () => {
    const { mean, reach } = interval([1, 2, 3]);
    expect(mean).toBe(2);
    expect(reach).toBeCloseTo(4.3027 / Math.sqrt(3), 4);
    expect(interval([5])).toEqual({ n: 1, mean: 5, reach: null });
  });

  it('is wider for a larger confidence, as the printed tables have it', () => {
    for (const [freedom, t] of [
      [1, 63.657],
      [4, 4.604],
      [9, 3.25],
    ] as const)
      expect(studentT(freedom, 0.99)).toBeCloseTo(t, 3);
    expect(interval([1, 2, 3], 0.99).reach).toBeCloseTo(9.9248 / Math.sqrt(3), 4);
  });
});

describe('the p value of a mean', () => {
  it('is what its interval leaves out', () => {
    const values = [0.2, 0.5, 0.1, 0.4, 0.9];
    const { mean, reach } = interval(values, 1 - pValue(values));
    expect(reach).toBeCloseTo(mean, 9);
    expect(pValue(values.map((value) => -value))).toBe(pValue(values));
  });

  it('has no spread to go by where all are the same, and none for a single value', () => {
    expect(pValue([1, 1, 1])).toBe(0);
    expect(pValue([0, 0, 0])).toBe(1);
    expect(pValue([1])).toBeNaN();
  });
});
