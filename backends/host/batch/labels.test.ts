import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HostLabels, IntegerLabels, membership, ownLabel } from './labels.js';
import { anyLabelled, columnsOf } from './selection.test-helper.js';

describe('what a label says', () => {
  it('is whether a sample is of a class, is not, or is unlabelled there', () => {
    fc.assert(
      fc.property(anyLabelled, (batch) => {
        const { schema, labels, size } = batch;
        for (let i = 0; i < size; i++) {
          const own = columnsOf(batch, i);
          // all columns of one attribute tell the same of everyone
          const attributes = own.map((c) => schema.attributeOf[c]);
          for (let c = 0; c < schema.columns; c++) {
            const told = schema.encoding === 'one-attribute' || attributes.includes(schema.attributeOf[c]);
            const right = told ? Number(own.includes(c)) : -1;
            expect(membership(schema, labels, i, c)).toBe(right);
          }
        }
      }),
      { seed: 1 },
    );
  });

  it('is read in one place of a row: there members have their own label, and nobody else', () => {
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
  it('are as they are if that is what they are', () => {
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
  ])('are else copied, from an %s', (_, labels) => {
    expect(new IntegerLabels().read(labels)).toEqual(Int32Array.of(3, -1, 0));
  });

  it.each([Uint8Array, Uint8ClampedArray, Uint16Array])('are copied from what has no sign, too', (Kind) => {
    expect(new IntegerLabels().read(Kind.of(3, 200, 0))).toEqual(Int32Array.of(3, 200, 0));
  });

  it('are copied to where the batch before was, if there is room', () => {
    const integers = new IntegerLabels();
    const before = integers.read([1, 2, 3]);
    expect(integers.read(Int8Array.of(4, 5))).toBe(before);
    expect(before).toEqual(Int32Array.of(4, 5, 3));
    expect(integers.read([6, 7, 8, 9])).toEqual(Int32Array.of(6, 7, 8, 9));
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, -0.5])('are not made of %d', (label) => {
    for (const labels of [[1, label], Float32Array.of(1, label), Float64Array.of(label, 1)]) {
      expect(new IntegerLabels().read(labels)).toBeUndefined();
    }
  });

  it('are copied at once from integers: one read of their length, for the room, and no entry is looked at', () => {
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
