/**
 * Class-level distances (Eq. 10), all on the minority class's column.
 *
 * @module
 */
import type { Batch, Options, Triplets } from './contract.js';
import { classScore } from './scores.js';

/** A triplet's distances and its hinge argument. */
export interface TripletTerm {
  /** d(a,+) = |p_a − p_+| */
  readonly positive: number;
  /** d(a,−) = p_a − p_−, signed (ruling: signed distance) */
  readonly negative: number;
  /** (m_j + d(a,+)) − d(a,−), evaluated left to right (ruling: hinge) */
  readonly excess: number;
}

/** The distances of triplet t, a row of {@link Triplets}. */
export function tripletTerm(batch: Batch, triplets: Triplets, t: number, options: Options): TripletTerm {
  const score = (role: number) => classScore(batch, triplets.get(t, role), tripletColumn(batch, triplets, t));
  const positive = Math.abs(score(0) - score(1));
  const negative = score(0) - score(2);
  const margin = options.margin[triplets.get(t, 3)] as number;
  return { positive, negative, excess: margin + positive - negative };
}

/** The class column of triplet t. */
export function tripletColumn(batch: Batch, triplets: Triplets, t: number): number {
  return batch.attributes[triplets.get(t, 3)]?.columns[triplets.get(t, 4)] as number;
}
