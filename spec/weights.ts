/**
 * Sample weights (ruling: sample weights).
 *
 * @module
 */
import { outOfRange, wrongType } from './errors.js';

/**
 * Checks the weights of a batch: n finite numbers ≥ 0. They may all be 0.
 *
 * @param size - n
 * @param where - their name in error messages
 * @throws InputTypeError, InputRangeError - naming the weight that is wrong
 * @example
 * ```ts
 * import { checkWeights } from 'class-rectification/spec';
 * checkWeights([1, 0, 2.5], 3); // → undefined
 * ```
 */
export function checkWeights(weights: ArrayLike<number>, size: number, where = 'weights'): void {
  const expected = `${size} numbers, one per sample`;
  if (!Array.isArray(weights) && !ArrayBuffer.isView(weights)) {
    wrongType('wrong-type', where, expected, weights);
  }
  if (weights.length !== size) outOfRange('wrong-shape', where, expected, weights.length);
  for (let i = 0; i < size; i++) {
    const weight: unknown = weights[i];
    const finite = 'a finite number ≥ 0';
    if (typeof weight !== 'number') wrongType('wrong-type', `${where}[${i}]`, finite, weight);
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) {
      outOfRange('weight-out-of-range', `${where}[${i}]`, finite, weight);
    }
  }
}

/**
 * w̄ = (1/n) Σ w_i, by which L_crl counts.
 *
 * @example
 * ```ts
 * import { meanWeight } from 'class-rectification/spec';
 * meanWeight([1, 0, 2]); // → 1
 * ```
 */
export function meanWeight(weights: ArrayLike<number>): number {
  return Array.from(weights).reduce((sum, w) => sum + w, 0) / weights.length;
}
