import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HostLabels, IntegerLabels, membership, ownLabel } from './labels.js';
import { anyLabelled, columnsOf } from './selection.test-helper.js';

describe('membership', () => {
  it('tells whether a sample is a member of a class, is not, or is unlabelled', () => {
    fc.assert(
      fc.property(anyLabelled, (batch) => {
        const { schema, labels, size } = batch;
        for (let i = 0; i < size; i++) {
          const own = columnsOf(batch, i);
          // a sample is labelled in all columns of an attribute or in none
          const attributes = own.map((c) => schema.attributeOf[c]);
          for (let c = 0; c < schema.columns; c++) {
            const isLabelled =
              schema.encoding === 'one-attribute' || attributes.includes(schema.attributeOf[c]);
            const right = isLabelled ? Number(own.includes(c)) : -1;
            expect(membership(schema, labels, i, c)).toBe(right);
          }
        }
      }),
      { seed: 1 },
    );
  });

  it('is decided by one entry of a row: only members have the value of their class there', () => {
    fc.assert(
      fc.property(anyLabelled, ({ schema, labels, size }) => {
        for (let c = 0; c < schema.columns; c++) {
          const { at, own } = ownLabel(schema, c);
          for (let i = 0; i < size; i++) {
            const label = labels[i * schema.labelWidth + at];
            expect(label === own).toBe(membership(schema, labels, i, c) === 1);
            expect(label < 0).toBe(membership(schema, labels, i, c) === -1);
          }
        }
      }),
      { seed: 1 },
    );
  });
});

describe('labels as integers', () => {
  it('are not copied from an Int32Array', () => {
    const labels = Int32Array.of(3, -1);
    expect(new IntegerLabels().read(labels)).toBe(labels);
  });

  it.each<[string, HostLabels]>([
    ['Int16Array', Int16Array.of(3, -1, 0)],
    ['Int8Array', Int8Array.of(3, -1, 0)],
    ['Float32Array', Float32Array.of(3, -1, 0)],
    ['Float64Array', Float64Array.of(3, -1, 0)],
    ['array', [3, -1, 0]],
    ['array with null for unlabelled', [3, null, 0]],
  ])('are copied from an %s', (_, labels) => {
    expect(new IntegerLabels().read(labels)).toEqual(Int32Array.of(3, -1, 0));
  });

  it.each([Uint8Array, Uint8ClampedArray, Uint16Array])('are copied from unsigned types too', (Kind) => {
    expect(new IntegerLabels().read(Kind.of(3, 200, 0))).toEqual(Int32Array.of(3, 200, 0));
  });

  it('are copied to the same array again if it is long enough', () => {
    const integers = new IntegerLabels();
    const before = integers.read([1, 2, 3]);
    expect(integers.read(Int8Array.of(4, 5))).toBe(before);
    expect(before).toEqual(Int32Array.of(4, 5, 3));
    expect(integers.read([6, 7, 8, 9])).toEqual(Int32Array.of(6, 7, 8, 9));
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, -0.5])('refuse %d', (label) => {
    for (const labels of [[1, label], Float32Array.of(1, label), Float64Array.of(label, 1)]) {
      expect(new IntegerLabels().read(labels)).toBeUndefined();
    }
  });

  it('are copied from integers as a whole: the length is read once, and no entry is read alone', () => {
    const labels = Int8Array.of(1, 2);
    let reads = 0;
    Object.defineProperty(labels, 'length', {
      get: () => {
        reads += 1;
        return 2;
      },
    });
    expect(new IntegerLabels().read(labels)).toEqual(Int32Array.of(1, 2));
    expect(reads).toBe(1);
  });
});
