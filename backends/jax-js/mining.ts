/**
 * `mineHardSamples` at class level (Eq. 4, 5): one list per class, not one per anchor.
 *
 * An anchor's κ positives are the κ+1 lowest-scored of its class without the anchor itself. One list of
 * κ+1 positives and one of κ negatives therefore serve all anchors of a class. Shapes are static; masks
 * tell which entries are valid.
 *
 * @module
 */
import type { Options } from '../../spec/contract.js';
import type { Columns } from './columns.js';
import type { Minority } from './minority.js';
import {
  add,
  ascendingOrder,
  both,
  constant,
  counting,
  equal,
  greater,
  type JaxArray,
  LARGEST,
  less,
  mask,
  mul,
  neg,
  part,
  pick,
  reshape,
  sum,
  where,
} from './operations.js';

/** One side's list for every class column: hardest first, lower index first among equals. */
export interface ClassList {
  /** C×k sample indices (int32); where not valid, any sample. */
  readonly index: JaxArray;
  /** C×k scores; 0 where not valid. */
  readonly score: JaxArray;
  /** C×k of 0/1. */
  readonly valid: JaxArray;
}

/** The lists of all class columns, also of classes that do not survive. */
export interface ClassLists {
  /** C×min(κ+1, {@link mostMembers}). */
  readonly positives: ClassList;
  /** C×min(κ, n). */
  readonly negatives: ClassList;
}

/** Above every number that is compared. */
const OUT_OF_REACH = LARGEST;

/**
 * The largest possible size of a surviving class in a batch of n, since Σh ≤ ρ·n (Eq. 3). Lists are not made
 * longer than that: κ is often larger than every class, and the work grows with the product of the lengths.
 */
export function mostMembers(n: number, rho: number): number {
  return Math.max(1, Math.floor(rho * n));
}

/** Mines both lists of every class column. */
export function classLists(columns: Columns, minority: Minority, { kappa, rho }: Options): ClassLists {
  const { scores, members, others } = columns;
  const n = scores.shape[1] as number;
  const length = Math.min(kappa + 1, mostMembers(n, rho));
  return {
    positives: listOf(columns, smallest(scores, members, length), minority.sizes),
    negatives: listOf(columns, smallest(neg(scores), others, Math.min(kappa, n)), minority.otherSizes),
  };
}

/** The κ easiest members of every class column: the highest scored, lower index first among equals. */
export function easiestMembers(columns: Columns, { sizes }: Minority, { kappa, rho }: Options): ClassList {
  const { scores, members } = columns;
  const k = Math.min(kappa, mostMembers(scores.shape[1] as number, rho));
  return listOf(columns, smallest(neg(scores), members, k), sizes);
}

/** C×n of 0/1: the anchors of surviving classes (rulings: anchors, easy anchors). */
export function anchorMask(columns: Columns, minority: Minority, options: Options): JaxArray {
  const [C, n] = columns.members.shape as [number, number];
  const alive = reshape(minority.surviving, [C, 1]);
  if (options.anchors === 'all') return mul(columns.members, alive);
  const { index, valid } = easiestMembers(columns, minority, options);
  const k = index.shape[1] as number;
  const isEasy = both(
    equal(reshape(index, [C, 1, k]), counting(n, [1, n, 1])),
    greater(reshape(valid, [C, 1, k]), 0),
  );
  return mul(sum(mask(isEasy, columns.members), 2), alive);
}

/** The places of the k smallest numbers among the candidates, along the last axis; any place where there are fewer. */
export function smallest(numbers: JaxArray, candidates: JaxArray, k: number): JaxArray {
  const reachable = where(greater(candidates, 0), numbers, OUT_OF_REACH);
  return part(ascendingOrder(reachable), numbers.ndim - 1, 0, k);
}

/** A list of places, of which the first `count` are valid, with the scores there. */
function listOf({ scores }: Columns, index: JaxArray, count: JaxArray): ClassList {
  const [C, k] = index.shape as [number, number];
  const valid = mask(less(counting(k, [1, k]), reshape(count, [C, 1])), scores);
  return { index, valid, score: scoresAt(scores, index, valid) };
}

/** C×…: the scores of C×n class columns at places in each of them; 0 where not valid. */
export function scoresAt(scores: JaxArray, index: JaxArray, valid: JaxArray): JaxArray {
  const [C, n] = scores.shape as [number, number];
  return pick(reshape(scores, [C * n]), add(index, rowStarts(C, n, index.ndim)), valid);
}

/** Where each of some rows starts in one long row, as int32 of a given number of axes. */
export function rowStarts(rows: number, width: number, axes: number): JaxArray {
  const starts = Int32Array.from({ length: rows }, (_, row) => row * width);
  return constant(starts, [rows, ...Array.from({ length: axes - 1 }, () => 1)], 'int32' as never);
}
