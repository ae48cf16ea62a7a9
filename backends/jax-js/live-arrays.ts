/**
 * How many arrays of the loss are alive. jax-js counts references but does not tell how many arrays there are, so
 * that the ones which are made here are counted here: inputs, constants and results.
 *
 * @module
 */
import type { JaxArray } from './operations.js';

const made = new Set<JaxArray>();

/** Counts an array as long as somebody holds a reference to it. */
export function counted(array: JaxArray): JaxArray {
  made.add(array);
  return array;
}

/** The number of counted arrays that somebody still holds. */
export function liveArrays(): number {
  for (const array of made) if (array.refCount <= 0) made.delete(array);
  return made.size;
}

/** How many of some arrays are still held. */
export function heldArrays(arrays: readonly JaxArray[]): number {
  return arrays.filter(({ refCount }) => refCount > 0).length;
}
