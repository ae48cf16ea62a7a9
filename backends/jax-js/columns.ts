/**
 * Labels and scores as class columns, as `spec/batch.ts` makes them.
 *
 * Arrays are laid out class by class, C×n, so that every reduction and every sort runs along the last axis.
 *
 * @module
 */
import type { Schema } from '../../spec/contract.js';
import {
  add,
  broadcast,
  concatenate,
  constant,
  equal,
  type JaxArray,
  mask,
  mul,
  part,
  reshape,
  sub,
  sum,
  transpose,
} from './operations.js';

/** A batch in class columns. Every member but `scores` is a mask of 0 and 1. */
export interface Columns {
  /** C×n: s_ic, with the sign of the class column. */
  readonly scores: JaxArray;
  /** C×n: sample i is of class c. */
  readonly members: JaxArray;
  /** C×n: sample i is labelled for the attribute of c, and not of class c. */
  readonly others: JaxArray;
}

/**
 * The class columns of labels and scores.
 *
 * @param labels - n×S as `Backend.tensorLoss` takes them, in the type of the scores
 * @param scores - n×S probabilities
 */
export function classColumns(schema: Schema, labels: JaxArray, scores: JaxArray): Columns {
  const [members, labelled] = memberships(schema, transpose(labels));
  return { scores: signed(schema, transpose(scores)), members, others: sub(labelled, members) };
}

/** A number for each class column, as a column: C×1. */
export function perColumn(
  schema: Schema,
  like: JaxArray,
  value: (column: Schema['columns'][number]) => number,
): JaxArray {
  return constant(schema.columns.map(value), [schema.columns.length, 1], like.dtype);
}

/** S×n scores as C×n: in `multi-label`, first the absent side of each label, with a minus, then its present side. */
function signed({ encoding }: Schema, scores: JaxArray): JaxArray {
  if (encoding !== 'multi-label') return scores;
  const sign = constant([-1, 1], [1, 2, 1], scores.dtype);
  return sides(scores, (side) => mul(side, sign));
}

function memberships(schema: Schema, labels: JaxArray): [members: JaxArray, labelled: JaxArray] {
  const [, n] = labels.shape as [number, number];
  if (schema.encoding === 'multi-label') {
    const value = constant([0, 1], [1, 2, 1], labels.dtype);
    const members = sides(labels, (side) => mask(equal(side, value), labels));
    const known = add(mask(equal(labels, 0), labels), mask(equal(labels, 1), labels));
    const labelled = sides(known, (side) => broadcast(side, [labels.shape[0] as number, 2, n]));
    return [members, labelled];
  }
  if (schema.encoding === 'one-attribute') {
    return [labels, add(mul(labels, 0), 1)];
  }
  const labelled = schema.attributes.map(({ columns }) => {
    const own = part(labels, 0, columns[0] as number, (columns[0] as number) + columns.length);
    return broadcast(sum(own, 0, true), [columns.length, n]);
  });
  return [labels, labelled.length === 1 ? (labelled[0] as JaxArray) : concatenate(labelled, 0)];
}

/** Both sides of L×n labels as 2L×n rows. @param of - from L×1×n to L×2×n */
function sides(x: JaxArray, of: (x: JaxArray) => JaxArray): JaxArray {
  const [labels, n] = x.shape as [number, number];
  return reshape(of(reshape(x, [labels, 1, n])), [2 * labels, n]);
}
