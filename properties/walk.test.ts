import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { Disagreement } from './disagreement.js';
import { entries } from './walk.js';

describe('the entries of an array', () => {
  const numbers = Float32Array.from({ length: 24 }, (_, at) => at);

  it.each([
    ['row by row', ndarray(numbers, [6, 4]), numbers],
    ['at an offset', ndarray(numbers, [2, 3], [3, 1], 5), [5, 6, 7, 8, 9, 10]],
    ['by columns', ndarray(numbers, [2, 3], [1, 2]), [0, 2, 4, 1, 3, 5]],
    ['by matrices', ndarray(numbers, [2, 3, 4]), numbers],
    ['by matrices that are turned', ndarray(numbers, [2, 2, 2], [4, 1, 2]), [0, 2, 1, 3, 4, 6, 5, 7]],
    ['of a plain list', ndarray([3, 1, 2, 0], [2, 2]), [3, 1, 2, 0]],
    ['of no row', ndarray(new Float64Array(0), [0, 4]), []],
  ])('are read %s, into memory of their own', (_, array, expected) => {
    const found = entries(array);
    expect([...found]).toEqual([...expected]);
    expect(found.buffer).not.toBe((array.data as Float32Array).buffer);
  });

  it.each([
    ['nothing', ndarray([1, null as never], [1, 2])],
    ['text', ndarray(['0.5' as never, 1], [1, 2])],
    ['bigints', ndarray(BigInt64Array.of(1n, 2n) as never, [1, 2])],
    ['a vector', ndarray([1, 2], [2])],
    ['no array', undefined as never],
  ])('are refused where they are %s', (_, array) => {
    expect(() => entries(array)).toThrow(Disagreement);
  });
});
