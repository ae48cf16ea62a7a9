/**
 * The focal loss, alone and weighted by effective number.
 *
 * @module
 */
import { outOfRange, wrongType } from '../../spec/errors.js';
import { DEFAULT_BETA, effectiveNumberWeights } from './class-weights.js';
import { readOption } from './read-option.js';
import { type CheckOption, type RivalLoss, refuseUnknown, rivalLoss, softmaxLoss } from './rival-loss.js';
import { type SeveralLabelsOption, sidesOf, sigmoidLoss } from './several-labels.js';

/** What {@link focalLoss} takes. */
export interface FocalOptions extends CheckOption {
  /** γ ≥ 0; 0 is cross entropy. Default 2. */
  readonly gamma?: number;
  /** α_k ≥ 0 by class. Default: 1 for all. */
  readonly alpha?: readonly number[];
  /** Whether labels are n×K of 0 and 1, with one sigmoid per label; then α is not available. Default false. */
  readonly severalLabels?: boolean;
}

/**
 * −α_y (1 − p_y)^γ log p_y of each sample (Lin, Goyal, Girshick, He, Dollár: *Focal Loss for Dense Object
 * Detection*, ICCV 2017, Eq. 5), p a softmax. In the paper, and with `severalLabels`, it is a sigmoid of
 * two classes.
 *
 * @throws InputTypeError, InputRangeError - on bad options; in a call, for wrong shapes or labels
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { focalLoss } from 'class-rectification/rivals';
 * focalLoss()(tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0]])).arraySync()[0].toFixed(4); // → '0.1733'
 * ```
 */
export function focalLoss(options: FocalOptions = {}): RivalLoss {
  refuseUnknown(options, ['gamma', 'alpha', 'severalLabels', 'check']);
  const { gamma = 2, alpha, severalLabels, check } = options;
  readGamma(gamma);
  if (severalLabels !== undefined && severalLabels !== false) {
    if (alpha) outOfRange('option-unknown', 'options.alpha', 'none where samples have several labels', alpha);
    return rivalLoss({ severalLabels, check }, (y, z) => sigmoidLoss(y, z, undefined, gamma));
  }
  if (alpha !== undefined && !Array.isArray(alpha)) {
    wrongType('wrong-type', 'options.alpha', 'an array, one number ≥ 0 per class', alpha);
  }
  alpha?.forEach((a, k) => {
    if (!(a >= 0 && a < Number.POSITIVE_INFINITY))
      outOfRange('option-out-of-range', `options.alpha[${k}]`, 'a finite number ≥ 0', a);
  });
  const classes = alpha && { classes: alpha.length };
  return rivalLoss({ ...classes, check }, (y, z) => softmaxLoss(y, z, alpha, gamma));
}

/** What {@link classBalancedLoss} takes. */
export interface ClassBalancedOptions extends SeveralLabelsOption, CheckOption {
  /** n_k ≥ 1: training counts by class. */
  readonly counts: readonly number[];
  /** β in [0, 1). Default 0.9999. */
  readonly beta?: number;
  /** γ ≥ 0 of the focal loss that is weighted; 0 is cross entropy. Default 0. */
  readonly gamma?: number;
}

/**
 * −w_y (1 − p_y)^γ log p_y of each sample with the weights of {@link effectiveNumberWeights} (Cui, Jia,
 * Lin, Song, Belongie: *Class-Balanced Loss Based on Effective Number of Samples*, CVPR 2019). With
 * several labels per sample, the two weights of each label add up to 2.
 *
 * @throws InputTypeError, InputRangeError - on bad options; in a call, for wrong shapes or labels
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { classBalancedLoss } from 'class-rectification/rivals';
 * const loss = classBalancedLoss({ counts: [1, 2], beta: 0.5 }); // weights 1.2 and 0.8
 * loss(tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 0]])).arraySync()[0].toFixed(4); // → '0.8318'
 * ```
 */
export function classBalancedLoss(options: ClassBalancedOptions): RivalLoss {
  refuseUnknown(options, ['counts', 'beta', 'gamma', 'samples', 'check']);
  const { counts, beta = DEFAULT_BETA, gamma = 0, samples, check } = options;
  readGamma(gamma);
  if (samples !== undefined) {
    const sides = sidesOf(counts, samples, (pair) => effectiveNumberWeights(pair, beta));
    return rivalLoss({ classes: counts.length, severalLabels: true, check }, (y, z) =>
      sigmoidLoss(y, z, sides, gamma),
    );
  }
  const weights = effectiveNumberWeights(counts, beta);
  return rivalLoss({ classes: counts.length, check }, (y, z) => softmaxLoss(y, z, weights, gamma));
}

function readGamma(gamma: number): void {
  readOption('gamma', gamma, 'a finite number ≥ 0', (g) => g >= 0 && g < Number.POSITIVE_INFINITY);
}
