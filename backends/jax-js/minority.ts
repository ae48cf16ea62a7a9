/**
 * `selectMinority` (Eq. 3).
 *
 * @module
 */
import type { Schema } from '../../spec/contract.js';
import type { Columns } from './columns.js';
import {
  add,
  ascendingOrder,
  both,
  concatenate,
  constant,
  cumsum,
  greater,
  type JaxArray,
  lessEqual,
  mask,
  sub,
  sum,
  taken,
} from './operations.js';

/** The class profile and the surviving minority classes, by class column. All are without a derivative. */
export interface Minority {
  /** C: h^j_k. */
  readonly sizes: JaxArray;
  /** C: labelled samples that are not of the class, n_j − h^j_k. */
  readonly otherSizes: JaxArray;
  /** C of 0/1: a minority class with more than one sample. */
  readonly surviving: JaxArray;
}

/**
 * Surviving minority classes.
 *
 * Classes are sorted by (attribute, size, index), and a cumulative sum of their sizes is what the prefix holds up to
 * each: memory grows with C, not with C².
 */
export function minorityOf(schema: Schema, { members, others }: Columns, rho: number): Minority {
  const [, n] = members.shape as [number, number];
  const sizes = sum(members, 1);
  const otherSizes = sum(others, 1);

  const integers = sizes.ref.astype('int32' as never); // exact however many samples there are
  const ofAttribute = whole(schema.columns.map(({ attribute }) => attribute * (n + 1)));
  const order = ascendingOrder(add(integers, ofAttribute)); // ruling: tied class sizes
  const upTo = cumsum(taken(integers, order));
  // an attribute has the same places in the order as among the columns
  const before = whole(
    schema.columns.map(({ attribute }) => schema.attributes[attribute]?.columns[0] as number),
  );
  const held = sub(upTo, taken(concatenate([whole([0]), upTo], 0), before));

  // held is an integer, so held ≤ ρ·n_j is held ≤ ⌊ρ·n_j⌋, whose product is in float64, which the graph does not have
  const limits = whole(Array.from({ length: n + 1 }, (_, count) => Math.floor(rho * count)));
  const limit = taken(limits, add(sizes, otherSizes).astype('int32' as never));
  const inPrefix = taken(mask(lessEqual(held, limit), sizes), ascendingOrder(order));
  const surviving = mask(both(greater(inPrefix, 0), greater(sizes, 1)), sizes);
  return { sizes, otherSizes, surviving };
}

function whole(values: readonly number[]): JaxArray {
  return constant(values, [values.length], 'int32' as never);
}
