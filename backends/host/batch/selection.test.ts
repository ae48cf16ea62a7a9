import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BatchInput,
  createBatch,
  createSchema,
  type Encoding,
  resolveOptions,
  selectMinority,
} from '../../../spec/index.js';
import { type SimdFunctions, simdFunctions } from '../simd/functions.js';
import { type FlatSchema, flattenSchema } from './flat-schema.js';
import {
  countClasses,
  createSelection,
  pairCounts,
  type Selection,
  selectMinorityClasses,
  setMinorityClasses,
  tripletCount,
} from './selection.js';
import { anyRows, columnsOf, FLAT_SCHEMAS } from './selection.test-helper.js';

/** Rows of labels, and ρ; many rows are drawn as repetitions of a few. */
function anyCase(schema: FlatSchema) {
  return fc
    .record({
      rows: anyRows(schema, 1, 40),
      times: fc.integer({ min: 1, max: 5 }),
      rho: fc.oneof(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.constantFrom(1 / 3, 0.5, 1)),
    })
    .map(({ rows, times, rho }) => ({ rows: Array.from({ length: times }, () => rows).flat(), rho }));
}

function expected({ source }: FlatSchema, rows: readonly (readonly number[])[], rho: number) {
  const { encoding, attributes } = source;
  // the selection does not depend on scores, so features will do
  const features = rows.map(() => [0]);
  const batch = createBatch({ encoding, attributes, labels: rows, features } as BatchInput);
  return selectMinority(batch, resolveOptions(batch, { rho }));
}

const flat = (rows: readonly (readonly number[])[]) => Int32Array.from(rows.flat());

/** The minority classes, attribute by attribute. */
function minorityOf(
  { attributes, attributeOf, classOf }: FlatSchema,
  { minorityCount, column }: Selection,
): number[][] {
  const found: number[][] = Array.from({ length: attributes }, () => []);
  for (const c of column.subarray(0, minorityCount)) found[attributeOf[c]]?.push(classOf[c]);
  return found;
}

/** Checks all that follows from which classes are minority classes, in a simpler way. */
function expectWhole(schema: FlatSchema, rows: readonly (readonly number[])[], selection: Selection): void {
  const { minorityCount, column, members, others, minorityIndexOf, profile } = selection;
  const batch = { schema, labels: flat(rows), size: rows.length, selection };
  const own = rows.map((_, i) => columnsOf(batch, i));
  const isLabelledFor = (c: number) => (i: number) =>
    schema.encoding === 'one-attribute' ||
    own[i]?.some((d) => schema.attributeOf[d] === schema.attributeOf[c]);
  const samples = rows.map((_, i) => i);
  for (let c = 0; c < schema.columns; c++) {
    const size = own.filter((columns) => columns.includes(c)).length;
    expect(profile[c]).toBe(size);
    const minorityIndex = column.subarray(0, minorityCount).indexOf(c);
    expect(minorityIndexOf[c]).toBe(minorityIndex);
    if (minorityIndex < 0) continue;
    expect(members[minorityIndex]).toBe(size);
    expect(others[minorityIndex]).toBe(samples.filter(isLabelledFor(c)).length - size);
  }
  const anchors = Array.from(members.subarray(0, minorityCount)).reduce((a, b) => a + b, 0);
  expect(selection.anchors).toBe(anchors);
}

/** Labels that no class has, in any attribute of the schema. */
const BAD_LABELS: Readonly<Record<Encoding, readonly number[]>> = {
  categorical: [-2, 4, 2 ** 31 - 1, -(2 ** 31)],
  'multi-label': [-2, 2, 3, 2 ** 31 - 1, -(2 ** 31)],
  'one-attribute': [-1, 2, 3, 2 ** 31 - 1, -(2 ** 31)],
};

