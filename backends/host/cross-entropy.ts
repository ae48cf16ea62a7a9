/**
 * Cross entropy of probabilities and its derivative on flat arrays (Eq. 2). That of logits is computed with their
 * probabilities (probabilities.ts).
 *
 * @module
 */
import { SMALLEST_PROBABILITY } from '../../spec/rules.js';
import type { FloatArray } from './arrays/float-array.js';
import type { FlatSchema } from './batch/flat-schema.js';
import type { ScoreView } from './batch/scores.js';

/**
 * Returns L_ce of probabilities.
 *
 * @param labels - n rows of `schema.labelWidth`
 * @param terms - n numbers: ce_i, whose mean is L_ce, is added to entry i
 */
export function crossEntropy(
  schema: FlatSchema,
  labels: Int32Array,
  scores: ScoreView,
  size: number,
  terms?: Float64Array,
): number {
  let sum = 0;
  visitOwn(schema, labels, scores, size, (i, _, p) => {
    const term = -Math.log(Math.max(p, SMALLEST_PROBABILITY));
    sum += term;
    if (terms) terms[i] += term;
  });
  return sum / size;
}

/**
 * Adds Σ w_i·∂ce_i to a gradient, n×S row by row.
 *
 * @param weightOf - w_i
 */
export function addCrossEntropySlopes(
  schema: FlatSchema,
  labels: Int32Array,
  scores: ScoreView,
  size: number,
  weightOf: (i: number) => number,
  gradient: FloatArray,
): void {
  visitOwn(schema, labels, scores, size, (i, s, p, absent) => {
    if (p > SMALLEST_PROBABILITY) gradient[i * schema.width + s] += (absent ? weightOf(i) : -weightOf(i)) / p;
  });
}

/** Visits the probability that a sample has each of its labels, and the column of its score. */
function visitOwn(
  { encoding, labelWidth, first }: FlatSchema,
  labels: Int32Array,
  { data, offset, rowStride, columnStride }: ScoreView,
  size: number,
  visit: (i: number, column: number, p: number, absent: boolean) => void,
): void {
  for (let i = 0, at = 0; i < size; i++) {
    for (let l = 0; l < labelWidth; l++, at++) {
      const label = labels[at];
      if (label < 0) continue;
      const s = encoding === 'categorical' ? first[l] + label : l;
      const v = data[offset + i * rowStride + s * columnStride];
      const absent = encoding !== 'categorical' && label === 0;
      visit(i, s, absent ? 1 - v : v, absent);
    }
  }
}
