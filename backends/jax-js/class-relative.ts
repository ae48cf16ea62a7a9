/**
 * The relative comparison at class level (Eq. 9, 10), without a triplet for every anchor.
 *
 * The κ+1 lowest-scored members of a class are *listed*. All other members share the same κ positives and
 * score at least as high as each of them, so that (m + s_a − s_+) − (s_a − s_−) does not depend on s_a:
 * one representative anchor stands for them. A second one stands for those tied with the κ-th positive,
 * since |·| has derivative 0 at 0 (ruling: kinks). So κ+3 anchors per class are enough, each with a
 * weight, the number of members that it stands for.
 *
 * Easy anchors are at most κ per class, and each stands for itself.
 *
 * @module
 */
import type { Options, Schema } from '../../spec/contract.js';
import { type Columns, perColumn } from './columns.js';
import type { ClassList, ClassLists } from './mining.js';
import type { Minority } from './minority.js';
import {
  abs,
  add,
  both,
  concatenate,
  constant,
  constantOf,
  counting,
  div,
  equal,
  greater,
  type JaxArray,
  less,
  mask,
  max,
  maximum,
  mul,
  part,
  relu,
  reshape,
  sub,
  sum,
  where,
} from './operations.js';

/** L_crl, and what it was counted from. */
export interface Compared {
  readonly loss: JaxArray;
  /** |X_min|. */
  readonly anchors: JaxArray;
  /** |T|. */
  readonly triplets: JaxArray;
}

/**
 * L_crl of the lists of surviving classes.
 *
 * @param easiest - the anchors of each class. Default: all members
 */
export function classRelative(
  schema: Schema,
  columns: Columns,
  minority: Minority,
  { positives, negatives }: ClassLists,
  options: Options,
  easiest?: ClassList,
): Compared {
  const { scores } = columns;
  const C = scores.shape[0] as number;
  const P = positives.index.shape[1] as number;
  const Q = negatives.index.shape[1] as number;
  const alive = reshape(minority.surviving, [C, 1]);
  const { score, weight, own, count } = easiest
    ? easyRows(alive, positives, options, easiest)
    : allRows(columns, alive, positives, options);
  const R = score.shape[1] as number;

  const anchor = reshape(score, [C, R, 1]);
  const gap = sub(anchor, reshape(positives.score, [C, 1, P]));
  const margin = reshape(
    perColumn(schema, scores, ({ attribute }) => options.margin[attribute] as number),
    [C, 1, 1],
  );
  const lead = reshape(add(margin, abs(gap)), [C, R, P, 1]);
  const minus = reshape(sub(anchor, reshape(negatives.score, [C, 1, Q])), [C, R, 1, Q]);
  const excess = sub(lead, minus); // (m + d₊) − d₋, left to right (ruling: hinge)

  const pairs = mul(mul(own, reshape(positives.valid, [C, 1, P])), reshape(weight, [C, R, 1]));
  const counted = mul(reshape(pairs, [C, R, P, 1]), reshape(negatives.valid, [C, 1, 1, Q]));
  const triplets = sum(mul(sum(pairs, [1, 2]), sum(negatives.valid, 1)));
  const loss = sum(sum(mul(relu(excess), counted), [1, 2, 3]));
  return {
    loss: div(loss, maximum(triplets, 1)), // no triplet: 0/1, exactly 0 (ruling: nothing to compare)
    anchors: count,
    triplets,
  };
}

/** What stands for the anchors of a class, in C×R rows. */
interface AnchorRows {
  readonly score: JaxArray;
  /** How many anchors a row stands for. */
  readonly weight: JaxArray;
  /** C×R×P or 1×R×P of 0/1: the positives of each row, of those that are listed. */
  readonly own: JaxArray;
  /** |X_min|. */
  readonly count: JaxArray;
}

/** The listed members, the representative of the tied ones, and that of the members above: R = P + 2. */
function allRows(
  { scores, members }: Columns,
  alive: JaxArray,
  positives: ClassList,
  options: Options,
): AnchorRows {
  const [C, n] = scores.shape as [number, number];
  const P = positives.index.shape[1] as number;
  const kept = Math.min(options.kappa, P);
  const isListed = both(
    equal(reshape(positives.index, [C, 1, P]), counting(n, [1, n, 1])),
    greater(reshape(positives.valid, [C, 1, P]), 0),
  );
  const rest = mul(sub(members, sum(mask(isListed, scores), 2)), alive);
  const lastKept = constantOf(part(positives.score, 1, kept - 1, kept));
  const tied = mul(rest, mask(equal(scores, lastKept), scores));
  const above = sub(rest, tied);
  const tiedCount = sum(tied, 1, true);
  // a number equal to all of them, whose derivative is shared by them
  const spread = sum(mul(tied, sub(scores, constantOf(scores))), 1, true);
  const tiedScore = add(lastKept, div(spread, maximum(tiedCount, 1)));
  // where no member is above, the weight is 0
  const highest = max(where(greater(above, 0), scores, lastKept), 1, true);
  return {
    score: concatenate([positives.score, tiedScore, highest], 1),
    weight: concatenate([mul(positives.valid, alive), tiedCount, sum(above, 1, true)], 1),
    own: ownPositives(scores, P, kept),
    count: sum(mul(members, alive)),
  };
}

/** The easy anchors, each of which stands for itself: R is their number. */
function easyRows(alive: JaxArray, positives: ClassList, { kappa }: Options, easiest: ClassList): AnchorRows {
  const [C, P] = positives.index.shape as [number, number];
  const R = easiest.index.shape[1] as number;
  const isItself = both(
    equal(reshape(easiest.index, [C, R, 1]), reshape(positives.index, [C, 1, P])),
    greater(reshape(positives.valid, [C, 1, P]), 0),
  );
  const itself = mask(isItself, positives.score);
  const firstKept = mask(less(counting(P, [1, 1, P]), kappa), positives.score);
  const weight = mul(easiest.valid, alive);
  return {
    score: easiest.score,
    weight,
    // the positives of a listed anchor are all other listed ones, those of another the first κ
    own: mul(sub(1, itself), maximum(max(itself, 2, true), firstKept)),
    count: sum(weight),
  };
}

/** (P+2)×P of 0/1: the positives of a listed member are all other listed ones, those of a representative the first κ. */
function ownPositives(like: JaxArray, P: number, kept: number): JaxArray {
  const own = (a: number, p: number) => (a < P ? a !== p : p < kept);
  const values = Float32Array.from({ length: (P + 2) * P }, (_, at) => +own(Math.floor(at / P), at % P));
  return constant(values, [1, P + 2, P], like.dtype);
}
