/**
 * Checks of options, refused as the specification refuses its own.
 *
 * @module
 */
import { outOfRange, wrongType } from '../../spec/errors.js';

/**
 * A whole number of at least `least`.
 *
 * @throws InputTypeError, InputRangeError - naming the option
 */
export function wholeNumber(where: string, value: unknown, least: number): number {
  const expected = `a whole number ≥ ${least}`;
  if (typeof value !== 'number') wrongType('wrong-type', where, expected, value);
  if (!Number.isSafeInteger(value) || value < least)
    outOfRange('option-out-of-range', where, expected, value);
  return value;
}

/**
 * Options that name nothing unknown: a typing error must not silently leave a default in place.
 *
 * @throws InputRangeError - naming the option
 */
export function knownOptions(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      outOfRange('option-unknown', `options.${name}`, `one of ${known.join(', ')}`, name);
  }
}
