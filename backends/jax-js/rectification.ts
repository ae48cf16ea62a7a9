/**
 * `rectificationLoss`: mining and L_crl, at both levels. jax-js differentiates it.
 *
 * @module
 */
import type { Options, Schema } from '../../spec/contract.js';
import { type Compared, classRelative } from './class-relative.js';
import type { Columns } from './columns.js';
import { compare, countTriplets } from './comparison.js';
import { classDistances, instanceDistances, squaredDistances } from './distances.js';
import { classLists, easiestMembers } from './mining.js';
import type { Minority } from './minority.js';
import { type JaxArray, sum } from './operations.js';
import { classPairs, instancePairs, type Pairs } from './pairs.js';

/**
 * Mines hard samples and compares them.
 *
 * @param features - M×n×d, at instance level; M is 1 if they are shared, else J
 */
export function rectification(
  schema: Schema,
  columns: Columns,
  minority: Minority,
  features: JaxArray | undefined,
  options: Options,
): Compared {
  if (options.level === 'class' && options.comparison === 'relative') {
    const easiest = options.anchors === 'easy' ? easiestMembers(columns, minority, options) : undefined;
    return classRelative(schema, columns, minority, classLists(columns, minority, options), options, easiest);
  }
  const pairs = minedPairs(schema, columns, minority, features, options);
  return comparePairs(schema, columns, pairs, features, options);
}

/** The mined samples of every anchor. */
export function minedPairs(
  schema: Schema,
  columns: Columns,
  minority: Minority,
  features: JaxArray | undefined,
  options: Options,
): Pairs {
  if (options.level === 'class') {
    return classPairs(columns, minority, classLists(columns, minority, options), options);
  }
  return instancePairs(schema, columns, minority, squaredDistances(features as JaxArray), options);
}

/** L_crl of the pairs. */
export function comparePairs(
  schema: Schema,
  columns: Columns,
  pairs: Pairs,
  features: JaxArray | undefined,
  options: Options,
): Compared {
  const distances =
    options.level === 'class'
      ? classDistances(columns, pairs)
      : instanceDistances(schema, features as JaxArray, pairs);
  return {
    loss: compare(schema, pairs, distances, options),
    anchors: sum(sum(pairs.anchors, 1)),
    triplets: countTriplets(pairs),
  };
}
