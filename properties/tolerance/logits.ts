/**
 * What may be wrong with a walk that starts from logits: the backend's softmax or sigmoid rounds
 * differently from the specification's, so that scores closer than rounding may be ranked either way.
 *
 * @module
 */
import { type Batch, classScore, crossEntropy, crossEntropyGradient } from '../../spec/index.js';
import type { Case } from '../cases/arbitraries.js';
import { tabulate } from '../cases/tabulate.js';
import { computedOnce, entries, type WholeWalk, wholeWalk } from '../walk.js';
import type { PartAllowances } from './balanced.js';
import { crossEntropyAllowance, crossEntropyTerms, sampleEntropyAllowance } from './cross-entropy.js';
import { type LossAllowance, lossAllowance } from './rectification.js';
import { roundoff, underflow } from './rounding.js';
import { weighing } from './weights.js';

/** What may be wrong with a walk from logits. */
export interface LogitAllowance {
  /** Of one probability, absolute. */
  readonly probability: number;
  readonly parts: PartAllowances;
  /** Of ce_i, given the cross entropy of the sample. */
  readonly sampleEntropy: (ce: number) => number;
  /** ∂L/∂logits, n×S, row by row; holds where the selection cannot differ. */
  readonly gradient: Float64Array;
  /** Of L_crl of the probabilities: at instance level also of its gradient, which no softmax can move. */
  readonly rectification: LossAllowance;
  /** The walk of the probabilities. */
  readonly walk: WholeWalk;
}

/**
 * Allowances of a walk from logits.
 *
 * - A probability: the relative error of an exponential grows with its argument, which is at most twice
 *   the largest logit; the sum of a softmax has as many terms as there are columns, a sigmoid has no sum; 16u
 *   for the rest.
 * - L_crl: that of scores which are off by so much.
 * - L_ce: that of its sum, and for each term the error of a probability and of the log of a softmax's sum.
 * - The gradient: through p_k·(G_k − Σ_l G_l·p_l), errors of G are weighted by p_k ≤ 1, and those of p by
 *   the slopes G of its row: at most four times, in p_k, in the sum, and in the p_l of either. With weights
 *   these count by w̄, those of the cross entropy by w_i, and w̄ is rounded. So are α and 1 − α, by u of 1, and not of
 *   themselves: for an α near 1 that is most of what the cross entropy may be off by. Any product may underflow.
 *
 * @param weights - w_i. Default: 1 for all
 * @param walk - the specification's walk of the case, if it is known
 */
export function logitAllowance(
  given: Case,
  u: number,
  weights?: ArrayLike<number>,
  walk = wholeWalk(given, weights),
): LogitAllowance {
  if (weights !== undefined) return allowanceOf(given, u, weights, walk);
  return computedOnce(walk, `logits ${u}`, () => allowanceOf(given, u, weights, walk));
}

function allowanceOf(
  given: Case,
  u: number,
  weights: ArrayLike<number> | undefined,
  walk: WholeWalk,
): LogitAllowance {
  const { batch, options } = given;
  const { alpha, level } = options;
  const reach = 2 * entries(batch.scores).reduce((most, z) => Math.max(most, Math.abs(z)), 0);
  const summed = batch.encoding === 'categorical' ? batch.columns.length : 0; // a sigmoid sums nothing
  const probability = u * (16 + summed + 2 * reach);
  const { own: weightOf, mean, error } = weighing(weights, batch.size, u);
  const rectification = areAnchorsCertain(walk, batch, probability)
    ? lossAllowance(walk, u, level === 'class' ? probability : 0)
    : unknown(walk);
  const width = batch.scoreWidth;
  const errors = rowSums(rectification.gradient, width);
  const slopes = rowSums(entries(walk.rectification.gradient), width);
  const ofCe = entries(crossEntropyGradient(batch));
  const gradient = entries(walk.batch.scores).map((own, at) => {
    const row = Math.floor(at / width);
    const crl =
      level === 'class' ? own * (errors[row] as number) + 4 * probability * (slopes[row] as number) : 0;
    const ofEntropy = ((1 - alpha) * 4 * probability) / batch.size + 4 * u * Math.abs(ofCe[at] as number);
    const rounding = error * own * alpha * mean * (slopes[row] as number);
    return mean * alpha * crl + weightOf(row) * ofEntropy + (level === 'class' ? rounding : 0) + underflow(u);
  });
  const ofExponentials = crossEntropyTerms(batch) * probability * (1 + reach);
  const ofCrossEntropy = crossEntropyAllowance(batch, crossEntropy(batch), u) + ofExponentials;
  const sampleEntropy = (ce: number) => sampleEntropyAllowance(batch, ce, u) + ofExponentials;
  const parts = {
    rectification: rectification.loss,
    crossEntropy: ofCrossEntropy,
    loss: rectification.loss + ofCrossEntropy,
  };
  return { probability, parts, sampleEntropy, gradient, rectification, walk };
}

