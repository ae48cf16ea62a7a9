/**
 * Average precision of multi-label predictions.
 *
 * @module
 */
import {
  type Matrix,
  meanOfKnown,
  outOfRange,
  readMatrix,
  requireList,
  wrongType,
} from '../../spec/rules.js';

/** What {@link meanAveragePrecision} finds. */
export interface MeanAveragePrecision {
  /** The mean over the labels that have a positive; null if none has. */
  readonly mean: number | null;
  /** Average precision by label; null for a label without a positive. */
  readonly byLabel: readonly (number | null)[];
  /** Labels without a positive: left out of the mean, and named. */
  readonly empty: readonly number[];
}

/**
 * Average precision of one label: Σ_t (R_t − R_(t−1))·P_t over the distinct scores t, highest first, with
 * P_t and R_t the precision and recall of the samples with a score ≥ t. Nothing is interpolated.
 *
 * Samples with equal scores are taken together, so that their order does not matter. If all scores are
 * equal, it is the share of positives.
 *
 * @param labels - 1 positive, 0 negative; −1 or null (unlabelled) are left out
 * @param scores - finite, higher for more likely; logits or probabilities
 * @returns a number in (0, 1]; null if there is no positive
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { averagePrecision } from 'class-rectification/metrics';
 * averagePrecision([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1]); // → (1 + 2 / 3) / 2
 * averagePrecision([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5]); // → 0.25
 * ```
 */
export function averagePrecision(labels: ArrayLike<number | null>, scores: ArrayLike<number>): number | null {
  requireList('labels', labels);
  requireList('scores', scores);
  if (labels.length !== scores.length)
    outOfRange('wrong-shape', 'scores', `${labels.length} scores, one per label`, scores.length);
  return ofLabel(
    labels.length,
    (i) => readLabel(labels[i], `labels[${i}]`),
    (i) => readScore(scores[i], `scores[${i}]`),
  );
}

/**
 * Average precision of each label, as {@link averagePrecision} computes it, and the mean (mAP).
 *
 * @param labels - n×L of 1, 0 and −1 or null (unlabelled)
 * @param scores - n×L
 * @param width - L
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { meanAveragePrecision } from 'class-rectification/metrics';
 * meanAveragePrecision([[1, 0], [0, 0]], [[0.2, 0.1], [0.6, 0.3]], 2);
 * // → { mean: 0.5, byLabel: [0.5, null], empty: [1] }
 * ```
 */
export function meanAveragePrecision(
  labels: Matrix<number | null>,
  scores: Matrix<number>,
  width: number,
): MeanAveragePrecision {
  const [given, ranked] = [
    readMatrix<number | null>('labels', labels, width),
    readMatrix<number>('scores', scores, width),
  ];
  if (given.rows !== ranked.rows)
    outOfRange('wrong-shape', 'scores', `${given.rows} rows, one per sample`, ranked.rows);
  const byLabel = Array.from({ length: width }, (_, l) =>
    ofLabel(
      given.rows,
      (i) => readLabel(given.at(i, l), `labels[${i}][${l}]`),
      (i) => readScore(ranked.at(i, l), `scores[${i}][${l}]`),
    ),
  );
  return {
    mean: meanOfKnown(byLabel),
    byLabel,
    empty: [...byLabel.keys()].filter((l) => byLabel[l] === null),
  };
}

function ofLabel(n: number, label: (i: number) => number, score: (i: number) => number): number | null {
  const samples = Array.from({ length: n }, (_, i) => ({ label: label(i), score: score(i) }))
    .filter((sample) => sample.label >= 0)
    .sort((a, b) => b.score - a.score);
  let [found, before, sum] = [0, 0, 0]; // positives so far, and as of the last score
  samples.forEach((sample, at) => {
    found += sample.label;
    if (samples[at + 1]?.score === sample.score) return; // the last of its score speaks for all
    sum += ((found - before) * found) / (at + 1);
    before = found;
  });
  return found === 0 ? null : sum / found;
}

function readLabel(value: unknown, where: string): number {
  const label = value ?? -1;
  const expected = '1, 0, or -1 or null (unlabelled)';
  if (typeof label !== 'number') wrongType('wrong-type', where, expected, label);
  if (![-1, 0, 1].includes(label)) outOfRange('label-out-of-range', where, expected, label);
  return label;
}

function readScore(value: unknown, where: string): number {
  if (typeof value !== 'number') wrongType('wrong-type', where, 'a finite number', value);
  if (!Number.isFinite(value)) outOfRange('score-not-finite', where, 'a finite number', value);
  return value;
}
