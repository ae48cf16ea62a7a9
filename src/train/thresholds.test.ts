import { describe, expect, it } from 'vitest';
import { learnThresholds } from './thresholds.js';

const column = (values: readonly number[]) => values.map((value) => [value]);

describe('a learned threshold', () => {
  it('parts the label’s images from the others, halfway', () => {
    expect(learnThresholds(column([1, 0, 1, 0]), column([0.3, 0.1, 0.2, 0.05]))[0]).toBeCloseTo(0.15, 12);
  });

  it('has the largest F1 where they cannot be parted', () => {
    // predicting two finds one of two with one wrong, F1 1/2; three find both, F1 4/5; four 2/3
    expect(learnThresholds(column([1, 0, 1, 0]), column([0.9, 0.8, 0.7, 0.1]))[0]).toBeCloseTo(0.4, 12);
  });

  it('takes equal scores together, and is 0.5 for a label that no image has', () => {
    expect(learnThresholds(column([1, 0, 1]), column([0.6, 0.6, 0.6]))[0]).toBeCloseTo(0.3, 12);
    expect(learnThresholds(column([0, 0]), column([0.9, 0.8]))).toEqual([0.5]);
  });
});