/**
 * Whether the easy anchors are those that the specification chose, however a softmax rounds. Of two members of a
 * class that are closer than rounding either may be chosen, unless their logits are the same. At class level that
 * does not matter: L_crl depends on their scores alone. At instance level their features may be far apart.
 */
function areAnchorsCertain(
  { options, batch, hard, selection }: WholeWalk,
  logits: Batch,
  probability: number,
): boolean {
  if (options.anchors === 'all' || options.level === 'class') return true;
  return selection.minority.every((classes, j) =>
    classes.every((k) => {
      const column = batch.attributes[j]?.columns[k] as number;
      const score = (i: number) => classScore(batch, i, column);
      const own = hard.anchors.filter((a) => a.attribute === j && a.class === k).map(({ sample }) => sample);
      const chosen = new Set(own);
      const left = [...Array(batch.size).keys()].filter(
        (i) => batch.membership.get(i, column) === 1 && !chosen.has(i),
      );
      const lowest = own.reduce((least, i) => Math.min(least, score(i)), Number.POSITIVE_INFINITY);
      const highest = left.reduce((most, i) => Math.max(most, score(i)), Number.NEGATIVE_INFINITY);
      const close = [
        ...own.filter((i) => score(i) <= highest + 4 * probability),
        ...left.filter((i) => score(i) >= lowest - 4 * probability),
      ];
      return close.every((i) => hasSameScore(logits, i, close[0] as number, column));
    }),
  );
}

/** Allows every number. It is finite, since it is multiplied by α and by weights, which may be 0. */
const ANYTHING = Number.MAX_VALUE;

/** Where other samples may be compared, nothing is known of L_crl and its gradient. */
function unknown({ rectification }: WholeWalk): LossAllowance {
  const { length } = entries(rectification.gradient);
  return { loss: ANYTHING, gradient: new Float64Array(length).fill(ANYTHING) };
}

/** Whether two samples have the same scores. */
function isSameRow({ scores, scoreWidth }: Batch, i: number, k: number): boolean {
  for (let s = 0; s < scoreWidth; s++) if (scores.get(i, s) !== scores.get(k, s)) return false;
  return true;
}

/** Whether the logits of two samples give them the same probability of a class, however it is rounded. */
function hasSameScore(batch: Batch, i: number, k: number, column: number): boolean {
  if (isCertain(batch, i, column) && isCertain(batch, k, column)) return true;
  if (batch.encoding === 'categorical') return isSameRow(batch, i, k);
  return classScore(batch, i, column) === classScore(batch, k, column);
}

/**
 * Whether the probability of a logit is 1, in float32 as in float64: all that a softmax or sigmoid adds to 1 is at most a
 * sixteenth of what float64 holds. Such samples are ties, also for a backend that could tell their logits apart:
 * probabilities are ranked, never logits (ruling: probabilities).
 */
function isCertain({ columns, attributes, scores, encoding }: Batch, i: number, column: number): boolean {
  const logit = (of: number) => scores.get(i, columns[of]?.score as number);
  const isAhead = (rival: number, rivals: number) =>
    logit(column) - rival >= Math.log((16 * rivals) / roundoff({ precision: 'float64' }));
  if (encoding !== 'categorical') return isAhead(0, 1);
  const others = (attributes[columns[column]?.attribute as number]?.columns ?? []).filter(
    (c) => c !== column,
  );
  return others.every((other) => isAhead(logit(other), others.length));
}

/** Σ_s |x_is| of each row i of this width. */
function rowSums(values: ArrayLike<number>, width: number): number[] {
  return tabulate(Math.floor(values.length / width), (row) => {
    let sum = 0;
    for (let s = 0; s < width; s++) sum += Math.abs(values[row * width + s] as number);
    return sum;
  });
}

/**
 * Whether gradients can be compared: no two scores of a surviving class's column are closer than
 * rounding, unless their logits are the same (of a softmax, those of their whole rows), so that both
 * get the same score. The loss is continuous, so it is always compared.
 */
export function comparesLogitGradients(
  batch: Batch,
  { probability, walk }: Pick<LogitAllowance, 'probability' | 'walk'>,
): boolean {
  const { size } = batch;
  return batch.attributes.every(({ columns }, j) =>
    (walk.selection.minority[j] as readonly number[]).every((k) => {
      const column = columns[k] as number;
      const order = tabulate(size, (i) => ({ i, score: classScore(walk.batch, i, column) }));
      order.sort((a, b) => a.score - b.score);
      return order.every(({ i, score }, r) => {
        const next = order[r + 1];
        return (
          next === undefined || next.score - score > 4 * probability || hasSameScore(batch, i, next.i, column)
        );
      });
    }),
  );
}
