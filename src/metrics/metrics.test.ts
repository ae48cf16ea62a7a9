import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  geometricMean,
  macroF1,
  meanAveragePrecision,
  shotAccuracy,
  shotGroups,
} from './index.js';

/** Class 0: 3 of 4 right; class 1: 1 of 2; class 2: 1 of 1; one sample unlabelled. */
const actual = [0, 0, 0, 0, 1, 1, 2, -1];
const predicted = [0, 0, 0, 1, 1, 2, 2, 0];

describe('geometric mean', () => {
  it('is the root of the product of sensitivities', () => {
    expect(geometricMean(actual, predicted, 3)).toBeCloseTo((0.75 * 0.5 * 1) ** (1 / 3), 14);
  });

  it('leaves out a class without test samples, and is null without any', () => {
    expect(geometricMean(actual, predicted, 5)).toBeCloseTo(0.375 ** (1 / 3), 14);
    expect(geometricMean([null, -1], [0, 1], 2)).toBeNull();
  });

  it('holds for more classes than a product does', () => {
    const many = Array.from({ length: 4000 }, (_, i) => i >> 1);
    const half = many.map((k, i) => (i % 2 === 0 ? k : (k + 1) % 2000));
    expect(geometricMean(many, half, 2000)).toBeCloseTo(0.5, 12);
  });
});

describe('macro F1', () => {
  it('is the mean of the classes’ F1', () => {
    // class 0: TP 3, FP 0 (the unlabelled one is no error), FN 1; class 1: 1, 1, 1; class 2: 1, 1, 0
    const { f1, byClass } = macroF1(actual, predicted, 4);
    expect(byClass).toEqual([6 / 7, 2 / 4, 2 / 3, null]);
    expect(f1).toBeCloseTo((6 / 7 + 1 / 2 + 2 / 3) / 3, 14);
  });

  it('counts a class that is predicted but has no samples as 0', () => {
    expect(macroF1([0, 0], [0, 1], 2)).toEqual({ f1: 1 / 3, byClass: [2 / 3, 0] });
  });

  it('is null without a labelled sample, and refuses what is not a class', () => {
    expect(macroF1([-1], [0], 2)).toEqual({ f1: null, byClass: [null, null] });
    expect(() => macroF1([0], [2], 2)).toThrow('predicted[0]: expected a class index from 0 to 1, got 2');
  });
});

describe('average precision', () => {
  it('adds up precision at each positive', () => {
    // ranks of the positives 1, 3, 6: (1/1 + 2/3 + 3/6)/3
    const labels = [0, 1, 0, 1, 1, 0];
    const scores = [0.2, 0.9, 0.3, 0.1, 0.4, 0.5];
    expect(averagePrecision(labels, scores)).toBeCloseTo((1 + 2 / 3 + 3 / 6) / 3, 14);
  });

  it('takes equal scores together, in any order', () => {
    // above: one positive; then two of four are: recall rises by 2/3 at precision 3/5
    const expected = (1 + 2 * (3 / 5)) / 3;
    expect(averagePrecision([1, 1, 0, 1, 0], [2, 1, 1, 1, 1])).toBeCloseTo(expected, 14);
    expect(averagePrecision([0, 0, 1, 1, 1], [1, 1, 1, 1, 2])).toBeCloseTo(expected, 14);
    expect(averagePrecision([0, 1], [-0, 0])).toBe(0.5);
  });

  it('leaves out the unlabelled, and is null without a positive', () => {
    expect(averagePrecision([-1, 1, null, 0], [9, 2, 8, 1])).toBe(1);
    expect(averagePrecision([0, 0], [1, 2])).toBeNull();
    expect(averagePrecision([], [])).toBeNull();
  });

  it('is averaged over the labels that have a positive', () => {
    const labels = [
      [1, 0, 1],
      [0, 0, -1],
      [1, 0, 0],
    ];
    const scores = [
      [3, 1, 1],
      [2, 2, 2],
      [1, 3, 3],
    ];
    const { mean, byLabel, empty } = meanAveragePrecision(labels, scores, 3);
    expect(mean).toBeCloseTo(2 / 3, 14);
    expect(byLabel).toEqual([expect.closeTo(5 / 6, 14), null, 1 / 2]);
    expect(empty).toEqual([1]);
    expect(meanAveragePrecision([[0]], [[1]], 1)).toEqual({ mean: null, byLabel: [null], empty: [0] });
  });

  it('refuses bad labels, scores and shapes', () => {
    expect(() => averagePrecision([2], [1])).toThrow('labels[0]: expected 1, 0, or -1 or null');
    expect(() => averagePrecision([1], [Number.NaN])).toThrow('scores[0]: expected a finite number, got NaN');
    expect(() => averagePrecision([1, 0], [1])).toThrow('scores: expected 2 scores');
    expect(() => averagePrecision(undefined as never, [1])).toThrow(
      'labels: expected an array, one entry per sample, got undefined',
    );
    expect(() => averagePrecision([1], null as never)).toThrow('scores: expected an array');
    expect(() => meanAveragePrecision([[1, 0]], [[1]], 2)).toThrow('scores[0]: expected a row of 2 numbers');
    expect(() => meanAveragePrecision([[1], [0]], [[1]], 1)).toThrow('scores: expected 2 rows');
    expect(() => meanAveragePrecision([[1, 'x' as never]], [[1, 1]], 2)).toThrow('labels[0][1]');
  });
});

describe('shots', () => {
  it('part the classes by training counts', () => {
    expect(shotGroups([101, 100, 20, 19, 0])).toEqual({ many: [0], medium: [1, 2], few: [3, 4] });
    expect(shotGroups([9, 5, 1], { many: 5, few: 5 })).toEqual({ many: [0], medium: [1], few: [2] });
  });

  it('have each their class-balanced accuracy', () => {
    expect(shotAccuracy(actual, predicted, [200, 50, 40])).toEqual({ many: 0.75, medium: 0.75, few: null });
    expect(shotAccuracy(actual, predicted, [200, 50, 4, 3])).toEqual({ many: 0.75, medium: 0.5, few: 1 });
  });

  it('refuse bad counts and thresholds', () => {
    expect(() => shotGroups([1, -1])).toThrow('counts[1]: expected an integer ≥ 0, got -1');
    expect(() => shotGroups([1], { many: 10 })).toThrow(
      'thresholds.few: expected a number from 0 to many, 10, got 20',
    );
    expect(() => shotGroups([1], { most: 10 } as never)).toThrow(
      'thresholds.most: expected one of many, few',
    );
    expect(() => shotAccuracy([3], [0], [5, 5])).toThrow(
      'actual[0]: expected a class index from -1 to 1, got 3',
    );
  });
});
