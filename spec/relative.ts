/**
 * Relative comparison (Eq. 9): the positive of a triplet should be nearer to the anchor than the
 * negative, by a margin. The term of a triplet is what is missing to that.
 *
 * @module
 */
import type { Batch, Options, Triplets } from './contract.js';
import { type Pair, pairDistance } from './distance.js';
import type { Compared } from './gradient.js';

/**
 * (m_j + d(a,+)) − d(a,−) of triplet t, evaluated left to right (ruling: hinge).
 *
 * @param t - a row of the triplets
 */
export function hingeArgument(batch: Batch, triplets: Triplets, t: number, options: Options): number {
  const { positive, negative } = tripletPairs(triplets, t);
  const margin = options.margin[positive.attribute] as number;
  return (
    margin +
    pairDistance(batch, options, positive, 'positive') -
    pairDistance(batch, options, negative, 'negative')
  );
}

/**
 * L_crl = (1/|T|) Σ_T max(0, m_j + d(a,+) − d(a,−)) (Eq. 9).
 *
 * |T| pools all attributes, classes and anchors (ruling: |T|); no triplet gives 0 (ruling: nothing
 * to compare). The derivative of max(0, x) is 1 for x > 0 else 0 (ruling: kinks).
 *
 * @example
 * ```ts
 * import { createBatch, relativeComparison, resolveOptions } from 'class-rectification/spec';
 * import ndarray from 'ndarray';
 * const scores = [[0.25, 0.75], [0.25, 0.75], [0.5, 0.5]];
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [1]], scores });
 * const triplet = ndarray(Int32Array.of(0, 1, 2, 0, 0), [1, 5]);
 * relativeComparison(batch, triplet, resolveOptions(batch)).loss; // → 0.75
 * ```
 */
export function relativeComparison(batch: Batch, triplets: Triplets, options: Options): Compared {
  const count = triplets.shape[0] as number;
  const excess = new Float64Array(count);
  for (let t = 0; t < count; t++) excess[t] = hingeArgument(batch, triplets, t, options);
  const sum = excess.reduce((total, one) => total + Math.max(0, one), 0);
  return {
    loss: count === 0 ? 0 : sum / count,
    // whole numbers, divided at the end: every entry of the gradient is rounded once
    divisor: count,
    visitSlopes(visit) {
      for (let t = 0; t < count; t++) {
        if (!((excess[t] as number) > 0)) continue;
        const { positive, negative } = tripletPairs(triplets, t);
        visit(positive, 'positive', 1);
        visit(negative, 'negative', -1);
      }
    },
  };
}

/** The two pairs of triplet t. */
export function tripletPairs(triplets: Triplets, t: number): { positive: Pair; negative: Pair } {
  const at = (column: number) => triplets.get(t, column);
  const pair = (role: number): Pair => ({ anchor: at(0), other: at(role), attribute: at(3), class: at(4) });
  return { positive: pair(1), negative: pair(2) };
}
