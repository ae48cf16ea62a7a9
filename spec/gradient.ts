/**
 * The derivative of L_crl in closed form (rulings: gradient, kinks).
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch, ClassColumn, Options, Triplets } from './contract.js';
import { tripletColumn, tripletTerm } from './distance.js';
import { classScore } from './scores.js';

/**
 * Derivative of the relative comparison (Eq. 9) with respect to the scores as given.
 *
 * A triplet with a positive hinge argument adds, over |T|: to its anchor sign(p_a − p_+) − 1, to
 * its positive −sign(p_a − p_+), to its negative 1. The selection is constant; max(0, x) has
 * derivative 1 for x > 0 else 0, |x| has 0 at 0.
 *
 * @returns n×S; the absent side of a label contributes with −1
 * @example
 * ```ts
 * import { createBatch, relativeGradient, resolveOptions } from 'class-rectification/spec';
 * import ndarray from 'ndarray';
 * const scores = [[0.25, 0.75], [0.5, 0.5], [0.5, 0.5]];
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [1]], scores });
 * const triplet = ndarray(Int32Array.of(0, 1, 2, 0, 0), [1, 5]);
 * Array.from(relativeGradient(batch, triplet, resolveOptions(batch)).data); // → [-2, 0, 1, 0, 1, 0]
 * ```
 */
export function relativeGradient(batch: Batch, triplets: Triplets, options: Options): NdArray<Float64Array> {
  const gradient = ndarray(new Float64Array(batch.size * batch.scoreWidth), [batch.size, batch.scoreWidth]);
  const count = triplets.shape[0] as number;
  for (let t = 0; t < count; t++) {
    if (!(tripletTerm(batch, triplets, t, options).excess > 0)) continue;
    const column = tripletColumn(batch, triplets, t);
    const [anchor, positive, negative] = [0, 1, 2].map((role) => triplets.get(t, role)) as [
      number,
      number,
      number,
    ];
    const slope = Math.sign(classScore(batch, anchor, column) - classScore(batch, positive, column));
    const { score, sign } = batch.columns[column] as ClassColumn;
    const add = (sample: number, amount: number) =>
      gradient.set(sample, score, gradient.get(sample, score) + sign * amount);
    add(anchor, slope - 1);
    add(positive, -slope);
    add(negative, 1);
  }
  // whole numbers until here: every entry is rounded once
  for (let at = 0; at < gradient.data.length; at++)
    gradient.data[at] = (gradient.data[at] as number) / (count || 1);
  return gradient;
}
