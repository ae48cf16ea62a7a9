/**
 * A schema as flat arrays, which the loops of the kernel look things up in.
 *
 * @module
 */
import type { Encoding, Schema } from '../../../spec/rules.js';

/** The C class columns of a schema, attribute by attribute. */
export interface FlatSchema {
  /** The schema itself. */
  readonly source: Schema;
  readonly encoding: Encoding;
  /** J, the number of attributes. */
  readonly attributes: number;
  /** C, the number of class columns. */
  readonly columns: number;
  /** S, the number of scores of a sample. */
  readonly width: number;
  /** The length of a row of labels: J class indices, or S entries of 0 or 1. */
  readonly labelWidth: number;
  /** J + 1 numbers: the columns of attribute j are first[j] to first[j + 1] − 1. */
  readonly first: Int32Array;
  /** Of each column, its attribute. */
  readonly attributeOf: Int32Array;
  /** Of each column, its class within the attribute. */
  readonly classOf: Int32Array;
  /** Of each column, the index of its score in a row of scores. */
  readonly scoreOf: Int32Array;
  /**
   * Of each column, the sign its score is read with: −1 for the absent class of a label (ruling:
   * multi-label data).
   */
  readonly signOf: Int32Array;
}

/** Turns a schema into flat arrays. */
export function flattenSchema(schema: Schema): FlatSchema {
  const { encoding, attributes, columns, scoreWidth, labelWidth } = schema;
  const first = new Int32Array(attributes.length + 1);
  attributes.forEach((attribute, j) => {
    first[j + 1] = first[j] + attribute.columns.length;
  });
  return {
    source: schema,
    encoding,
    attributes: attributes.length,
    columns: columns.length,
    width: scoreWidth,
    labelWidth,
    first,
    attributeOf: Int32Array.from(columns, (column) => column.attribute),
    classOf: Int32Array.from(columns, (column) => column.class),
    scoreOf: Int32Array.from(columns, (column) => column.score),
    signOf: Int32Array.from(columns, (column) => column.sign),
  };
}
