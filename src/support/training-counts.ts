/**
 * Training counts by class, as callers give them.
 *
 * @module
 */
import { outOfRange, wrongType } from '../../spec/errors.js';

/**
 * Checks the training counts of one attribute.
 *
 * @param counts - n_k by class index
 * @param least - what each must be at least: 1 where an empty class has no answer
 * @throws InputTypeError, InputRangeError - counts-invalid
 */
export function readCounts(counts: readonly number[], least: 0 | 1): readonly number[] {
  if (!Array.isArray(counts) || counts.length === 0) {
    wrongType('wrong-type', 'counts', 'an array of class counts', counts);
  }
  counts.forEach((n: unknown, k) => {
    const expected = `an integer ≥ ${least}`;
    if (typeof n !== 'number') wrongType('wrong-type', `counts[${k}]`, expected, n);
    if (!Number.isInteger(n) || n < least) outOfRange('counts-invalid', `counts[${k}]`, expected, n);
  });
  return counts;
}
