/**
 * Logit adjustment.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { readClassCounts } from '../../spec/rules.js';
import { readOption } from './read-option.js';
import { type CheckOption, type RivalLoss, refuseUnknown, rivalLoss, softmaxLoss } from './rival-loss.js';
import { type SeveralLabelsOption, sidesOf, sigmoidLoss } from './several-labels.js';

/** The largest τ: no logit overflows float32 then, for any counts. The paper uses about 1. */
const MOST_TAU = 1000;

/** What {@link logitAdjustedLoss} takes. */
export interface LogitAdjustmentOptions extends SeveralLabelsOption, CheckOption {
  /** n_k ≥ 1: training counts by class. */
  readonly counts: readonly number[];
  /** τ from 0, which is cross entropy, to 1000. Default 1. */
  readonly tau?: number;
}

/**
 * Cross entropy, per sample, of the logits z_k + τ·log π_k, with π_k = n_k/N (Menon, Jayasumana, Rawat, Jain, Veit,
 * Kumar: *Long-tail Learning via Logit Adjustment*, ICLR 2021, Eq. 10). Predictions are made from the
 * model's own z. With several labels per sample, each label has z_k + τ·log(n_k/(N − n_k)), the difference
 * of the adjustments of its two sides.
 *
 * @throws InputTypeError, InputRangeError - on bad options; in a call, for wrong shapes or labels
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { logitAdjustedLoss } from 'class-rectification/rivals';
 * const loss = logitAdjustedLoss({ counts: [3, 1] }); // p of class 1 is then a quarter
 * loss(tf.tensor2d([[0, 1]]), tf.tensor2d([[0, 0]])).arraySync()[0].toFixed(4); // → '1.3863'
 * ```
 */
export function logitAdjustedLoss(options: LogitAdjustmentOptions): RivalLoss {
  refuseUnknown(options, ['counts', 'tau', 'samples', 'check']);
  const { counts, tau = 1, samples, check } = options;
  readOption('tau', tau, `a number from 0 to ${MOST_TAU}`, (t) => t >= 0 && t <= MOST_TAU);
  if (samples !== undefined) {
    const odds = logOdds(counts, samples).map((each) => tau * each);
    return rivalLoss({ classes: counts.length, severalLabels: true, check }, (y, z) =>
      sigmoidLoss(y, tf.add(z, tf.tensor1d(odds))),
    );
  }
  const shift = logPriors(readClassCounts(counts, 'counts', 1)).map((each) => tau * each);
  return rivalLoss({ classes: counts.length, check }, (y, z) =>
    softmaxLoss(y, tf.add(z, tf.tensor1d(shift))),
  );
}

/** log π_k = log(n_k/N) of training counts. */
export function logPriors(counts: readonly number[]): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.map((n) => Math.log(n / total));
}

/** log(n_k/(N − n_k)) of labels that n_k of N samples have; refuses what {@link sidesOf} refuses. */
export function logOdds(counts: readonly number[], samples: number): number[] {
  const { absent, present } = sidesOf(counts, samples, (pair) => pair);
  return present.map((n, k) => Math.log(n / (absent[k] as number)));
}
