/**
 * Sensitivity of a class and class-balanced accuracy (Eq. 17, 18).
 *
 * @module
 */

import { outOfRange, wrongType } from './errors.js';
import type { Matrix } from './matrix.js';
import { readMatrix } from './matrix.js';

/** What {@link classBalancedAccuracy} finds. */
export interface ClassBalancedAccuracy {
  /** A_bln = mean of S_i over the classes that have test samples; null if none has (Eq. 18). */
  readonly accuracy: number | null;
  /** S_i = n_(i,i)/n_i by class index; null for a class without test samples (Eq. 17). */
  readonly sensitivity: readonly (number | null)[];
  /** Classes without test samples: left out of the mean, and named (ruling: prediction and A_bln). */
  readonly empty: readonly number[];
}

/**
 * The predicted class of each sample of one single-label attribute: argmax, the lowest class index
 * on ties (ruling: prediction and A_bln).
 *
 * @param scores - n×K probabilities or logits
 * @param classes - K
 * @example
 * ```ts
 * import { predictedClasses } from 'class-rectification/spec';
 * predictedClasses([[0.2, 0.4, 0.4], [0.9, 0, 0.1]], 3); // → [1, 0]
 * ```
 */
export function predictedClasses(scores: Matrix<number>, classes: number): number[] {
  const given = readMatrix('scores', scores, classes);
  return Array.from({ length: given.rows }, (_, i) => {
    let best = 0;
    for (let k = 0; k < classes; k++) {
      const score = given.at(i, k);
      if (!Number.isFinite(score))
        outOfRange('score-not-finite', `scores[${i}][${k}]`, 'a finite number', score);
      if (score > given.at(i, best)) best = k;
    }
    return best;
  });
}

/**
 * The predicted sides of binary labels: 1, present, where p ≥ the threshold (ruling: prediction and
 * A_bln).
 *
 * @param scores - n×L of p(present)
 * @param labels - L
 * @param threshold - one number in [0, 1], or one per label. Default 0.5
 * @returns n×L of 0/1
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { predictedLabels } from 'class-rectification/spec';
 * predictedLabels([[0.5, 0.49], [0.2, 0.9]], 2); // → [[1, 0], [0, 1]]
 * ```
 */
export function predictedLabels(
  scores: Matrix<number>,
  labels: number,
  threshold: number | readonly number[] = 0.5,
): number[][] {
  const given = readMatrix<number>('scores', scores, labels);
  const thresholds = typeof threshold === 'number' ? new Array<number>(labels).fill(threshold) : threshold;
  if (thresholds.length !== labels) {
    outOfRange('option-out-of-range', 'threshold', `one number, or ${labels} (one per label)`, threshold);
  }
  thresholds.forEach((t, l) => {
    if (!(t >= 0 && t <= 1)) outOfRange('option-out-of-range', `threshold[${l}]`, 'a number in [0, 1]', t);
  });
  return Array.from({ length: given.rows }, (_, i) =>
    thresholds.map((t, l) => {
      const p = given.at(i, l);
      if (!Number.isFinite(p)) outOfRange('score-not-finite', `scores[${i}][${l}]`, 'a finite number', p);
      return p >= t ? 1 : 0;
    }),
  );
}

/**
 * Class-balanced accuracy of one attribute (Eq. 17, 18).
 *
 * @param actual - true class indices; −1 or null are left out
 * @param predicted - predicted class indices
 * @param classes - K
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { classBalancedAccuracy } from 'class-rectification/spec';
 * classBalancedAccuracy([0, 0, 0, 0, 1], [0, 0, 0, 0, 0], 3);
 * // → { accuracy: 0.5, sensitivity: [1, 0, null], empty: [2] }
 * ```
 */
export function classBalancedAccuracy(
  actual: ArrayLike<number | null>,
  predicted: ArrayLike<number>,
  classes: number,
): ClassBalancedAccuracy {
  requireList('actual', actual);
  requireList('predicted', predicted);
  if (!Number.isSafeInteger(classes) || classes < 1) {
    outOfRange('option-out-of-range', 'classes', 'an integer ≥ 1', classes);
  }
  if (actual.length !== predicted.length) {
    outOfRange('wrong-shape', 'predicted', `${actual.length} predictions, one per sample`, predicted.length);
  }
  const held = new Array<number>(classes).fill(0); // n_i
  const right = new Array<number>(classes).fill(0); // n_(i,i)
  for (let i = 0; i < actual.length; i++) {
    const k = readClass(actual[i] ?? -1, `actual[${i}]`, -1, classes);
    const guess = readClass(predicted[i], `predicted[${i}]`, 0, classes);
    if (k < 0) continue;
    held[k] = (held[k] as number) + 1;
    if (guess === k) right[k] = (right[k] as number) + 1;
  }
  const sensitivity = held.map((n, k) => (n === 0 ? null : (right[k] as number) / n));
  return {
    accuracy: meanOfKnown(sensitivity),
    sensitivity,
    empty: [...held.keys()].filter((k) => held[k] === 0),
  };
}

/**
 * Class-balanced accuracy over several attributes: the mean of their accuracies (ruling: prediction and
 * A_bln). An attribute without test samples is left out.
 *
 * @returns null if no attribute has a test sample
 * @example
 * ```ts
 * import { classBalancedAccuracy, meanAccuracy } from 'class-rectification/spec';
 * meanAccuracy([classBalancedAccuracy([0, 1], [0, 1], 2), classBalancedAccuracy([0, 1], [0, 0], 2)]); // → 0.75
 * ```
 */
export function meanAccuracy(attributes: readonly ClassBalancedAccuracy[]): number | null {
  return meanOfKnown(attributes.map(({ accuracy }) => accuracy));
}

/** The mean of the values that are known; null if none is. */
export function meanOfKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}

function readClass(value: unknown, where: string, low: number, classes: number): number {
  const expected = `a class index from ${low} to ${classes - 1}`;
  if (typeof value !== 'number') wrongType('wrong-type', where, expected, value);
  if (!Number.isInteger(value) || value < low || value >= classes) {
    outOfRange('label-out-of-range', where, expected, value);
  }
  return value;
}

/**
 * Checks that something is a list of values, one per sample.
 *
 * @throws InputTypeError
 */
export function requireList(where: string, list: unknown): void {
  const { length } = (list ?? {}) as { readonly length?: unknown };
  if (typeof list !== 'object' || typeof length !== 'number') {
    wrongType('wrong-type', where, 'an array, one entry per sample', list);
  }
}
