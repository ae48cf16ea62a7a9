/**
 * The focal loss, alone and weighted by effective number.
 *
 * @module
 */
import { outOfRange } from '../../spec/errors.js';
import { DEFAULT_BETA, effectiveNumberWeights } from './class-weights.js';
import { type RivalLoss, readOption, refuseUnknown, softmaxLoss } from './rival-loss.js';
import { type SeveralLabelsOption, sidesOf, sigmoidLoss } from './several-labels.js';

/** What {@link focalLoss} takes. */
export interface FocalOptions {
  /** γ ≥ 0; 0 is cross entropy. Default 2. */
  readonly gamma?: number;
  /** α_k ≥ 0 by class. Default: 1 for all. */
  readonly alpha?: readonly number[];
  /** Whether labels are n×K of 0/1, each with a sigmoid of its own; then without α. Default false. */
  readonly severalLabels?: boolean;
}

/**
 * L = −(1/n) Σ_i α_y (1 − p_y)^γ log p_y (Lin, Goyal, Girshick, He, Dollár: *Focal Loss for Dense Object
 * Detection*, ICCV 2017, Eq. 5), p a softmax; there, and with `severalLabels`, it is a sigmoid of two
 * classes.
 *
 * @throws InputRangeError
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { focalLoss } from 'class-rectification/rivals';
 * focalLoss()(tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0]])).arraySync().toFixed(4); // → '0.1733'
 * ```
 */
export function focalLoss(options: FocalOptions = {}): RivalLoss {
  refuseUnknown(options, ['gamma', 'alpha', 'severalLabels']);
  const { gamma = 2, alpha, severalLabels } = options;
  readGamma(gamma);
  if (severalLabels) {
    if (alpha) outOfRange('option-unknown', 'options.alpha', 'none where samples have several labels', alpha);
    return (labels, logits) => sigmoidLoss(labels, logits, undefined, gamma);
  }
  alpha?.forEach((a, k) => {
    if (!(a >= 0 && a < Number.POSITIVE_INFINITY))
      outOfRange('option-out-of-range', `options.alpha[${k}]`, 'a finite number ≥ 0', a);
  });
  return (labels, logits) => softmaxLoss(labels, logits, alpha, gamma);
}

/** What {@link classBalancedLoss} takes. */
export interface ClassBalancedOptions extends SeveralLabelsOption {
  /** n_k ≥ 1: training counts by class. */
  readonly counts: readonly number[];
  /** β in [0, 1). Default 0.9999. */
  readonly beta?: number;
  /** γ ≥ 0 of the focal loss that is weighted; 0 is cross entropy. Default 0. */
  readonly gamma?: number;
}

/**
 * L = −(1/n) Σ_i w_y (1 − p_y)^γ log p_y with the weights of {@link effectiveNumberWeights} (Cui, Jia,
 * Lin, Song, Belongie: *Class-Balanced Loss Based on Effective Number of Samples*, CVPR 2019). Of several
 * labels the two weights of each add up to 2.
 *
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { classBalancedLoss } from 'class-rectification/rivals';
 * const loss = classBalancedLoss({ counts: [1, 2], beta: 0.5 }); // weights 1.2 and 0.8
 * loss(tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0]])).arraySync().toFixed(4); // → '0.8318'
 * ```
 */
export function classBalancedLoss(options: ClassBalancedOptions): RivalLoss {
  refuseUnknown(options, ['counts', 'beta', 'gamma', 'samples']);
  const { counts, beta = DEFAULT_BETA, gamma = 0, samples } = options;
  readGamma(gamma);
  if (samples !== undefined) {
    const sides = sidesOf(counts, samples, (pair) => effectiveNumberWeights(pair, beta));
    return (labels, logits) => sigmoidLoss(labels, logits, sides, gamma);
  }
  const weights = effectiveNumberWeights(counts, beta);
  return (labels, logits) => softmaxLoss(labels, logits, weights, gamma);
}

function readGamma(gamma: number): void {
  readOption('gamma', gamma, 'a finite number ≥ 0', (g) => g >= 0 && g < Number.POSITIVE_INFINITY);
}
