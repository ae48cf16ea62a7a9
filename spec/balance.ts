/**
 * Stage 5, `balancedLoss`: the whole walk, L = α·L_crl + (1−α)·L_ce (Eq. 8).
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import ops from 'ndarray-ops';
import type { BalancedLoss, BalancedOptions, Batch } from './contract.js';
import { crossEntropy, crossEntropyGradient } from './cross-entropy.js';
import { readAlpha } from './options.js';
import { toProbabilities } from './probabilities.js';
import { requireScores } from './scores.js';
import { type Walk, walkStages } from './walk.js';
import { checkWeights, meanWeight } from './weights.js';

/**
 * The balanced loss of a batch (Eq. 8), its parts, its derivative and the counts of the walk.
 *
 * Without triplets L_crl is 0 and L = (1−α)·L_ce (ruling: nothing to compare). The derivative is
 * with respect to the scores as given: logits if the batch holds logits (then through the softmax
 * or sigmoid), else probabilities. At instance level L_crl has its own, with respect to the features.
 *
 * With weights L = (1/n) Σ_i w_i·(α·L_crl + (1−α)·ce_i) (ruling: sample weights): `rectification` is L_crl
 * as without weights, `crossEntropy` the weighted (1/n) Σ_i w_i·ce_i.
 *
 * @param weights - w_i ≥ 0, one per sample. Default: 1 for all
 * @throws InputTypeError, InputRangeError - without scores, without features at instance level, or for a
 * negative or non-finite weight
 * @example
 * ```ts
 * import { balancedLoss, createBatch, resolveOptions } from 'class-rectification/spec';
 * const scores = [[0.25, 0.75], [0.25, 0.75], [0.5, 0.5], [0.5, 0.5]];
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [1], [1]], scores });
 * balancedLoss(batch, { ...resolveOptions(batch), alpha: 1 }).rectification; // → 0.75
 * ```
 */
export function balancedLoss(
  batch: Batch,
  options: BalancedOptions,
  weights?: ArrayLike<number>,
): BalancedLoss {
  readAlpha(options.alpha);
  if (weights !== undefined) checkWeights(weights, batch.size);
  requireScores(batch);
  const probable = toProbabilities(batch);
  return balanceWalk(batch, probable, walkStages(probable, options), options, weights);
}

/**
 * The balanced loss of a batch that has been walked (Eq. 8).
 *
 * @param batch - scored; probabilities or logits
 * @param probable - its probabilities
 * @param walk - what stages 1 to 4 find in the probabilities
 * @param weights - w_i, as {@link balancedLoss} takes them
 */
export function balanceWalk(
  batch: Batch,
  probable: Batch,
  { selection, hard, triplets, rectification: crl }: Walk,
  { alpha, level }: BalancedOptions,
  weights?: ArrayLike<number>,
): BalancedLoss {
  // L_crl belongs to all samples, so it counts by their mean weight
  const share = weights === undefined ? alpha : alpha * meanWeight(weights);
  const ce = crossEntropy(batch, weights);
  const ceSlope = crossEntropyGradient(batch, weights);
  const found = {
    loss: share * crl.loss + (1 - alpha) * ce,
    rectification: crl.loss,
    crossEntropy: ce,
    statistics: { ...selection, anchors: hard.anchors.length, triplets: triplets.shape[0] as number },
  };
  const slope = crl.gradient as NdArray<Float64Array>;
  if (level === 'instance') {
    return { ...found, gradient: scaled(1 - alpha, ceSlope), featureGradient: scaled(share, slope) };
  }
  const crlSlope = scaled(share, batch.fromLogits ? throughProbabilities(probable, slope) : slope);
  const gradient = scaled(1 - alpha, ceSlope);
  ops.addeq(gradient, crlSlope);
  return { ...found, gradient };
}

function scaled(factor: number, a: NdArray<Float64Array>): NdArray<Float64Array> {
  return ndarray(
    a.data.map((x) => factor * x),
    a.shape,
  );
}

/**
 * A derivative with respect to probabilities, taken back to the logits they came from: softmax
 * gives p_k(G_k − Σ_l G_l p_l), sigmoid p(1−p)G.
 */
function throughProbabilities(probable: Batch, slope: NdArray<Float64Array>): NdArray<Float64Array> {
  const back = ndarray(new Float64Array(slope.data.length), slope.shape);
  for (let i = 0; i < probable.size; i++) {
    const p = (s: number) => probable.scores.get(i, s);
    if (probable.encoding === 'categorical') {
      for (const { columns } of probable.attributes) {
        const mean = columns.reduce((sum, c) => sum + slope.get(i, c) * p(c), 0);
        for (const c of columns) back.set(i, c, p(c) * (slope.get(i, c) - mean));
      }
    } else {
      for (let s = 0; s < probable.scoreWidth; s++) back.set(i, s, p(s) * (1 - p(s)) * slope.get(i, s));
    }
  }
  return back;
}
