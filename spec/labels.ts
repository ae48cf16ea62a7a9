/**
 * Labels in any of the three encodings, as the membership matrix Y (rulings: unlabelled samples,
 * multi-label data, one attribute).
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import ops from 'ndarray-ops';
import type { Schema } from './contract.js';
import { outOfRange, wrongType } from './errors.js';
import { type Matrix, readMatrix } from './matrix.js';

/** Labels, checked. */
export interface Membership {
  /** n ≥ 1. */
  readonly size: number;
  /** Y, n×C of 0/1. */
  readonly membership: NdArray<Uint8Array>;
  /** n×J of 0/1. */
  readonly labelled: NdArray<Uint8Array>;
}

/**
 * The membership matrix of some labels.
 *
 * @param labels - n×J class indices, −1 or null unlabelled; n×S of 0/1 for the two other encodings
 * @throws InputTypeError, InputRangeError - naming the label that is wrong; also for no sample at all
 */
export function readLabels(schema: Schema, labels: Matrix<number | null>): Membership {
  const width = schema.encoding === 'one-attribute' ? schema.columns.length : schema.attributes.length;
  const given = readMatrix<number | null>('labels', labels, width);
  const n = given.rows;
  if (n === 0) outOfRange('empty-batch', 'labels', 'at least one sample', 'none');
  const membership = ndarray(new Uint8Array(n * schema.columns.length), [n, schema.columns.length]);
  const labelled = ndarray(new Uint8Array(n * schema.attributes.length), [n, schema.attributes.length]);
  for (let i = 0; i < n; i++) {
    const row = (l: number) => given.at(i, l);
    if (schema.encoding === 'one-attribute') readMultiHotRow(schema, i, row, membership, labelled);
    else readClassRow(schema, i, row, membership, labelled);
  }
  return { size: n, membership, labelled };
}

/**
 * h_k of a training set, one array of class counts an attribute: what Ω is computed from.
 *
 * @param labels - as {@link readLabels} takes them
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { classCounts, createSchema } from 'class-rectification/spec';
 * classCounts(createSchema({ attributes: [3] }), [[0], [0], [2], [-1]]); // → [[2, 0, 1]]
 * ```
 */
export function classCounts(schema: Schema, labels: Matrix<number | null>): number[][] {
  const { membership } = readLabels(schema, labels);
  return schema.attributes.map(({ columns }) => columns.map((c) => ops.sum(membership.pick(null, c))));
}

/** One label an attribute: a class index, or −1/null (ruling: unlabelled samples). */
function readClassRow(
  schema: Schema,
  i: number,
  label: (j: number) => number | null,
  membership: NdArray<Uint8Array>,
  labelled: NdArray<Uint8Array>,
): void {
  schema.attributes.forEach((attribute, j) => {
    const where = `labels[${i}][${j}]`;
    const k = readInteger(label(j) ?? -1, where, -1, attribute.classes.length - 1);
    if (k < 0) return;
    labelled.set(i, j, 1);
    membership.set(i, attribute.columns[k] as number, 1);
  });
}

/** A multi-hot row: all labels are classes of one attribute (ruling: one attribute). */
function readMultiHotRow(
  schema: Schema,
  i: number,
  label: (c: number) => number | null,
  membership: NdArray<Uint8Array>,
  labelled: NdArray<Uint8Array>,
): void {
  labelled.set(i, 0, 1); // an all-zero row is a labelled sample, and a negative of every class
  for (let c = 0; c < schema.columns.length; c++) {
    membership.set(i, c, readInteger(label(c), `labels[${i}][${c}]`, 0, 1));
  }
}

function readInteger(value: unknown, where: string, low: number, high: number): number {
  const expected = `an integer from ${low} to ${high}${low < 0 ? ' (-1 or null: unlabelled)' : ''}`;
  if (typeof value !== 'number') wrongType('wrong-type', where, expected, value);
  if (!Number.isInteger(value) || value < low || value > high) {
    outOfRange('label-out-of-range', where, expected, value);
  }
  return value;
}
