/**
 * Things that are made once for each of a few inputs.
 *
 * @module
 */

/** Makes each of a few things when it is needed first. What it is made of must differ as text. */
export function madeOnce<A extends readonly (string | number | boolean | undefined)[], T>(
  make: (...of: A) => T,
): (...of: A) => T {
  const made = new Map<string, T>();
  return (...of) => {
    const key = of.join();
    const found = made.get(key) ?? make(...of);
    made.set(key, found);
    return found;
  };
}
