/**
 * Ω, the imbalance of the training set, and α = ηΩ, the weight of L_crl (Eq. 8).
 *
 * @module
 */
import { outOfRange, wrongType } from './errors.js';

/** A named measure of imbalance (ruling: Ω), or Ω itself, in [0, 1]. */
export type Imbalance = 'shortfall' | 'transport' | 'ratio' | number;

/** η of the article; the paper cross-validates it (ruling: α). */
export const DEFAULT_ETA = 0.01;

const MEASURES: Record<string, (counts: readonly number[]) => number> = {
  /** The share that would be missing if every class grew to the largest: 1 − N/(K·max_k h_k). */
  shortfall: (h) => 1 - total(h) / (h.length * largest(h)),
  /** The share of samples that would have to change class for uniformity: ½Σ|h_k/N − 1/K|. */
  transport: (h) => 0.5 * h.reduce((sum, k) => sum + Math.abs(k / total(h) - 1 / h.length), 0),
  /** The article's min/max, which falls as imbalance grows. */
  ratio: (h) => h.reduce((a, b) => Math.min(a, b)) / largest(h),
};

/**
 * Ω of a training set (ruling: Ω), the mean over its attributes.
 *
 * @param counts - h_k, training-set counts of labelled samples, one array per attribute; empty
 * classes count. In `one-attribute` they are label occurrences
 * @param measure - default `shortfall`; a number is Ω itself
 * @returns Ω in [0, 1]; 0 for uniform data (`ratio`: 1)
 * @throws InputTypeError, InputRangeError - for an attribute without a labelled sample, a
 * count that is not a whole number ≥ 0, or an unknown measure
 * @example
 * ```ts
 * import { imbalance } from 'class-rectification/spec';
 * imbalance([[90, 10]]).toFixed(4); // → '0.4444'
 * imbalance([[90, 10]], 'transport'); // → 0.4
 * ```
 */
export function imbalance(counts: readonly (readonly number[])[], measure: Imbalance = 'shortfall'): number {
  if (typeof measure === 'number') {
    if (!(measure >= 0 && measure <= 1))
      outOfRange('option-out-of-range', 'imbalance', 'Ω in [0, 1]', measure);
    return measure;
  }
  if (typeof measure !== 'string')
    wrongType('wrong-type', 'imbalance', 'a named measure or a number', measure);
  if (!Object.hasOwn(MEASURES, measure)) {
    outOfRange(
      'option-out-of-range',
      'imbalance',
      `${Object.keys(MEASURES).join(' | ')} | a number`,
      measure,
    );
  }
  checkCounts(counts);
  const of = MEASURES[measure] as (h: readonly number[]) => number;
  return counts.reduce((sum, h) => sum + of(h), 0) / counts.length;
}

/**
 * α = η·Ω (Eq. 8).
 *
 * @param eta - η ≥ 0, default 0.01
 * @throws InputRangeError - an η below 0 or not finite; an α above 1: an error, not a clamp (ruling: α)
 * @example
 * ```ts
 * import { rectificationWeight } from 'class-rectification/spec';
 * rectificationWeight(0.5, 0.2); // → 0.1
 * ```
 */
export function rectificationWeight(omega: number, eta: number = DEFAULT_ETA): number {
  const expected = 'a finite number ≥ 0';
  if (typeof eta !== 'number') wrongType('wrong-type', 'eta', expected, eta);
  if (!(eta >= 0 && eta < Number.POSITIVE_INFINITY)) outOfRange('option-out-of-range', 'eta', expected, eta);
  const alpha = eta * omega;
  if (!(alpha >= 0 && alpha <= 1))
    outOfRange('option-out-of-range', 'alpha = eta·Ω', 'a number in [0, 1]', alpha);
  return alpha;
}

function checkCounts(counts: readonly (readonly number[])[]): void {
  if (!Array.isArray(counts) || counts.length === 0) {
    wrongType('wrong-type', 'counts', 'one array of class counts per attribute', counts);
  }
  counts.forEach((h, j) => {
    readClassCounts(h, `counts[${j}]`, 0);
    if (total(h) === 0) outOfRange('counts-invalid', `counts[${j}]`, 'at least one labelled sample', h);
  });
}

/**
 * Checks the training counts of one attribute, h_k by class index.
 *
 * @param where - names them in the error
 * @param least - what each must be at least: 1 where an empty class has no answer
 * @throws InputTypeError, InputRangeError - counts-invalid
 */
export function readClassCounts(counts: readonly number[], where: string, least: 0 | 1): readonly number[] {
  if (!Array.isArray(counts)) wrongType('wrong-type', where, 'an array of class counts', counts);
  if (counts.length === 0) outOfRange('counts-invalid', where, 'a count for each class', counts);
  counts.forEach((n: unknown, k) => {
    const expected = `an integer ≥ ${least}`;
    if (typeof n !== 'number') wrongType('wrong-type', `${where}[${k}]`, expected, n);
    if (!Number.isInteger(n) || n < least) outOfRange('counts-invalid', `${where}[${k}]`, expected, n);
  });
  return counts;
}

function largest(h: readonly number[]): number {
  return h.reduce((a, b) => Math.max(a, b));
}

function total(h: readonly number[]): number {
  return h.reduce((a, b) => a + b, 0);
}
