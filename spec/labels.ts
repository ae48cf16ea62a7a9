/**
 * Labels in any of the three encodings, as members of class columns (rulings: unlabelled samples,
 * multi-label data, one attribute).
 *
 * @module
 */
import type { Schema } from './contract.js';
import { described, outOfRange, wrongType } from './errors.js';
import { type Matrix, readMatrix } from './matrix.js';

/** Tells its visitor the class column of every sample of every class. */
export type MemberVisits = (member: (column: number) => void) => void;

/** Labels whose shape has been checked. */
export interface LabelReader {
  /** n ≥ 1. */
  readonly size: number;
  /**
   * Checks every label, and visits what they say.
   *
   * @param member - sample i is of class column c
   * @param labelled - sample i is labelled for attribute j
   * @throws InputTypeError, InputRangeError - naming the label that is wrong
   */
  visit(
    member: (sample: number, column: number) => void,
    labelled: (sample: number, attribute: number) => void,
  ): void;
}

/**
 * Checks the shape of some labels; their entries are checked as they are visited.
 *
 * @param labels - n×J class indices, −1 or null unlabelled; n×S of 0/1 for the two other encodings
 * @throws InputTypeError, InputRangeError - also where there is no sample at all
 */
export function readLabels(schema: Schema, labels: Matrix<number | null>): LabelReader {
  const given = readMatrix<number | null>('labels', labels, schema.labelWidth);
  const size = given.rows;
  if (size === 0) outOfRange('empty-batch', 'labels', 'at least one sample', described('none'));
  const { attributes, labelWidth } = schema;
  return {
    size,
    visit(member, labelled) {
      for (let i = 0; i < size; i++) {
        if (schema.encoding === 'one-attribute') {
          labelled(i, 0); // an all-zero row is a labelled sample, and a negative of every class
          for (let c = 0; c < labelWidth; c++) {
            if (readInteger(given.at(i, c), i, c, 0, 1) === 1) member(i, c);
          }
          continue;
        }
        for (let j = 0; j < labelWidth; j++) {
          const { columns } = attributes[j] as (typeof attributes)[number];
          const k = readInteger(given.at(i, j) ?? -1, i, j, -1, columns.length - 1);
          if (k < 0) continue; // ruling: unlabelled samples
          labelled(i, j);
          member(i, columns[k] as number);
        }
      }
    },
  };
}

/**
 * h_k: how many samples each class has, one array of counts per attribute.
 *
 * @param members - visits every sample of every class: those of a batch, or of a training set's labels
 */
export function classProfile({ attributes, columns }: Schema, members: MemberVisits): number[][] {
  const counts = new Float64Array(columns.length);
  members((column) => {
    counts[column] = (counts[column] as number) + 1;
  });
  return attributes.map((attribute) => attribute.columns.map((c) => counts[c] as number));
}

/**
 * h_k of a training set, one array of class counts per attribute: what Ω is computed from.
 *
 * @param labels - as `createBatch` takes them: n×J class indices, −1 or null unlabelled; n×S of 0/1
 * for the encodings `multi-label` and `one-attribute`
 * @throws InputTypeError, InputRangeError
 * @example
 * ```ts
 * import { classCounts, createSchema } from 'class-rectification/spec';
 * classCounts(createSchema({ attributes: [3] }), [[0], [0], [2], [-1]]); // → [[2, 0, 1]]
 * ```
 */
export function classCounts(schema: Schema, labels: Matrix<number | null>): number[][] {
  const given = readLabels(schema, labels);
  return classProfile(schema, (member) =>
    given.visit(
      (_, column) => member(column),
      () => {},
    ),
  );
}

function readInteger(value: unknown, i: number, at: number, low: number, high: number): number {
  if (Number.isInteger(value) && (value as number) >= low && (value as number) <= high)
    return value as number;
  const where = `labels[${i}][${at}]`;
  const expected = `an integer from ${low} to ${high}${low < 0 ? ' (-1 or null: unlabelled)' : ''}`;
  if (typeof value !== 'number') return wrongType('wrong-type', where, expected, value);
  return outOfRange('label-out-of-range', where, expected, value);
}
