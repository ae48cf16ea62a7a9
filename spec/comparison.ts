/**
 * Relative comparison (Eq. 9): a triplet costs what its positive is not nearer, by a margin, than
 * its negative.
 *
 * @module
 */
import type { Batch, Options, Triplets } from './contract.js';
import { tripletTerm } from './distance.js';

/**
 * L_crl = (1/|T|) Σ_T max(0, m_j + d(a,+) − d(a,−)) (Eq. 9).
 *
 * |T| pools all attributes, classes and anchors (ruling: |T|); no triplet gives 0 (ruling: nothing
 * to compare).
 *
 * @example
 * ```ts
 * import { createBatch, relativeComparison, resolveOptions } from 'class-rectification/spec';
 * import ndarray from 'ndarray';
 * const scores = [[0.25, 0.75], [0.25, 0.75], [0.5, 0.5]];
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [1]], scores });
 * const triplet = ndarray(Int32Array.of(0, 1, 2, 0, 0), [1, 5]);
 * relativeComparison(batch, triplet, resolveOptions(batch)); // → 0.75
 * ```
 */
export function relativeComparison(batch: Batch, triplets: Triplets, options: Options): number {
  const count = triplets.shape[0] as number;
  if (count === 0) return 0;
  let sum = 0;
  for (let t = 0; t < count; t++) sum += Math.max(0, tripletTerm(batch, triplets, t, options).excess);
  return sum / count;
}
