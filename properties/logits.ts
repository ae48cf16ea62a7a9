/**
 * Judging a walk that starts from logits: the backend's softmax or sigmoid rounds differently from
 * the specification's, so that scores closer than rounding may legally be ranked either way.
 *
 * @module
 */
import { balancedLoss, classScore, rectificationLoss, toProbabilities, tripletTerm } from '../spec/index.js';
import type { Case } from './arbitraries.js';
import { sumError } from './tolerance.js';
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
  const logits = entries(batch.scores);
  const reach = 2 * logits.reduce((most, z) => Math.max(most, Math.abs(z)), 0);
  const probable = toProbabilities(batch);
  const { triplets, hard } = specWalk({ batch: probable, options });
  const count = triplets.shape[0] as number;
  const probability = u * (16 + batch.columns.length + 2 * reach);
  const terms = batch.encoding === 'categorical' ? batch.attributes.length : batch.scoreWidth;
  const { crossEntropy } = balancedLoss(batch, options);
  const slopes = entries(rectificationLoss(probable, hard, triplets, options).gradient);
  const p = entries(probable.scores);
  const gradient = new Float64Array(p.length);
  const width = batch.scoreWidth;
  for (let i = 0; i < batch.size; i++) {
    const rowSlope = slopes.slice(i * width, (i + 1) * width).reduce((sum, g) => sum + Math.abs(g), 0);
    for (let s = 0; s < width; s++) {
      const at = i * width + s;
      const crl = rowSlope * (4 * probability + sumError(count, u) * (p[at] as number));
      gradient[at] = options.alpha * crl + ((1 - options.alpha) * 4 * probability) / batch.size;
    }
  }
  const largestTerm = Math.max(...options.margin) + 3;
  return {
    probability,
    rectification: 4 * probability + sumError(count, u) * largestTerm,
    crossEntropy:
      sumError(batch.size * terms, u) * (crossEntropy + terms) + terms * probability * (1 + reach),
    gradient,
  };
}

/**
 * Whether gradients can be compared: no two scores of a surviving class's column are closer than
 * rounding (unless their rows of logits are the same, so that any softmax gives both the same), and
 * no hinge is that near its kink. The loss, which is continuous, is compared always.
 */
export function comparesLogitGradients({ batch, options }: Case, probability: number): boolean {
  const probable = toProbabilities(batch);
  const { selection, triplets } = specWalk({ batch: probable, options });
  for (let t = 0; t < (triplets.shape[0] as number); t++) {
    if (Math.abs(tripletTerm(probable, triplets, t, options).excess) <= 8 * probability) return false;
  }
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
