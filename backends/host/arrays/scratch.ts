/**
 * Scratch arrays that grow with the largest batch and are reused by every later one.
 *
 * @module
 */

/**
 * Returns the array itself if it holds at least `length` numbers, with its contents, else a new one of
 * zeros.
 */
export function ensureLength<T extends Int32Array | Float64Array>(array: T, length: number): T {
  if (array.length >= length) return array;
  return (array instanceof Int32Array ? new Int32Array(length) : new Float64Array(length)) as T;
}
