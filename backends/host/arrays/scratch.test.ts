import { describe, expect, it } from 'vitest';
import { ensureLength } from './scratch.js';

describe.each([
  ['int32', Int32Array],
  ['float64', Float64Array],
])('a scratch array, %s', (_, Kind) => {
  it('is reused if it is long enough, so that a training loop allocates none after its largest batch', () => {
    const array = Kind.of(1, 2, 3);
    expect(ensureLength(array, 3)).toBe(array);
    expect(ensureLength(array, 2)).toBe(array);
    expect(Array.from(array)).toEqual([1, 2, 3]);
  });

  it('is replaced by a new array of its type if it is too short', () => {
    const array = Kind.of(1, 2, 3);
    expect(ensureLength(array, 4)).toEqual(new Kind(4));
  });
});
