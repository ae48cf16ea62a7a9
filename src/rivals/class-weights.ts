/**
 * Weights of classes from their training counts.
 *
 * @module
 */
import { readClassCounts } from '../../spec/rules.js';
import { readOption } from './read-option.js';

/** β of the effective number, as Cui et al. choose it for long-tailed data. */
export const DEFAULT_BETA = 0.9999;

/**
 * w_k = N/(K·n_k): inverse frequency. The average weight of a training sample is 1.
 *
 * @param counts - n_k ≥ 1
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { inverseFrequencyWeights } from 'class-rectification/rivals';
 * inverseFrequencyWeights([6, 2]); // → [2 / 3, 2]
 * ```
 */
export function inverseFrequencyWeights(counts: readonly number[]): number[] {
  const total = readClassCounts(counts, 'counts', 1).reduce((a, b) => a + b, 0);
  return counts.map((n) => total / (counts.length * n));
}

/**
 * w_k ∝ (1 − β)/(1 − β^n_k), the inverse of the effective number of samples (Cui, Jia, Lin, Song,
 * Belongie: *Class-Balanced Loss Based on Effective Number of Samples*, CVPR 2019, proposition 1),
 * scaled to add up to K, as in the paper.
 *
 * @param counts - n_k ≥ 1
 * @param beta - β in [0, 1): 0 gives equal weights, values near 1 approach inverse frequency. Default 0.9999
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { effectiveNumberWeights } from 'class-rectification/rivals';
 * effectiveNumberWeights([1, 2], 0.5).map((w) => w.toFixed(2)); // → ['1.20', '0.80']
 * ```
 */
export function effectiveNumberWeights(counts: readonly number[], beta: number = DEFAULT_BETA): number[] {
  readOption('beta', beta, 'a number in [0, 1)', (b) => b >= 0 && b < 1);
  const inverse = readClassCounts(counts, 'counts', 1).map((n) => (1 - beta) / (1 - beta ** n));
  const total = inverse.reduce((a, b) => a + b, 0);
  return inverse.map((w) => (w * counts.length) / total);
}
