/**
 * Arrays that are used again by the next batch.
 *
 * @module
 */

/** An array for so many numbers: the one at hand if it suffices, with what is in it, else a fresh one. */
export function roomFor<T extends Int32Array | Float64Array>(atHand: T, length: number): T {
  if (atHand.length >= length) return atHand;
  return (atHand instanceof Int32Array ? new Int32Array(length) : new Float64Array(length)) as T;
}
