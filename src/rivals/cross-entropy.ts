/**
 * Cross entropy of a softmax, plain and weighted by class.
 *
 * @module
 */
import { inverseFrequencyWeights } from './class-weights.js';
import { type RivalLoss, refuseUnknown, softmaxLoss } from './rival-loss.js';
import { type SeveralLabelsOption, sidesOf, sigmoidLoss } from './several-labels.js';

/**
 * L = −(1/n) Σ_i log p_y (Eq. 2).
 *
 * @param options - `severalLabels`: labels are n×K of 0/1, p a sigmoid. Default false
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { crossEntropyLoss } from 'class-rectification/rivals';
 * crossEntropyLoss()(tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0]])).arraySync().toFixed(4); // → '0.6931'
 * ```
 */
export function crossEntropyLoss(options: { readonly severalLabels?: boolean } = {}): RivalLoss {
  refuseUnknown(options, ['severalLabels']);
  return options.severalLabels ? (y, z) => sigmoidLoss(y, z) : (y, z) => softmaxLoss(y, z);
}

/**
 * L = −(1/n) Σ_i w_y log p_y with w_k = N/(K·n_k), inverse frequency (King, Zeng: *Logistic Regression
 * in Rare Events Data*, 2001). Divides by n, not by the batch's weights. Of several labels each has the
 * weights N/(2·n_k) and N/(2·(N − n_k)).
 *
 * @param options - `counts`: n_k ≥ 1, training counts by class; `samples`: N, for several labels a sample
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { weightedCrossEntropyLoss } from 'class-rectification/rivals';
 * const loss = weightedCrossEntropyLoss({ counts: [6, 2] });
 * loss(tf.tensor2d([[0, 1]]), tf.tensor2d([[0, 0]])).arraySync().toFixed(4); // → '1.3863'
 * ```
 */
export function weightedCrossEntropyLoss(
  options: { readonly counts: readonly number[] } & SeveralLabelsOption,
): RivalLoss {
  refuseUnknown(options, ['counts', 'samples']);
  const { counts, samples } = options;
  if (samples !== undefined) {
    const sides = sidesOf(counts, samples, inverseFrequencyWeights);
    return (labels, logits) => sigmoidLoss(labels, logits, sides);
  }
  const weights = inverseFrequencyWeights(counts);
  return (labels, logits) => softmaxLoss(labels, logits, weights);
}
