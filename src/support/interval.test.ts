import { describe, expect, it } from 'vitest';
import { interval, studentT } from './interval.js';

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
});
