/**
 * Logits as probabilities: the softmax and the sigmoid.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch } from './contract.js';
/**
 * The batch with its logits turned into probabilities: a softmax over each attribute's classes, or
 * a sigmoid where each score stands for itself. A batch of probabilities is returned as it is.
 *
 * @example
 * ```ts
 * import { createBatch, toProbabilities } from 'class-rectification/spec';
 * const batch = createBatch({ attributes: [2], labels: [[0]], scores: [[3, 3]], fromLogits: true });
 * toProbabilities(batch).scores.get(0, 1); // → 0.5
 * ```
 */
export function toProbabilities(batch: Batch): Batch {
  if (!batch.fromLogits) return batch;
  const scores = ndarray(new Float64Array(batch.size * batch.scoreWidth), [batch.size, batch.scoreWidth]);
  for (let i = 0; i < batch.size; i++) {
    if (batch.encoding === 'categorical') {
      for (const { columns } of batch.attributes) softmax(batch.scores, scores, i, columns);
    } else {
      for (let s = 0; s < batch.scoreWidth; s++) scores.set(i, s, sigmoid(batch.scores.get(i, s)));
    }
  }
  return { ...batch, scores, fromLogits: false };
}

function softmax(
  logits: NdArray<Float64Array>,
  out: NdArray<Float64Array>,
  i: number,
  columns: readonly number[],
) {
  const largest = columns.reduce((most, c) => Math.max(most, logits.get(i, c)), Number.NEGATIVE_INFINITY);
  const powers = columns.map((c) => Math.exp(logits.get(i, c) - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  columns.forEach((c, k) => {
    out.set(i, c, (powers[k] as number) / total);
  });
}

/** Without overflow: the exponent is never positive. */
function sigmoid(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}
