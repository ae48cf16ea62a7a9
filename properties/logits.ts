/**
 * Judging a walk that starts from logits: the backend's softmax or sigmoid rounds differently from
 * the specification's, so that scores closer than rounding may legally be ranked either way.
 *
 * @module
 */
import { balancedLoss, classScore, rectificationLoss, toProbabilities } from '../spec/index.js';
import type { Case } from './cases/arbitraries.js';
import { lossAllowance, sumError } from './tolerance.js';
import { entries, specWalk } from './walk.js';

/** What may be wrong with a walk from logits. */
export interface LogitAllowance {
  /** Of one probability, absolute. */
  readonly probability: number;
  readonly rectification: number;
  readonly crossEntropy: number;
  /** n×S, row by row; holds where the selection cannot differ. */
  readonly gradient: Float64Array;
}

/** Allowances of a walk from logits: the error of an exponential grows with its argument. */
export function logitAllowance({ batch, options }: Case, u: number): LogitAllowance {
  const reach = 2 * entries(batch.scores).reduce((most, z) => Math.max(most, Math.abs(z)), 0);
  const probable = toProbabilities(batch);
  const walk = specWalk({ batch: probable, options });
  const probability = u * (16 + batch.columns.length + 2 * reach);
  const terms = batch.encoding === 'categorical' ? batch.attributes.length : batch.scoreWidth;
  const { crossEntropy } = balancedLoss(batch, options);
  const ofProbabilities = lossAllowance(walk, u, options.level === 'class' ? probability : 0);
  const slopes = entries(rectificationLoss(probable, walk.hard, walk.triplets, options).gradient);
  const p = entries(probable.scores);
  const width = batch.scoreWidth;
  const gradient = Float64Array.from(p, (own, at) => {
    const start = at - (at % width);
    const row = (of: ArrayLike<number>) =>
      Array.from({ length: width }, (_, s) => Math.abs(of[start + s] as number)).reduce((a, b) => a + b, 0);
    // through p_k(G_k − Σ G_l p_l): errors of G are weighted by p_k ≤ 1, those of p by G
    const crl =
      options.level === 'class' ? own * row(ofProbabilities.gradient) + 4 * probability * row(slopes) : 0;
    return options.alpha * crl + ((1 - options.alpha) * 4 * probability) / batch.size;
  });
  return {
    probability,
    rectification: ofProbabilities.loss,
    crossEntropy:
      sumError(batch.size * terms, u) * (crossEntropy + terms) + terms * probability * (1 + reach),
    gradient,
  };
}

/**
 * Whether gradients can be compared: no two scores of a surviving class's column are closer than
 * rounding, unless their rows of logits are the same, so that any softmax gives both the same. The
 * loss, which is continuous, is compared always.
 */
export function comparesLogitGradients({ batch, options }: Case, probability: number): boolean {
  const probable = toProbabilities(batch);
  const { selection } = specWalk({ batch: probable, options });
  const rows = Array.from({ length: batch.size }, (_, i) =>
    JSON.stringify(Array.from({ length: batch.scoreWidth }, (_, s) => batch.scores.get(i, s))),
  );
  return batch.attributes.every(({ columns }, j) =>
    (selection.minority[j] as readonly number[]).every((k) => {
      const column = columns[k] as number;
      const order = rows
        .map((row, i) => ({ row, score: classScore(probable, i, column) }))
        .sort((a, b) => a.score - b.score);
      return order.every(({ row, score }, r) => {
        const next = order[r + 1];
        return next === undefined || next.row === row || next.score - score > 4 * probability;
      });
    }),
  );
}
