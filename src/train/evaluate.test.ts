import { describe, expect, it } from 'vitest';
import { evaluateMulti, evaluateSingle } from './evaluate.js';

const source = (labels: readonly number[][], classes: number) => ({
  records: labels.map((its, i) => ({ id: String(i), labels: its, file: '' })),
  classes: Array.from({ length: classes }, (_, k) => String(k)),
});
const scores = (rows: number[][]) => ({
  ids: rows.map((_, i) => String(i)),
  predicted: rows.map((row) => [row.indexOf(Math.max(...row))]),
  scores: rows,
  crossEntropy: 0.7,
});

describe('an evaluation', () => {
  it('of images of one class each has recall by class, and which was taken for which', () => {
    const found = evaluateSingle({
      source: source([[0], [0], [1], [2]], 3),
      scores: scores([
        [0.9, 0.1, 0],
        [0.2, 0.8, 0],
        [0, 1, 0],
        [0.5, 0.3, 0.2],
      ]),
      counts: [200, 50, 5],
    });
    expect(found).toMatchObject({
      images: 4,
      balancedAccuracy: 0.5,
      geometricMean: 0,
      meanAveragePrecision: null,
      shots: { many: 0.5, medium: 1, few: 0 },
      recall: [0.5, 1, 0],
      confusion: [
        [0, 0, 1],
        [0, 1, 1],
        [1, 1, 1],
        [2, 0, 1],
      ],
    });
  });

  it('of several attributes has means over them, and recall by class of each', () => {
    // colours 0 and 1, shapes 2 to 4; the third image has no shape
    const attributes = [
      { name: 'colour', classes: ['0', '1'] },
      { name: 'shape', classes: ['2', '3', '4'] },
    ];
    const found = evaluateSingle({
      source: source([[0, 2], [1, 4], [1]], 5),
      attributes,
      scores: {
        ...scores([[], [], []]),
        predicted: [
          [0, 3],
          [0, 4],
          [1, 2],
        ],
      },
      counts: [200, 50, 50, 50, 5],
    });
    // colours: 1 and 1/2; shapes: 0 and 1, one class without an image
    expect(found.recall).toEqual([1, 0.5, 0, null, 1]);
    expect(found.balancedAccuracy).toBeCloseTo((0.75 + 0.5) / 2, 12);
    expect(found.shots).toEqual({ many: 1, medium: 0.25, few: 1 });
    expect(found.confusion).toEqual([
      [0, 0, 1],
      [1, 0, 1],
      [1, 1, 1],
      [2, 3, 1],
      [4, 4, 1],
    ]);
  });

  it('of several labels per image has average precision, and labels by their thresholds', () => {
    const evaluated = {
      source: source([[0, 1], [0], []], 2),
      scores: scores([
        [0.9, 0.4],
        [0.3, 0.6],
        [0.2, 0.1],
      ]),
      counts: [200, 5],
    };
    const found = evaluateMulti(evaluated, 0.5);
    // label 0: found 1 of 2 and no other; label 1: found none, and one that is not
    expect(found.recall).toEqual([0.5, 0]);
    expect(found.macroF1).toBeCloseTo((2 / 3 + 0) / 2, 12);
    expect(found.balancedAccuracy).toBeCloseTo((0.75 + 0.25) / 2, 12);
    expect(found.averagePrecision).toEqual([1, 0.5]);
    expect(found).toMatchObject({ meanAveragePrecision: 0.75, shots: { many: 1, medium: null, few: 0.5 } });
    expect(evaluateMulti(evaluated, [0.3, 0.4]).recall).toEqual([1, 1]);
  });
});
