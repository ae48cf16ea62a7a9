/**
 * How many arrays of the loss are alive. jax-js counts references but does not tell how many arrays there are, so
 * that the ones which are made here are counted here: inputs, constants and results.
 *
 * @module
 */
import type { numpy as np } from '@jax-js/jax';

const made = new Set<np.Array>();

/** Counts an array as long as somebody holds a reference to it. */
export function counted(array: np.Array): np.Array {
  made.add(array);
  return array;
}

/** The number of counted arrays that somebody still holds. */
export function liveArrays(): number {
  for (const array of made) if (array.refCount <= 0) made.delete(array);
  return made.size;
}

/** How many of some arrays are still held. */
export function heldArrays(arrays: readonly np.Array[]): number {
  return arrays.filter(({ refCount }) => refCount > 0).length;
}

/**
 * Gives back every reference to the constants of programs that will not run again: jax-js 0.1.25 keeps one to some of
 * the constants of a program that it differentiated, also when the program is disposed of.
 */
export function release(constants: readonly np.Array[]): void {
  for (const array of constants) while (array.refCount > 0) array.dispose();
}