describe.each(Object.values(FLAT_SCHEMAS))('of $encoding labels', (schema) => {
  it('the minority classes are those of the specification, also after another batch', () => {
    fc.assert(
      fc.property(fc.array(anyCase(schema), { minLength: 1, maxLength: 3 }), (batches) => {
        const selection = createSelection(schema);
        for (const { rows, rho } of batches) {
          expect(countClasses(schema, flat(rows), rows.length, selection)).toBe(true);
          selectMinorityClasses(schema, rho, selection);
          const right = expected(schema, rows, rho);
          expect(minorityOf(schema, selection)).toEqual(right.minority);
          expectWhole(schema, rows, selection);
        }
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  it('minority classes given by the caller are taken as they are', () => {
    const rows = Array.from({ length: 9 }, (_, i) => new Array<number>(schema.labelWidth).fill(i % 2));
    const selection = createSelection(schema);
    countClasses(schema, flat(rows), rows.length, selection);
    selectMinorityClasses(schema, 1, selection);
    const minority = Array.from({ length: schema.attributes }, (_, j) => (j === 0 ? [1] : [0, 1]));
    setMinorityClasses(schema, minority, selection);
    expect(minorityOf(schema, selection)).toEqual(minority);
    expectWhole(schema, rows, selection);
  });

  it('labels out of range are found anywhere in a batch', () => {
    // up to more rows than are counted together
    for (const size of [1, 3, 64, 65, 130]) {
      const labels = new Int32Array(size * schema.labelWidth);
      expect(countClasses(schema, labels, size, createSelection(schema))).toBe(true);
      for (const at of [0, labels.length >> 1, labels.length - 1]) {
        for (const bad of BAD_LABELS[schema.encoding]) {
          expect(countClasses(schema, labels.with(at, bad), size, createSelection(schema))).toBe(false);
        }
      }
    }
  });

  it('there are κ² triplets and 2κ pairs per anchor if there are enough samples', () => {
    fc.assert(
      fc.property(anyCase(schema), fc.integer({ min: 1, max: 9 }), ({ rows, rho }, kappa) => {
        const selection = createSelection(schema);
        // a larger batch before this one must not count
        const before = Array.from({ length: 8 }, (_, i) => new Array<number>(schema.labelWidth).fill(i % 2));
        for (const given of [before, rows]) {
          countClasses(schema, flat(given), given.length, selection);
          selectMinorityClasses(schema, given === before ? 1 : rho, selection);
        }
        let [triplets, positive, negative] = [0, 0, 0];
        for (let t = 0; t < selection.minorityCount; t++) {
          const members = selection.members[t];
          const positives = Math.min(kappa, members - 1);
          const negatives = Math.min(kappa, selection.others[t]);
          triplets += members * positives * negatives;
          positive += members * positives;
          negative += members * negatives;
        }
        expect(tripletCount(selection, kappa)).toBe(triplets);
        expect(pairCounts(selection, kappa)).toEqual({ positive, negative });
      }),
      { seed: 1 },
    );
  });
});

it.each([
  [1, 1],
  [3, 5],
  [4, 70],
  [7, 200],
  [28, 2400],
  [70_001, 3],
])('rows of %d labels, %d rows, are counted with SIMD and without', (width, size) => {
  const schema = flattenSchema(createSchema({ attributes: [width], encoding: 'one-attribute' }));
  const labels = Int32Array.from({ length: size * width }, (_, at) => Number((at * at) % 7 < 3));
  const sums = new Int32Array(width);
  for (const [at, label] of labels.entries()) sums[at % width] += label;
  for (const simd of [simdFunctions(), null as unknown as SimdFunctions]) {
    const selection = createSelection(schema);
    expect(countClasses(schema, labels, size, selection, simd)).toBe(true);
    expect(Buffer.compare(Buffer.from(selection.profile.buffer), Buffer.from(sums.buffer))).toBe(0);
    for (const bad of [-1, 2, 256]) {
      for (const at of [0, labels.length >> 1, labels.length - 1])
        expect(countClasses(schema, labels.with(at, bad), size, selection, simd)).toBe(false);
    }
  }
});
