/**
 * A schema as flat arrays, made once: what the kernel's loops look up.
 *
 * @module
 */
import type { Encoding, Schema } from '../../../spec/rules.js';

/** The class columns of a schema, attribute-major. */
export interface Plan {
  readonly schema: Schema;
  readonly encoding: Encoding;
  /** J. */
  readonly attributes: number;
  /** C. */
  readonly columns: number;
  /** S. */
  readonly width: number;
  /** Entries of a row of labels: J class indices, or S of 0/1. */
  readonly labelWidth: number;
  /** J+1 numbers: the columns of attribute j are first[j] to first[j + 1] − 1. */
  readonly first: Int32Array;
  /** Of each column: its attribute, its class, its score, and the sign it is read with. */
  readonly attributeOf: Int32Array;
  readonly classOf: Int32Array;
  readonly scoreOf: Int32Array;
  readonly signOf: Int32Array;
  /** Of each score: the column of the class present, and, of a binary label, that of the class absent, else −1. */
  readonly presenceOf: Int32Array;
  readonly absenceOf: Int32Array;
}

/** A schema, laid out. */
export function layOut(schema: Schema): Plan {
  const { encoding, attributes, columns, scoreWidth, presence, labelWidth } = schema;
  const first = new Int32Array(attributes.length + 1);
  attributes.forEach((attribute, j) => {
    first[j + 1] = first[j] + attribute.columns.length;
  });
  const absence = new Int32Array(scoreWidth).fill(-1);
  columns.forEach(({ score, sign }, c) => {
    if (sign === -1) absence[score] = c;
  });
  return {
    schema,
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
    presenceOf: Int32Array.from(presence),
    absenceOf: absence,
  };
}
