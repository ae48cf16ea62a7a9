/**
 * Cross entropy of a softmax, plain and weighted by class.
 *
 * @module
 */
import { inverseFrequencyWeights } from './class-weights.js';
import { type CheckOption, type RivalLoss, refuseUnknown, rivalLoss, softmaxLoss } from './rival-loss.js';
import { type SeveralLabelsOption, sidesOf, sigmoidLoss } from './several-labels.js';

/** What {@link crossEntropyLoss} takes. */
export interface CrossEntropyOptions extends CheckOption {
  /** Whether labels are n×K of 0 and 1 and p is a sigmoid. Default false. */
  readonly severalLabels?: boolean;
}

/**
 * −log p_y of each sample, whose mean is L = −(1/n) Σ_i log p_y (Eq. 2).
 *
 * @throws InputTypeError, InputRangeError - on bad options; in a call, for wrong shapes or labels
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { crossEntropyLoss } from 'class-rectification/rivals';
 * const perSample = crossEntropyLoss()(tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0]]));
 * perSample.shape; // → [1]
 * tf.mean(perSample).dataSync()[0].toFixed(4); // → '0.6931'
 * ```
 */
export function crossEntropyLoss(options: CrossEntropyOptions = {}): RivalLoss {
  refuseUnknown(options, ['severalLabels', 'check']);
  return rivalLoss(options, (y, z) => (options.severalLabels ? sigmoidLoss(y, z) : softmaxLoss(y, z)));
}

/** What {@link weightedCrossEntropyLoss} takes. */
export interface WeightedCrossEntropyOptions extends SeveralLabelsOption, CheckOption {
  /** n_k ≥ 1: training counts by class. */
  readonly counts: readonly number[];
}

/**
 * −w_y log p_y of each sample with w_k = N/(K·n_k), inverse frequency (King, Zeng: *Logistic Regression in
 * Rare Events Data*, 2001). The mean divides by n, not by the batch's weights. With several labels per
 * sample, each label has the weights N/(2·n_k) and N/(2·(N − n_k)).
 *
 * @throws InputTypeError, InputRangeError - on bad options; in a call, for wrong shapes or labels
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { weightedCrossEntropyLoss } from 'class-rectification/rivals';
 * const loss = weightedCrossEntropyLoss({ counts: [6, 2] });
 * loss(tf.tensor2d([[0, 1]]), tf.tensor2d([[0, 0]])).arraySync()[0].toFixed(4); // → '1.3863'
 * ```
 */
export function weightedCrossEntropyLoss(options: WeightedCrossEntropyOptions): RivalLoss {
  refuseUnknown(options, ['counts', 'samples', 'check']);
  const { counts, samples, check } = options;
  if (samples !== undefined) {
    const sides = sidesOf(counts, samples, inverseFrequencyWeights);
    return rivalLoss({ classes: counts.length, severalLabels: true, check }, (y, z) =>
      sigmoidLoss(y, z, sides),
    );
  }
  const weights = inverseFrequencyWeights(counts);
  return rivalLoss({ classes: counts.length, check }, (y, z) => softmaxLoss(y, z, weights));
}
