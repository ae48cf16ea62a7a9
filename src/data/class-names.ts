/**
 * Names of classes, and the class indices of labels.
 *
 * @module
 */
import { outOfRange, wrongType } from '../../spec/errors.js';
import { wholeNumber } from './checks.js';

/**
 * Names of classes given by name or by number.
 *
 * @param where - the option, for errors
 * @returns the names in Unicode's composed form (NFC), so that two spellings of one name are one class
 * @throws InputTypeError, InputRangeError - naming the class
 */
export function classNames(
  classes: readonly string[] | number,
  where = 'options.classes',
): readonly string[] {
  if (typeof classes === 'number') {
    const count = wholeNumber(where, classes, 1);
    return Array.from({ length: count }, (_, k) => String(k));
  }
  if (!Array.isArray(classes) || classes.length === 0)
    wrongType('wrong-type', where, 'names, or their number', classes);
  const seen = new Set<unknown>();
  return classes.map((given: unknown, k) => {
    if (typeof given !== 'string' || given.trim() !== given || given === '' || /[\r\n]/.test(given))
      outOfRange(
        'attribute-invalid',
        `${where}[${k}]`,
        'a name on one line, without spaces around it',
        given,
      );
    const name = given.normalize('NFC');
    if (seen.has(name)) outOfRange('attribute-invalid', `${where}[${k}]`, 'each name once', name);
    seen.add(name);
    return name;
  });
}
