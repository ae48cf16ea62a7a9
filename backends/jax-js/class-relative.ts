/**
 * The relative comparison at class level (Eq. 9, 10), without a triplet for every anchor.
 *
 * The κ+1 lowest-scored members of a class are *listed*. All other members share the same κ positives and
 * score at least as high as each of them, so that (m + s_a − s_+) − (s_a − s_−) does not depend on s_a:
 * one representative anchor stands for them. A second one stands for those tied with the κ-th positive,
 * since |·| has derivative 0 at 0 (ruling: kinks). So κ+3 anchors per class are enough, each with a
 * weight, the number of members that it stands for.
 *
 * @module
 */
import type { Options, Schema } from '../../spec/contract.js';
import { type Columns, perColumn } from './columns.js';
import type { ClassLists } from './mining.js';
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

/** L_crl of the lists of surviving classes. */
export function classRelative(
  schema: Schema,
  { scores, members }: Columns,
  { surviving }: Minority,
  { positives, negatives }: ClassLists,
  options: Options,
): Compared {
  const [C, n] = scores.shape as [number, number];
  const P = positives.index.shape[1] as number;
  const Q = negatives.index.shape[1] as number;
  const kept = Math.min(options.kappa, P);

  const alive = reshape(surviving, [C, 1]);
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

  // C×(P+2): the listed members, the representative of the tied ones, and that of the members above
  const anchorScore = concatenate([positives.score, tiedScore, highest], 1);
  const weight = concatenate([mul(positives.valid, alive), tiedCount, sum(above, 1, true)], 1);

  const anchor = reshape(anchorScore, [C, P + 2, 1]);
  const gap = sub(anchor, reshape(positives.score, [C, 1, P]));
  const margin = reshape(
    perColumn(schema, scores, ({ attribute }) => options.margin[attribute] as number),
    [C, 1, 1],
  );
  const lead = reshape(add(margin, abs(gap)), [C, P + 2, P, 1]);
  const minus = reshape(sub(anchor, reshape(negatives.score, [C, 1, Q])), [C, P + 2, 1, Q]);
  const excess = sub(lead, minus); // (m + d₊) − d₋, left to right (ruling: hinge)

  const pairs = mul(
    mul(ownPositives(scores, P, kept), reshape(positives.valid, [C, 1, P])),
    reshape(weight, [C, P + 2, 1]),
  );
  const counted = mul(reshape(pairs, [C, P + 2, P, 1]), reshape(negatives.valid, [C, 1, 1, Q]));
  const triplets = sum(mul(sum(pairs, [1, 2]), sum(negatives.valid, 1)));
  const loss = sum(sum(mul(relu(excess), counted), [1, 2, 3]));
  return {
    loss: div(loss, maximum(triplets, 1)), // no triplet: 0/1, exactly 0 (ruling: nothing to compare)
    anchors: sum(mul(members, alive)),
    triplets,
  };
}

/** (P+2)×P of 0/1: the positives of a listed member are all other listed ones, those of a representative the first κ. */
function ownPositives(like: JaxArray, P: number, kept: number): JaxArray {
  const own = (a: number, p: number) => (a < P ? a !== p : p < kept);
  const values = Float32Array.from({ length: (P + 2) * P }, (_, at) => +own(Math.floor(at / P), at % P));
  return constant(values, [1, P + 2, P], like.dtype);
}
