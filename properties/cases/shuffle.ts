/**
 * Seeded shuffling, which gives the same order again for the same seed.
 *
 * @module
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * The items in an order drawn from the seed (Fisher–Yates).
 *
 * @param seed - a 32-bit integer
 */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const generator = xoroshiro128plus(seed);
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const drawn = uniformInt(generator, 0, last);
    [order[last], order[drawn]] = [order[drawn] as T, order[last] as T];
  }
  return order;
}
