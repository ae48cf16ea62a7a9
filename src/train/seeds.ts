/**
 * Seeds for tfjs's initial weights.
 *
 * @module
 */
import { drawBelow, keyedRandom } from '../data/random.js';

/** Ever new seeds, decided by a first; tfjs takes a seed of 0 for none. */
export function initialSeeds(seed: number): () => number {
  const random = keyedRandom(seed, 'weights');
  return () => 1 + drawBelow(random, 2 ** 31 - 2);
}
