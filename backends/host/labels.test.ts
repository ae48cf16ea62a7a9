import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HostLabels, integerLabels, membership, ownLabel } from './labels.js';
import { anyLabelled, columnsOf } from './selection.test-helper.js';

describe('what a label says', () => {
  it('is whether a sample is of a class, is not, or is unlabelled there', () => {
    fc.assert(
      fc.property(anyLabelled, (batch) => {
        const { plan, labels, size } = batch;
        for (let i = 0; i < size; i++) {
          const own = columnsOf(batch, i);
          // all columns of one attribute tell the same of everyone
          const attributes = own.map((c) => plan.attributeOf[c] as number);
          for (let c = 0; c < plan.columns; c++) {
            const told =
              plan.encoding === 'one-attribute' || attributes.includes(plan.attributeOf[c] as number);
            const right = told ? Number(own.includes(c)) : -1;
            expect(membership(plan, labels, i, c)).toBe(right);
          }
        }
      }),
    );
  });

  it('is read in one place of a row: there members have their own label, and nobody else', () => {
    fc.assert(
      fc.property(anyLabelled, ({ plan, labels, size }) => {
        for (let c = 0; c < plan.columns; c++) {
          const { at, own } = ownLabel(plan, c);
          for (let i = 0; i < size; i++) {
            const label = labels[i * plan.labelWidth + at] as number;
            expect(label === own).toBe(membership(plan, labels, i, c) === 1);
            expect(label < 0).toBe(membership(plan, labels, i, c) === -1);
          }
        }
      }),
    );
  });
});

describe('labels as integers', () => {
  const room = () => new Int32Array(4).fill(7);

  it('are as they are if that is what they are', () => {
    const labels = Int32Array.of(3, -1);
    const unused = room();
    expect(integerLabels(labels, unused)).toBe(labels);
    expect(unused).toEqual(room());
  });

  it.each<[string, HostLabels]>([
    ['Int16Array', Int16Array.of(3, -1, 0)],
    ['Int8Array', Int8Array.of(3, -1, 0)],
    ['Float32Array', Float32Array.of(3, -1, 0)],
    ['Float64Array', Float64Array.of(3, -1, 0)],
    ['array', [3, -1, 0]],
    ['array with null for unlabelled', [3, null, 0]],
  ])('are else copied to the room for them, from an %s', (_, labels) => {
    const own = room();
    expect(integerLabels(labels, own)).toBe(own);
    expect(Array.from(own)).toEqual([3, -1, 0, 7]);
  });

  it.each([Uint8Array, Uint8ClampedArray, Uint16Array])('are copied from what has no sign, too', (Kind) => {
    const own = room();
    expect(integerLabels(Kind.of(3, 200, 0), own)).toBe(own);
    expect(Array.from(own)).toEqual([3, 200, 0, 7]);
  });

  it.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, -0.5])('are not made of %d', (label) => {
    for (const labels of [[1, label], Float32Array.of(1, label), Float64Array.of(label, 1)]) {
      expect(integerLabels(labels, room())).toBeUndefined();
    }
  });

  it('are copied at once from integers: no entry is looked at', () => {
    const labels = Int8Array.of(1, 2);
    Object.defineProperty(labels, 'length', { get: () => expect.fail('its entries were walked') });
    expect(integerLabels(labels, new Int32Array(2))).toEqual(Int32Array.of(1, 2));
  });
});
