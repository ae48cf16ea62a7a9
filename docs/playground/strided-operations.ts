/**
 * As much of the package `ndarray-ops` as the specification and the suite use, for the reason that `strided-array.ts` gives.
 *
 * @module
 */
import type { StridedArray } from './strided-array.js';

/** Every place of an array, the last dimension fastest. */
function* places(shape: readonly number[], before: readonly number[] = []): Generator<number[]> {
  const [extent, ...rest] = shape;
  if (extent === undefined) {
    yield [...before];
    return;
  }
  for (let at = 0; at < extent; at++) yield* places(rest, [...before, at]);
}

export default {
  sum(array: StridedArray): number {
    let sum = 0;
    for (const at of places(array.shape)) sum += array.get(...at);
    return sum;
  },
  assign(to: StridedArray, from: StridedArray): void {
    for (const at of places(to.shape)) to.set(...at, from.get(...at));
  },
  assigns(to: StridedArray, value: number): void {
    for (const at of places(to.shape)) to.set(...at, value);
  },
  mulseq(to: StridedArray, factor: number): void {
    for (const at of places(to.shape)) to.set(...at, to.get(...at) * factor);
  },
  addeq(to: StridedArray, from: StridedArray): void {
    for (const at of places(to.shape)) to.set(...at, to.get(...at) + from.get(...at));
  },
};
