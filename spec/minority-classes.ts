/**
 * The minority classes of one attribute by the sizes of its classes (Eq. 3): all of the rule, and no ndarray.
 *
 * @module
 */

/**
 * Minority classes of one attribute (Eq. 3): the smallest classes that together hold at most
 * ρ·n_j samples, less those with a single sample, which can form no pair.
 *
 * @param sizes - h^j_k by class index
 * @param labelled - n_j, the samples labelled for the attribute
 * @param rho - ρ in (0, 1]
 * @returns class indices, ascending (ruling: minority prefix)
 * @example
 * ```ts
 * import { minorityClasses } from 'class-rectification/spec';
 * minorityClasses([2, 2, 4], 8, 0.5); // → [0, 1]
 * minorityClasses([3, 3, 4], 10, 0.5); // → [0]
 * ```
 */
export function minorityClasses(sizes: readonly number[], labelled: number, rho: number): number[] {
  const size = (k: number) => sizes[k] as number;
  const smallestFirst = [...sizes.keys()].sort((k, l) => size(k) - size(l) || k - l); // ruling: tied class sizes
  let held = 0;
  const prefix = smallestFirst.filter((k) => {
    held += size(k);
    return held <= rho * labelled; // held never falls: a prefix
  });
  return prefix.filter((k) => size(k) > 1).sort((k, l) => k - l);
}
