/**
 * How much longer than needed a list may grow before it is cut.
 *
 * @module
 */

/**
 * How many entries a list may hold if only the best `keep` are needed. Cutting a list back to `keep`
 * costs a pass over it, or a sort; a list of three times that length is cut rarely, and a constant on top
 * spares very short lists from being cut all the time.
 */
export function listCapacity(keep: number): number {
  return 3 * keep + 16;
}
