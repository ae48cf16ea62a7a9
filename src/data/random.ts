/**
 * Random numbers by their purpose: the same key gives the same numbers, regardless of what was drawn before.
 *
 * @module
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { shuffled } from '../../properties/cases/shuffle.js';
import { sha256 } from './sha256.js';

/** A source of numbers, uniform in [0, 1). */
export type Random = () => number;

/**
 * A source of random numbers for a key, such as a seed, an epoch and the id of an image.
 *
 * The whole state of the generator is a hash of the key, so that nearby seeds have nothing in common, and the
 * numbers of an image do not depend on the order in which images are decoded.
 *
 * @example
 * ```ts
 * import { keyedRandom } from 'class-rectification/data';
 * keyedRandom(7, 0, 'cell-1')() === keyedRandom(7, 0, 'cell-1')(); // → true
 * keyedRandom(7, 0, 'cell-1')() === keyedRandom(7, 1, 'cell-1')(); // → false
 * ```
 */
export function keyedRandom(...key: readonly (number | string)[]): Random {
  const hash = sha256(JSON.stringify(key));
  const state = [0, 4, 8, 12].map((at) => hash.getInt32(at, true));
  if (!state.some((part) => part !== 0)) state[0] = 1; // the one state that gives only zeros
  const generator = xoroshiro128plusFromState(state);
  return () => uniformFloat64(generator);
}

/** A whole number from 0 to `below` − 1. */
export function drawBelow(random: Random, below: number): number {
  return Math.floor(random() * below);
}

/** The items in an order drawn from `random`. */
export function drawOrder<T>(items: readonly T[], random: Random): T[] {
  return shuffled(items, drawBelow(random, 2 ** 32) | 0);
}
