import { describe, expect, it } from 'vitest';
import { interval, pValue } from '../../src/support/interval.js';
import { holm } from './holm.js';

describe("Holm's correction", () => {
  it('multiplies by how many are left, and never falls', () => {
    // m = 4: .01 × 4, .015 × 3 = .045, .03 × 2 = .06, .02 … in order of size: .01, .015, .02, .03
    const corrected = holm([0.03, 0.01, 0.015, 0.02]).map(({ p }) => Number(p.toFixed(4)));
    expect(corrected).toEqual([0.045, 0.04, 0.045, 0.045]);
    expect(holm([0.6, 0.7]).map(({ p }) => p)).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('gives each test an interval that excludes 0 where the corrected p is below 5 %, and only there', () => {
    const families = [
      [
        [1, 1.1, 0.9, 1.2],
        [0.5, 0.1, 0.3, 0.6],
        [0.1, -0.2, 0.4, 0.1],
        [-2, -2.2, -1.9, -2.1],
      ],
      [
        [1, 1.6, 0.3],
        [0.1, 0.2, 0.15],
        [-5, 4, 3],
      ],
      [
        [0.2, 0.5, 0.1, 0.4, 0.9],
        [0.2, 0.4, 0.1, 0.4, 0.8],
      ],
    ];
    for (const family of families) {
      const corrected = holm(family.map(pValue));
      for (const [at, values] of family.entries()) {
        const { p, confidence } = corrected[at] as (typeof corrected)[number];
        const { mean, reach } = interval(values, confidence);
        expect(Math.abs(mean) > (reach as number), `${values}`).toBe(p < 0.05);
      }
    }
  });
});
