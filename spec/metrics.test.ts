import { describe, expect, it } from 'vitest';
import { classBalancedAccuracy, predictedClasses } from './index.js';

describe('class-balanced accuracy (Eq. 17, 18)', () => {
  it('weighs all classes alike, large or small', () => {
    expect(classBalancedAccuracy([0, 0, 0, 1], [0, 0, 1, 1], 2).accuracy).toBeCloseTo((2 / 3 + 1) / 2, 15);
  });

  it('leaves out a class without test samples, and names it', () => {
    expect(classBalancedAccuracy([0, 2, -1], [0, 1, 1], 3)).toEqual({
      accuracy: 0.5,
      sensitivity: [1, null, 0],
      empty: [1],
    });
  });

  it('is null where no class has a test sample', () => {
    expect(classBalancedAccuracy([-1], [0], 2).accuracy).toBeNull();
  });

  it('predicts the lowest class index on ties', () => {
    expect(
      predictedClasses(
        [
          [0.5, 0.5],
          [0.1, 0.9],
        ],
        2,
      ),
    ).toEqual([0, 1]);
  });

  it('refuses what is not a class', () => {
    expect(() => classBalancedAccuracy([0], [2], 2)).toThrow(
      'predicted[0]: expected a class index from 0 to 1, got 2',
    );
    expect(() => classBalancedAccuracy([0, 1], [0], 2)).toThrow('predicted: expected 2 predictions');
  });

  it('refuses what is no list of classes, and a number of classes that is none', () => {
    expect(() => classBalancedAccuracy(undefined as never, [0], 2)).toThrow(
      'actual: expected an array, one entry per sample, got undefined',
    );
    expect(() => classBalancedAccuracy([0], 'abc' as never, 2)).toThrow('predicted: expected an array');
    expect(() => classBalancedAccuracy({} as never, [0], 2)).toThrow(
      expect.objectContaining({ code: 'wrong-type', where: 'actual' }),
    );
    expect(classBalancedAccuracy([0], [0], 1).accuracy).toBe(1);
    for (const classes of [0, 1.5, undefined as never]) {
      expect(() => classBalancedAccuracy([0], [0], classes)).toThrow(
        expect.objectContaining({
          code: 'option-out-of-range',
          message: `classes: expected an integer ≥ 1, got ${classes}`,
        }),
      );
    }
  });
});
