/**
 * Warnings about input that is legal but hardly intended.
 *
 * @module
 */

/** Prints a warning by `console.warn`, the first time only that it is called with its name. */
export type WarnOnce = (name: string, message: string) => void;

/** A new set of warnings that have not been printed yet: one per loss. */
export function warnOnce(): WarnOnce {
  const printed = new Set<string>();
  return (name, message) => {
    if (printed.has(name)) return;
    printed.add(name);
    console.warn(`class-rectification: ${message}`);
  };
}
