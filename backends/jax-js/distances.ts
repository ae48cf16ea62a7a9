/**
 * Distances of anchors to their samples (Eq. 10, 11).
 *
 * @module
 */
import type { Schema } from '../../spec/contract.js';
import { groupAttributes } from '../padded/rows.js';
import type { Columns } from './columns.js';
import { rowStarts, scoresAt } from './mining.js';
import {
  abs,
  add,
  broadcast,
  constant,
  greater,
  type JaxArray,
  mul,
  pick,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  where,
} from './operations.js';
import { matrixOfGroup, type Pairs, type Side } from './pairs.js';

/** Distances of valid pairs; of others, any finite number. */
export interface Distances {
  /** G×n×P: d(a,+). */
  readonly positive: JaxArray;
  /** G×n×Q: d(a,−). */
  readonly negative: JaxArray;
}

/** Class level (Eq. 10): |p_a − p_+|, and the signed p_a − p_−. */
export function classDistances({ scores }: Columns, { positives, negatives }: Pairs): Distances {
  const [C, n] = scores.shape as [number, number];
  const own = reshape(scores, [C, n, 1]);
  const gap = ({ index, valid }: Side) => sub(own, scoresAt(scores, index, valid));
  return { positive: abs(gap(positives)), negative: gap(negatives) };
}

/**
 * Instance level (Eq. 11): ‖f_a − f_*‖, computed from the features of the chosen pairs.
 *
 * @param features - 1×n×d, shared, or J×n×d
 */
export function instanceDistances(schema: Schema, features: JaxArray, pairs: Pairs): Distances {
  const [M, n, d] = features.shape as [number, number, number];
  const G = pairs.anchors.shape[0] as number;
  const rows = reshape(features, [M * n, d]);
  const own = reshape(M === 1 ? features : matrixOfGroup(schema, features), [M === 1 ? 1 : G, n, 1, d]);
  const starts =
    M === 1
      ? rowStarts(1, n, 3)
      : constant(
          Int32Array.from(groupAttributes(schema, 'instance'), (j) => j * n),
          [G, 1, 1],
          'int32' as never,
        );
  const measure = ({ index, valid }: Side): JaxArray => {
    const k = index.shape[2] as number;
    const there = broadcast(reshape(valid, [G, n, k, 1]), [G, n, k, d]);
    const apart = sub(own, pick(rows, add(index, starts), there));
    return norm(sum(square(apart), 3));
  };
  return { positive: measure(pairs.positives), negative: measure(pairs.negatives) };
}

/** The square root, with derivative 0 at 0 (ruling: kinks). */
function norm(squared: JaxArray): JaxArray {
  const isApart = greater(squared, 0);
  // the root of 1 takes the place of that of 0, whose derivative is infinite; NaN stays NaN
  return where(isApart, sqrt(where(isApart, squared, 1)), mul(squared, 0));
}

/**
 * M×n×n squared distances of all pairs, computed from differences. |a|² + |b|² − 2ab would lose small distances
 * between long vectors to rounding. They are one fused reduction, so that n×n×d numbers are never in memory.
 *
 * @param features - M×n×d
 */
export function squaredDistances(features: JaxArray): JaxArray {
  const [M, n, d] = features.shape as [number, number, number];
  return sum(square(sub(reshape(features, [M, n, 1, d]), reshape(features, [M, 1, n, d]))), 3);
}
