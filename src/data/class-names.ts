/**
 * Names of classes, and the class indices of labels.
 *
 * @module
 */
import { outOfRange, wrongType } from '../../spec/errors.js';
import { wholeNumber } from './checks.js';
import { dataError } from './errors.js';
import type { LabelRecord } from './label-line.js';

/** Class indices of a record's labels, ascending. */
export type LabelIndex = (record: LabelRecord) => number[];

/** A label beyond this is a typing error, unless the classes are given. */
const MOST_INFERRED = 65_536;
const INDEX = /^(0|[1-9]\d*)$/;

/**
 * Names of classes given by name or by number.
 *
 * @throws InputTypeError, InputRangeError - naming the class
 */
export function classNames(classes: readonly string[] | number): readonly string[] {
  if (typeof classes === 'number') {
    const count = wholeNumber('options.classes', classes, 1);
    return Array.from({ length: count }, (_, k) => String(k));
  }
  if (!Array.isArray(classes) || classes.length === 0)
    wrongType('wrong-type', 'options.classes', 'names, or their number', classes);
  const seen = new Set<unknown>();
  classes.forEach((name: unknown, k) => {
    const where = `options.classes[${k}]`;
    if (typeof name !== 'string' || name === '' || /\s/.test(name))
      outOfRange('attribute-invalid', where, 'a name without spaces', name);
    if (seen.has(name)) outOfRange('attribute-invalid', where, 'a name of its own', name);
    seen.add(name);
  });
  return classes;
}

/**
 * Names of the classes that a file's records speak of.
 *
 * @throws DataError - a number so large that it must be a typing error
 */
export function inferredClasses(records: readonly LabelRecord[], file: string): readonly string[] {
  const found = new Set(records.flatMap(({ names }) => names));
  if (found.size === 0) return [];
  if (![...found].every((name) => INDEX.test(name))) return [...found].sort((a, b) => (a < b ? -1 : 1));
  const tooLarge = records.find(({ names }) => names.some((name) => Number(name) >= MOST_INFERRED));
  if (tooLarge) {
    const expected = `labels below ${MOST_INFERRED}, where the option classes does not name them`;
    const got = tooLarge.names.join(' ');
    throw dataError({ code: 'label-unknown', file, line: tooLarge.line, expected, got });
  }
  return classNames([...found].reduce((most, name) => Math.max(most, Number(name) + 1), 1));
}

/** Looks labels up by name; an unknown one is a DataError with file and line. */
export function labelIndex(classes: readonly string[], file: string): LabelIndex {
  const indices = new Map(classes.map((name, k) => [name, k]));
  const many = classes.length > 8;
  const expected = many
    ? `one of ${classes.length} labels from ${classes[0]} to ${classes.at(-1)}`
    : classes.join(' | ');
  return ({ names, line }) =>
    names
      .map((name) => {
        const k = indices.get(name);
        if (k === undefined) throw dataError({ code: 'label-unknown', file, line, expected, got: name });
        return k;
      })
      .sort((a, b) => a - b);
}
