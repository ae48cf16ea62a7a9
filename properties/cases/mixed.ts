/**
 * Numbers drawn by place.
 *
 * @module
 */

/**
 * A number from 0 to 2^32 − 1, drawn from a seed for one place, such as a column: what other places there are
 * does not change it. A generator that is asked in turn would redraw all columns where one is left out, so
 * that no counterexample could lose a column.
 *
 * @param seed - a whole number; 0 gives 0 for every place, the simplest draw
 */
export function mixed(seed: number, place: number): number {
  if (seed === 0) return 0;
  // the finaliser of MurmurHash3, which makes every bit depend on every bit
  let x = seed ^ Math.imul(place + 1, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** One of a list, drawn like {@link mixed}. */
export function pick<T>(list: readonly T[], seed: number, place: number): T {
  return list[mixed(seed, place) % list.length] as T;
}
