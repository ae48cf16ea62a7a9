/**
 * Anchors with their mined samples. All comparisons are computed from them, except the relative one at class level.
 *
 * Anchors stand in G×n rows, as `backends/padded/rows.ts` says.
 *
 * @module
 */

import type { Options, Schema } from '../../spec/contract.js';
import { groupAttributes, rowsByColumn } from '../padded/rows.js';
import type { Columns } from './columns.js';
import { anchorMask, type ClassLists, mostMembers, smallest } from './mining.js';
import type { Minority } from './minority.js';
import {
  both,
  broadcast,
  concatenate,
  counting,
  dot,
  equal,
  greater,
  type JaxArray,
  less,
  mask,
  max,
  maximum,
  minimum,
  mul,
  neg,
  part,
  reshape,
  stack,
  sub,
  sum,
  transpose,
  where,
} from './operations.js';

/** The positives, or the negatives, of every anchor, hardest first. */
export type Side = {
  /** G×n×k sample indices (int32); where not valid, any sample. */
  readonly index: JaxArray;
  /** G×n×k of 0/1; all 0 in a row without an anchor. */
  readonly valid: JaxArray;
};

/** All anchors and their samples. */
export interface Pairs {
  /** G×n of 0/1. */
  readonly anchors: JaxArray;
  readonly positives: Side;
  readonly negatives: Side;
}

/** Class level: each class's lists, given to each of its anchors without the anchor itself. */
export function classPairs(
  columns: Columns,
  minority: Minority,
  { positives, negatives }: ClassLists,
  options: Options,
): Pairs {
  const { members } = columns;
  const [C, n] = members.shape as [number, number];
  const P = positives.index.shape[1] as number;
  const Q = negatives.index.shape[1] as number;
  const anchors = anchorMask(columns, minority, options);
  const row = reshape(anchors, [C, n, 1]);
  const listed = reshape(positives.index, [C, 1, P]);
  const valid = reshape(positives.valid, [C, 1, P]);
  // C×n×P: 1 at the member's place in its list
  const own = mask(both(equal(listed, counting(n, [1, n, 1])), greater(valid, 0)), members);
  const places = counting(P, [1, 1, P]);
  const at = where(greater(max(own, 2, true), 0), sum(mul(own, places), 2, true), P);
  // entries before the member's place stay, those after it move up by one
  const kept = Math.min(options.kappa, P);
  const moved = less(counting(kept, [1, 1, kept]), at);
  const shifted = (list: JaxArray, last: JaxArray): JaxArray => {
    const padded = concatenate([list, last], 2);
    return where(moved, part(list, 2, 0, kept), part(padded, 2, 1, kept + 1));
  };
  return {
    anchors,
    positives: {
      index: shifted(listed, part(listed, 2, 0, 1)), // any sample: it is not valid
      valid: mul(shifted(valid, mul(part(valid, 2, 0, 1), 0)), row),
    },
    negatives: {
      index: broadcast(reshape(negatives.index, [C, 1, Q]), [C, n, Q]),
      valid: mul(reshape(negatives.valid, [C, 1, Q]), row),
    },
  };
}

/**
 * Instance level (Eq. 6, 7): for each anchor, the farthest samples of its class and the nearest others.
 *
 * @param squared - 1×n×n or J×n×n squared distances, which rank as distances do
 */
export function instancePairs(
  schema: Schema,
  columns: Columns,
  minority: Minority,
  squared: JaxArray,
  options: Options,
): Pairs {
  const { kappa, rho } = options;
  const n = columns.members.shape[1] as number;
  const { anchors, same, others } = relations(schema, columns, anchorMask(columns, minority, options));
  const ofGroup = squared.shape[0] === 1 ? squared : matrixOfGroup(schema, squared);
  return {
    anchors,
    positives: hardest(same, neg(ofGroup), Math.min(kappa, mostMembers(n, rho))),
    negatives: hardest(others, ofGroup, Math.min(kappa, n)),
  };
}

/** Of J matrices, the one that each of the G groups of rows reads. */
export function matrixOfGroup(schema: Schema, matrices: JaxArray): JaxArray {
  if (!rowsByColumn(schema, 'instance')) return matrices;
  const parts = groupAttributes(schema, 'instance').map((j) => part(matrices, 0, j, j + 1));
  return concatenate(parts, 0);
}

/**
 * G×n anchors; and G×n×n masks of the other samples of the anchor's class, and of the samples not of it.
 *
 * @param alive - C×n anchors
 */
function relations(
  schema: Schema,
  { members, others }: Columns,
  alive: JaxArray,
): { anchors: JaxArray; same: JaxArray; others: JaxArray } {
  const [C, n] = members.shape as [number, number];
  const apart = sub(1, mask(equal(counting(n, [n, 1]), counting(n, [1, n])), members));
  const byColumn = rowsByColumn(schema, 'instance');
  const ofAttributes = (of: (own: (x: JaxArray) => JaxArray) => JaxArray): JaxArray =>
    stack(
      schema.attributes.map(({ columns: [first = 0], classes }) =>
        of((x) => part(x, 0, first, first + classes.length)),
      ),
    );
  const outer = (a: JaxArray, b: JaxArray): JaxArray =>
    byColumn
      ? mul(reshape(a, [C, n, 1]), reshape(b, [C, 1, n]))
      : ofAttributes((own) => dot(transpose(own(a)), own(b)));
  return {
    anchors: byColumn ? alive : ofAttributes((own) => sum(own(alive), 0)),
    same: mul(outer(alive, members), apart),
    others: outer(alive, others),
  };
}

/** The largest float32 but one, just below what stands for samples that are no candidates. */
const MOST = (2 - 2 ** -22) * 2 ** 127;

function hardest(candidates: JaxArray, softness: JaxArray, k: number): Side {
  const [G, n] = candidates.shape as [number, number, number];
  const count = sum(candidates, 2, true);
  // a square that overflowed stays a candidate (ruling: non-finite features)
  const numbers = broadcast(maximum(minimum(softness, MOST), -MOST), [G, n, n]);
  return {
    index: smallest(numbers, candidates, k),
    valid: mask(less(counting(k, [1, 1, k]), count), candidates),
  };
}
