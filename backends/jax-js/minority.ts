/**
 * `selectMinority` (Eq. 3) without sorting.
 *
 * @module
 */
import type { ClassColumn, Schema } from '../../spec/contract.js';
import type { Columns } from './columns.js';
import {
  add,
  both,
  constant,
  equal,
  greater,
  type JaxArray,
  less,
  lessEqual,
  mask,
  mul,
  reshape,
  sum,
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
 * The number of samples that the prefix holds up to class k is the sum over those classes of its attribute that do
 * not come after k by (size, index): a C×C comparison.
 */
export function minorityOf(schema: Schema, { members, others }: Columns, rho: number): Minority {
  const [C, n] = members.shape as [number, number];
  const sizes = sum(members, 1);
  const otherSizes = sum(others, 1);

  const own = reshape(sizes, [C, 1]);
  const rival = reshape(sizes, [1, C]);
  const smaller = mul(
    mask(less(rival, own), sizes),
    relation(schema, sizes, () => true),
  );
  const tiedNotLater = mul(
    mask(equal(rival, own), sizes),
    relation(schema, sizes, (one, other) => other.class <= one.class),
  );
  const held = sum(mul(add(smaller, tiedNotLater), rival), 1);

  // held is an integer, so held ≤ ρ·n_j is held ≤ ⌊ρ·n_j⌋. The product is in float64, which the graph does not have:
  // its steps are compared with n_j instead. The limit grows by one wherever ⌊ρ·count⌋ does, and ρ ≤ 1
  const steps = Array.from({ length: n }, (_, i) => Math.floor(rho * (i + 1)) - Math.floor(rho * i));
  const counts = constant(
    steps.map((_, i) => i + 1),
    [1, n],
    sizes.dtype,
  );
  const reached = mask(lessEqual(counts, reshape(add(sizes, otherSizes), [C, 1])), sizes);
  const limit = sum(mul(reached, constant(steps, [1, n], sizes.dtype)), 1);
  const surviving = mask(both(lessEqual(held, limit), greater(sizes, 1)), sizes);
  return { sizes, otherSizes, surviving };
}

/** C×C of 0/1: for which pairs of class columns of one attribute the relation holds. */
function relation(
  { columns }: Schema,
  like: JaxArray,
  holds: (own: ClassColumn, rival: ClassColumn) => boolean,
): JaxArray {
  const C = columns.length;
  const related = columns.flatMap((own) =>
    columns.map((rival) => +(own.attribute === rival.attribute && holds(own, rival))),
  );
  return constant(related, [C, C], like.dtype);
}
