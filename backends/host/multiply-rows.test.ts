import { expect, it } from 'vitest';
import { BLOCK_SCORES } from './class-level/simd-layout.js';
import { multiplyErrors, multiplyRows } from './multiply-rows.js';
import { type SimdFunctions, simdFunctions } from './simd/functions.js';

/** J + 1 numbers for attributes of these class counts. */
function firstOf(counts: readonly number[]): Int32Array {
  const first = new Int32Array(counts.length + 1);
  counts.forEach((count, j) => {
    first[j + 1] = first[j] + count;
  });
  return first;
}

const LEFTOVERS = [7, 7, 7, 7, 7];

/** Rows of 1, 2, 3 … times 0.1, 0.2 …, with numbers after them that must stay as they are. */
function multiplied(counts: readonly number[], size: number, simd: SimdFunctions | undefined) {
  const first = firstOf(counts);
  const numbers = Float32Array.from({ length: size * first[counts.length] }, (_, at) => at + 1);
  const factors = Float64Array.from({ length: size * counts.length }, (_, at) => (at + 1) / 10);
  const into = new Float32Array(numbers.length + LEFTOVERS.length).fill(9);
  into.set(LEFTOVERS, numbers.length);
  multiplyRows(first, numbers, factors, into, simd);
  return { numbers, first, factors, into };
}

const JUST_OVER_A_BLOCK = [BLOCK_SCORES - 1, 2];

const NONE = null as unknown as SimdFunctions; // undefined would mean the default

it.each([
  [[2], 1],
  [[3], 5],
  [[4], 3],
  [[5], 2],
  [[2, 3, 4, 5, 7], 3],
  [[130], 600],
  [JUST_OVER_A_BLOCK, 2],
])(
  'attributes of %j classes, %d rows: every number times the factor of its row and attribute',
  (counts, size) => {
    for (const simd of [simdFunctions(), NONE]) {
      const { numbers, first, factors, into } = multiplied(counts, size, simd);
      const width = first[counts.length];
      const right = numbers.map((number, at) => {
        const j = counts.findIndex((_, k) => at % width < first[k + 1]);
        return number * Math.fround(factors[Math.floor(at / width) * counts.length + j]);
      });
      const bytes = Buffer.from(into.buffer);
      expect(Buffer.compare(bytes.subarray(0, right.byteLength), Buffer.from(right.buffer))).toBe(0);
      expect(Array.from(into.subarray(right.length))).toEqual(LEFTOVERS);
    }
  },
);

it('float64 numbers are multiplied in float64', () => {
  const numbers = Float64Array.of(1, 2, 3, 4);
  multiplyRows(firstOf([2]), numbers, Float64Array.of(0.1, 0.2), numbers);
  expect(Array.from(numbers)).toEqual([0.1, 0.2, 3 * 0.2, 4 * 0.2]);
});

it.each([
  [1, 1],
  [3, 5],
  [4, 3],
  [7, 4],
  [28, 40],
  [130, 600],
  [BLOCK_SCORES + 1, 2],
])(
  'errors of %d labels, %d rows: p − label times the factor of the row, 0 without a label',
  (width, size) => {
    const labels = Int32Array.from({ length: size * width }, (_, at) => ((at * at + (at >> 3)) % 3) - 1);
    const numbers = Float32Array.from(labels, (_, at) => (at % 97) / 97);
    const factors = Float64Array.from({ length: size }, (_, i) => (i + 1) / 10);
    const right = numbers.map((p, at) =>
      (labels[at] as number) < 0
        ? 0
        : Math.fround(factors[Math.floor(at / width)]) * Math.fround(p - labels[at]),
    );
    for (const simd of [simdFunctions(), NONE]) {
      const into = new Float32Array(numbers.length);
      multiplyErrors(labels, numbers, factors, into, simd);
      expect(Buffer.compare(Buffer.from(into.buffer), Buffer.from(right.buffer))).toBe(0);
      const inPlace = numbers.slice();
      multiplyErrors(labels, inPlace, factors, inPlace, simd);
      expect(Buffer.compare(Buffer.from(inPlace.buffer), Buffer.from(right.buffer))).toBe(0);
    }
  },
);

it('errors of float64 are multiplied in float64', () => {
  const numbers = Float64Array.of(0.1, 0.2, 0.3, 0.4);
  multiplyErrors(Int32Array.of(1, 0, -1, 1), numbers, Float64Array.of(0.1, 0.2), numbers);
  expect(Array.from(numbers)).toEqual([0.1 * (0.1 - 1), 0.1 * 0.2, 0, 0.2 * (0.4 - 1)]);
});
