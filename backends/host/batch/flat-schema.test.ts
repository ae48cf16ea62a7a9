import { describe, expect, it } from 'vitest';
import { createSchema, type Encoding } from '../../../spec/index.js';
import { type FlatSchema, flattenSchema } from './flat-schema.js';

/** The columns of a schema as arrays, and the widths of labels and scores. */
const FLAT_SCHEMAS: [Encoding, number[], Omit<FlatSchema, 'source' | 'encoding'>][] = [
  [
    'categorical',
    [3, 2],
    {
      attributes: 2,
      columns: 5,
      width: 5,
      labelWidth: 2,
      first: Int32Array.of(0, 3, 5),
      attributeOf: Int32Array.of(0, 0, 0, 1, 1),
      classOf: Int32Array.of(0, 1, 2, 0, 1),
      scoreOf: Int32Array.of(0, 1, 2, 3, 4),
      signOf: Int32Array.of(1, 1, 1, 1, 1),
    },
  ],
  [
    // a score is the probability that a label is present; the absent class reads it with a negative sign
    'multi-label',
    [2, 2, 2],
    {
      attributes: 3,
      columns: 6,
      width: 3,
      labelWidth: 3,
      first: Int32Array.of(0, 2, 4, 6),
      attributeOf: Int32Array.of(0, 0, 1, 1, 2, 2),
      classOf: Int32Array.of(0, 1, 0, 1, 0, 1),
      scoreOf: Int32Array.of(0, 0, 1, 1, 2, 2),
      signOf: Int32Array.of(-1, 1, -1, 1, -1, 1),
    },
  ],
  [
    'one-attribute',
    [3],
    {
      attributes: 1,
      columns: 3,
      width: 3,
      labelWidth: 3,
      first: Int32Array.of(0, 3),
      attributeOf: Int32Array.of(0, 0, 0),
      classOf: Int32Array.of(0, 1, 2),
      scoreOf: Int32Array.of(0, 1, 2),
      signOf: Int32Array.of(1, 1, 1),
    },
  ],
];

describe('a flat schema', () => {
  it.each(FLAT_SCHEMAS)(
    'has the columns of the schema, attribute by attribute, %s',
    (encoding, attributes, right) => {
      const schema = createSchema({ encoding, attributes });
      expect(flattenSchema(schema)).toEqual({ source: schema, encoding, ...right });
    },
  );
});
