/**
 * Label-distribution-aware margins, with re-weighting that begins late.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { readClassCounts } from '../../spec/rules.js';
import { DEFAULT_BETA, effectiveNumberWeights } from './class-weights.js';
import { readOption } from './read-option.js';
import { type CheckOption, type RivalLoss, refuseUnknown, rivalLoss, softmaxLoss } from './rival-loss.js';
import { pickSide, type SeveralLabelsOption, sidesOf, sigmoidLoss } from './several-labels.js';

/** What {@link ldamLoss} takes. */
export interface LdamOptions extends SeveralLabelsOption, CheckOption {
  /** n_k ≥ 1: training counts by class. */
  readonly counts: readonly number[];
  /** The largest margin, that of the rarest class, ≥ 0. Default 0.5. */
  readonly maxMargin?: number;
  /** s > 0. Default 1; 30 in the authors' program, whose logits are cosines. */
  readonly scale?: number;
  /** β in [0, 1) of the weights. Default 0.9999. */
  readonly beta?: number;
}

/** LDAM, and the switch of its second stage. */
export type LdamLoss = RivalLoss & {
  /** Weighs samples by {@link effectiveNumberWeights} from the next step on; `reweight(false)` stops it. */
  readonly reweight: (on?: boolean) => void;
};

/**
 * Cross entropy, per sample, of the logits s·(z_k − Δ_k[k = y]), Δ_k = C/n_k^¼, C such that the largest is `maxMargin`
 * (Cao, Wei, Gaidon, Arechiga, Ma: *Learning Imbalanced Datasets with Label-Distribution-Aware Margin
 * Loss*, NeurIPS 2019). With several labels per sample, each label has its own C, and one margin for each
 * of its two sides: z_k − Δ where the label is present, z_k + Δ where it is absent.
 *
 * Its deferred re-weighting (DRW) is a second stage: call `reweight()` once the first has trained the
 * features, as the authors do after 80 % of the epochs, when the learning rate falls.
 *
 * @throws InputTypeError, InputRangeError - on bad options; in a call, for wrong shapes or labels
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { ldamLoss } from 'class-rectification/rivals';
 * const loss = ldamLoss({ counts: [16, 1], maxMargin: Math.log(3) }); // margins log(3)/2 and log(3)
 * const [y, z] = [tf.tensor2d([[0, 1]]), tf.tensor2d([[0, 0]])];
 * loss(y, z).arraySync()[0].toFixed(4); // → '1.3863'
 * loss.reweight();
 * loss(y, z).arraySync()[0].toFixed(4); // → '2.6094'
 * ```
 */
export function ldamLoss(options: LdamOptions): LdamLoss {
  refuseUnknown(options, ['counts', 'maxMargin', 'scale', 'beta', 'samples', 'check']);
  const { counts, maxMargin = 0.5, scale = 1, beta = DEFAULT_BETA, samples, check } = options;
  readOption('maxMargin', maxMargin, 'a finite number ≥ 0', (m) => m >= 0 && m < Number.POSITIVE_INFINITY);
  readOption('scale', scale, 'a finite number > 0', (s) => s > 0 && s < Number.POSITIVE_INFINITY);
  let weighted = false;
  const marginsOf = (sizes: readonly number[]) => {
    const rarest = sizes.reduce((a, b) => Math.min(a, b));
    return sizes.map((n) => maxMargin * (rarest / n) ** 0.25);
  };
  const ofOneLabel = (): RivalLoss => {
    const margins = marginsOf(readClassCounts(counts, 'counts', 1));
    const weights = effectiveNumberWeights(counts, beta);
    return rivalLoss({ classes: counts.length, check }, (labels, logits) => {
      const kept = tf.sub(logits, tf.mul(labels, tf.tensor1d(margins)));
      return softmaxLoss(labels, tf.mul(kept, scale), weighted ? weights : undefined);
    });
  };
  const ofSeveralLabels = (all: number): RivalLoss => {
    const { absent, present } = sidesOf(counts, all, marginsOf);
    const taken = { absent: absent.map((margin) => -margin), present };
    const weights = sidesOf(counts, all, (pair) => effectiveNumberWeights(pair, beta));
    return rivalLoss({ classes: counts.length, severalLabels: true, check }, (labels, logits) => {
      const kept = tf.sub(logits, pickSide(labels, taken));
      return sigmoidLoss(labels, tf.mul(kept, scale), weighted ? weights : undefined);
    });
  };
  return Object.assign(samples === undefined ? ofOneLabel() : ofSeveralLabels(samples), {
    reweight: (on = true) => {
      weighted = on;
    },
  });
}
