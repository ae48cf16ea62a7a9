/**
 * Checks of options, with the errors of the specification.
 *
 * @module
 */
import { outOfRange, wrongType } from '../../spec/errors.js';

/**
 * Checks that an option is a whole number of at least `least`.
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
 * Refuses unknown options, since a typing error must not silently leave a default in place.
 *
 * @throws InputRangeError - naming the option
 */
export function knownOptions(options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      outOfRange('option-unknown', `options.${name}`, `one of ${known.join(', ')}`, name);
  }
}
