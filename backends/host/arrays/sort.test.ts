import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairSorter } from './sort.js';

/** Lengths around those of one, two and many whole runs, which are merged. */
const COUNTS = [0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 47, 48, 64, 65, 100, 128, 129, 257];

const sorter = new PairSorter();

interface List {
  readonly start: number;
  readonly value: Float64Array;
  /** The index that each value has before sorting. */
  readonly row: Int32Array;
}

/** A list between others: all before it is smaller, and all after it larger and ascending. */
function listOf(own: readonly number[]): List {
  const [before, behind] = [20, 300];
  const value = Float64Array.from([
    ...new Array<number>(before).fill(-1e9),
    ...own,
    ...Array.from({ length: behind }, (_, k) => 1e9 + k),
  ]);
  return { start: before, value, row: Int32Array.from(value.keys()) };
}

/** What the contract demands: largest first, equals in their old order, and the rest unchanged. */
function sorted({ start, value, row }: List, count: number): [value: number, row: number][] {
  const pairs = Array.from(row, (k): [number, number] => [value[k], k]);
  const own = pairs.slice(start, start + count).sort(([a, k], [b, l]) => b - a || k - l);
  return [...pairs.slice(0, start), ...own, ...pairs.slice(start + count)];
}

describe('sorting the largest first', () => {
  it('sorts values with their rows, keeps the order of equals, and touches nothing else', () => {
    const value = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.double({ noNaN: true, min: -1, max: 1 }));
    const anyList = fc
      .constantFrom(...COUNTS)
      .chain((count) => fc.array(value, { minLength: count, maxLength: count, size: 'max' }));
    fc.assert(
      fc.property(anyList, (own) => {
        const list = listOf(own);
        const expected = sorted(list, own.length);
        sorter.sortLargestFirst(list.value, list.row, list.start, own.length);
        expect(Array.from(list.value, (v, k) => [v, list.row[k]])).toEqual(expected);
      }),
      { seed: 1 },
    );
  });

  it.each(COUNTS)(
    'writes nothing if %i are sorted already, as lists that are cut repeatedly mostly are',
    (count) => {
      const ordered = Array.from({ length: count }, (_, k) => -Math.floor(k / 3));
      const { start, value, row } = listOf(ordered);
      const unwritten = <T extends object>(array: T): T =>
        new Proxy(array, {
          set(_of, at) {
            throw new Error(`wrote at ${String(at)}`);
          },
        });
      expect(() => sorter.sortLargestFirst(unwritten(value), unwritten(row), start, count)).not.toThrow();
    },
  );

  it('sorts ascending, descending and periodic values of any length', () => {
    const orders: ((k: number) => number)[] = [
      (k) => k,
      (k) => -k,
      (k) => k % 16,
      (k) => -(k % 16),
      (k) => k >> 4,
    ];
    for (const order of orders) {
      for (const count of COUNTS) {
        const own = Array.from({ length: count }, (_, k) => order(k));
        const list = listOf(own);
        const expected = sorted(list, count);
        sorter.sortLargestFirst(list.value, list.row, list.start, count);
        expect(Array.from(list.value, (v, k) => [v, list.row[k]])).toEqual(expected);
      }
    }
  });
});
