/**
 * Cross entropy (Eq. 2): summed over attributes, averaged over samples.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch } from './contract.js';
import { toProbabilities } from './probabilities.js';
import { SMALLEST_PROBABILITY } from './scores.js';

/**
 * L_ce = −(1/n) Σ_i Σ_j log p(y_ij = a_ij) (Eq. 2). Divides by n, unlabelled samples adding 0.
 *
 * From logits in a stable form; from probabilities as log max(p, 1e-7). Where each score stands
 * for itself (`multi-label`, `one-attribute`) it is −(1/n) ΣΣ [y log p + (1−y) log(1−p)].
 *
 * With weights, −(1/n) Σ_i w_i Σ_j log p(y_ij = a_ij) (ruling: sample weights).
 *
 * @param weights - w_i ≥ 0, one per sample, checked by `checkWeights`. Default: 1 for all
 * @returns L_ce in nats
 * @example
 * ```ts
 * import { createBatch, crossEntropy } from 'class-rectification/spec';
 * const batch = createBatch({ attributes: [2], labels: [[0], [-1]], scores: [[0.5, 0.5], [0.9, 0.1]] });
 * crossEntropy(batch).toFixed(6); // → '0.346574'
 * ```
 */
export function crossEntropy(batch: Batch, weights?: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < batch.size; i++) {
    for (const term of termsOf(batch, i)) sum += weightOf(weights, i) * term;
  }
  return sum / batch.size;
}

/**
 * ce_i, the cross entropy of each sample: the sum over its attributes or labels, 0 if it is unlabelled. Their
 * mean is L_ce.
 *
 * @returns n numbers in nats
 * @example
 * ```ts
 * import { createBatch, sampleCrossEntropies } from 'class-rectification/spec';
 * const batch = createBatch({ attributes: [2], labels: [[0], [-1]], scores: [[0.5, 0.5], [0.9, 0.1]] });
 * sampleCrossEntropies(batch).map((ce) => ce.toFixed(4)); // → ['0.6931', '0.0000']
 * ```
 */
export function sampleCrossEntropies(batch: Batch): number[] {
  return Array.from({ length: batch.size }, (_, i) => termsOf(batch, i).reduce((sum, term) => sum + term, 0));
}

/** −log p of each attribute of a sample, or of each label. */
function termsOf(batch: Batch, i: number): number[] {
  return batch.encoding === 'categorical'
    ? batch.attributes.map(({ columns }) => categoricalTerm(batch, i, columns))
    : batch.presence.map((_, s) => binaryTerm(batch, i, s));
}

function weightOf(weights: ArrayLike<number> | undefined, i: number): number {
  return weights === undefined ? 1 : (weights[i] as number);
}

/**
 * Derivative of L_ce: with respect to the logits if the batch holds logits ((p − y)/n, unlabelled
 * 0), else with respect to the probabilities, where max(p, 1e-7) has derivative 0 at and below 1e-7.
 *
 * @param weights - as in {@link crossEntropy}
 * @returns n×S
 */
export function crossEntropyGradient(batch: Batch, weights?: ArrayLike<number>): NdArray<Float64Array> {
  const probabilities = toProbabilities(batch).scores;
  const gradient = ndarray(new Float64Array(batch.size * batch.scoreWidth), [batch.size, batch.scoreWidth]);
  for (let i = 0; i < batch.size; i++) {
    for (let s = 0; s < batch.scoreWidth; s++) {
      const y = target(batch, i, s);
      if (y === undefined) continue;
      const p = probabilities.get(i, s);
      const slope = batch.fromLogits ? p - y : probabilitySlope(batch, p, y);
      gradient.set(i, s, (weightOf(weights, i) * slope) / batch.size);
    }
  }
  return gradient;
}

/** The label y of a score column: 1 or 0; undefined where the sample is unlabelled. */
function target(batch: Batch, i: number, s: number): number | undefined {
  const column = batch.presence[s] as number;
  const { attribute } = batch.columns[column] as { attribute: number };
  return batch.labelled.get(i, attribute) === 1 ? batch.membership.get(i, column) : undefined;
}

function categoricalTerm(batch: Batch, i: number, columns: readonly number[]): number {
  const own = columns.find((c) => batch.membership.get(i, c) === 1);
  if (own === undefined) return 0;
  const score = (c: number) => batch.scores.get(i, c);
  if (!batch.fromLogits) return -safeLog(score(own));
  const largest = columns.reduce((most, c) => Math.max(most, score(c)), Number.NEGATIVE_INFINITY);
  const total = columns.reduce((sum, c) => sum + Math.exp(score(c) - largest), 0);
  return largest - score(own) + Math.log(total);
}

function binaryTerm(batch: Batch, i: number, s: number): number {
  const y = target(batch, i, s);
  if (y === undefined) return 0;
  const score = batch.scores.get(i, s);
  if (!batch.fromLogits) return -(y === 1 ? safeLog(score) : safeLog(1 - score));
  return Math.max(score, 0) - score * y + Math.log1p(Math.exp(-Math.abs(score)));
}

function probabilitySlope(batch: Batch, p: number, y: number): number {
  if (y === 1) return p > SMALLEST_PROBABILITY ? -1 / p : 0;
  if (batch.encoding === 'categorical') return 0; // another class's score has no part in it
  return 1 - p > SMALLEST_PROBABILITY ? 1 / (1 - p) : 0;
}

function safeLog(p: number): number {
  return Math.log(Math.max(p, SMALLEST_PROBABILITY));
}
