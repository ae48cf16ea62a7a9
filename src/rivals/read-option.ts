/**
 * Numbers that are options.
 *
 * @module
 */
import { outOfRange } from '../../spec/errors.js';

/** A number that is an option; its default has been taken already. */
export function readOption(name: string, value: number, expected: string, allowed: (x: number) => boolean) {
  if (typeof value !== 'number' || !allowed(value)) {
    outOfRange('option-out-of-range', `options.${name}`, expected, value);
  }
  return value;
}
