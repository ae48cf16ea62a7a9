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
