/**
 * Cross entropy of a softmax, plain and weighted by class.
 *
 * @module
 */
import { inverseFrequencyWeights } from './class-weights.js';
import { type RivalLoss, refuseUnknown, softmaxLoss } from './rival-loss.js';

/**
 * L = −(1/n) Σ_i log p_y (Eq. 2).
 *
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { crossEntropyLoss } from 'class-rectification/rivals';
 * crossEntropyLoss()(tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0]])).arraySync().toFixed(4); // → '0.6931'
 * ```
 */
export function crossEntropyLoss(): RivalLoss {
  return (labels, logits) => softmaxLoss(labels, logits);
}

/**
 * L = −(1/n) Σ_i w_y log p_y with w_k = N/(K·n_k), inverse frequency (King, Zeng: *Logistic Regression
 * in Rare Events Data*, 2001). Divides by n, not by the batch's weights.
 *
 * @param options - `counts`: n_k ≥ 1, training counts by class
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { weightedCrossEntropyLoss } from 'class-rectification/rivals';
 * const loss = weightedCrossEntropyLoss({ counts: [6, 2] });
 * loss(tf.tensor2d([[0, 1]]), tf.tensor2d([[0, 0]])).arraySync().toFixed(4); // → '1.3863'
 * ```
 */
export function weightedCrossEntropyLoss(options: { readonly counts: readonly number[] }): RivalLoss {
  refuseUnknown(options, ['counts']);
  const weights = inverseFrequencyWeights(options.counts);
  return (labels, logits) => softmaxLoss(labels, logits, weights);
}
