/**
 * Small batches of labels, with minority classes chosen by the test.
 *
 * @module
 */
import fc from 'fast-check';
import { type AttributeInput, createSchema, type Encoding } from '../../../spec/index.js';
import { type FlatSchema, flattenSchema } from './flat-schema.js';
import { countClasses, createSelection, type Selection, setMinorityClasses } from './selection.js';

/** Labels row by row, with their schema and selection. */
export interface Labelled {
  readonly schema: FlatSchema;
  readonly labels: Int32Array;
  readonly size: number;
  readonly selection: Selection;
}

/** A schema of each encoding; the first has attributes of different sizes. */
export const FLAT_SCHEMAS: Readonly<Record<Encoding, FlatSchema>> = {
  categorical: schemaOf('categorical', [3, 2, 4]),
  'multi-label': schemaOf('multi-label', [2, 2, 2]),
  'one-attribute': schemaOf('one-attribute', [4]),
};

function schemaOf(encoding: Encoding, attributes: readonly AttributeInput[]): FlatSchema {
  return flattenSchema(createSchema({ encoding, attributes }));
}

/** @param minority - whether the class of a column counts as a minority class */
export function labelled(
  schema: FlatSchema,
  rows: readonly (readonly number[])[],
  minority: (column: number) => boolean,
): Labelled {
  const labels = Int32Array.from(rows.flat());
  const selection = createSelection(schema);
  countClasses(schema, labels, rows.length, selection);
  const classes: number[][] = Array.from({ length: schema.attributes }, () => []);
  for (let c = 0; c < schema.columns; c++) {
    if (minority(c)) classes[schema.attributeOf[c]]?.push(schema.classOf[c]);
  }
  setMinorityClasses(schema, classes, selection);
  return { schema, labels, size: rows.length, selection };
}

/** Labels of `fewest` to `most` samples, some unlabelled where the encoding allows it. */
export function anyRows(schema: FlatSchema, fewest: number, most: number): fc.Arbitrary<number[][]> {
  const label = (at: number) => {
    const classes = schema.first[at + 1] - schema.first[at];
    if (schema.encoding === 'categorical') return fc.integer({ min: -1, max: classes - 1 });
    return fc.integer({ min: schema.encoding === 'one-attribute' ? 0 : -1, max: 1 });
  };
  const row = fc.tuple(...Array.from({ length: schema.labelWidth }, (_, at) => label(at)));
  return fc.array(row, { minLength: fewest, maxLength: most });
}

/** Batches of up to 12 samples with any set of minority classes. */
export const anyLabelled: fc.Arbitrary<Labelled> = fc
  .constantFrom(...Object.values(FLAT_SCHEMAS))
  .chain((schema) =>
    fc
      .record({
        rows: anyRows(schema, 1, 12),
        minority: fc.array(fc.boolean(), { minLength: schema.columns, maxLength: schema.columns }),
      })
      .map(({ rows, minority }) => labelled(schema, rows, (c) => minority[c])),
  );

/** The columns of the classes that a sample is a member of, ascending. */
export function columnsOf({ schema, labels }: Labelled, sample: number): number[] {
  const row = Array.from(labels.subarray(sample * schema.labelWidth, (sample + 1) * schema.labelWidth));
  const columns = {
    categorical: () => row.map((label, j) => (label < 0 ? -1 : schema.first[j] + label)),
    'multi-label': () => row.map((label, s) => (label < 0 ? -1 : 2 * s + label)),
    'one-attribute': () => row.map((label, c) => (label === 1 ? c : -1)),
  }[schema.encoding]();
  return columns.filter((c) => c >= 0);
}
