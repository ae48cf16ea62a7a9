/**
 * From the labels of a file to classes: which classes there are, and which class index each label has.
 *
 * @module
 */
import { described, outOfRange } from '../../spec/errors.js';
import { classNames } from './class-names.js';
import { type DataError, type DataErrorCode, dataError } from './errors.js';
import { sameButForCase } from './file-name.js';
import { type AttributeColumn, columnOf, type LabelFormat, separatorInWords } from './label-format.js';
import type { LabelRecord } from './label-line.js';

/** An attribute, and the names of its classes. */
export interface AttributeClasses {
  /** Its column. */
  readonly name: string;
  readonly classes: readonly string[];
}

/** The classes of a label file. */
export interface FileClasses {
  /** Names by class index; of several attributes `COLUMN=NAME`, one attribute after the other. */
  readonly classes: readonly string[];
  /** Where each column is an attribute of its own. */
  readonly attributes?: readonly AttributeClasses[];
}

/** A label beyond this is a typing error, unless the classes are given. */
const MOST_INFERRED = 65_536;
const INDEX = /^(0|[1-9]\d*)$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** How programs write a value that is missing: pandas, R, Excel, SQL. */
const MISSING = new Set(['nan', 'null', 'none', 'na', 'n/a', '#n/a', '<na>', 'undefined', '-', '?']);

/** What is wrong with a label, and what to do about it. */
interface Fault {
  readonly code: DataErrorCode;
  readonly expected: string;
  readonly hint: string;
}

const GIVE_CLASSES = 'The option classes names labels of any form; of an attribute, its own classes do.';
const SEVERAL_WORDS: Fault = {
  code: 'label-ambiguous',
  expected: 'one word',
  hint:
    'Several words may be one name or several labels. The option separator says what separates labels: ' +
    'a space, another mark, or none. Or the option classes names the labels.',
};

/**
 * The records whose labels can be classes although the caller did not name the classes. Left out are `nan`,
 * `0|2`, `[0,`, `-1`, `1.0`, a word among class indices, and several words if the separator is not given.
 *
 * @param onBad - called with the first fault of every other record
 */
export function plausibleRecords(
  records: readonly LabelRecord[],
  file: string,
  format: LabelFormat & { readonly known?: readonly boolean[] },
  onBad: (bad: DataError) => void,
): LabelRecord[] {
  const { byAttribute, separator, targets, known = [] } = format;
  const faults = byAttribute
    ? targets.map((_, j) => (known[j] ? new Map() : faultsOf(records.map(({ names }) => names[j] as string))))
    : [faultsOf(records.flatMap(({ names }) => names))];
  const faultAt = (name: string, j: number) => faults[byAttribute ? j : 0]?.get(name);
  const oneWord = !byAttribute && separator === undefined;
  return records.filter(({ names, line }) => {
    const fault =
      names.map(faultAt).find((one) => one !== undefined) ??
      (oneWord && names.length > 1 && !names.every((name) => INDEX.test(name)) ? SEVERAL_WORDS : undefined);
    if (fault === undefined) return true;
    onBad(dataError({ ...fault, file, line, got: names.join(' ') }));
    return false;
  });
}

/** What is wrong with labels as names of classes; those that are not in it can be classes. */
function faultsOf(labels: readonly string[]): Map<string, Fault> {
  const distinct = [...new Set(labels)].filter((name) => name !== '');
  const faults = new Map<string, Fault>();
  const codes = areCodes(distinct);
  for (const name of distinct) {
    const fault = faultOf(name, codes);
    if (fault) faults.set(name, fault);
  }
  const seen = new Map<string, string>();
  for (const name of distinct) {
    const before = faults.has(name) ? undefined : sameButForCase(name, seen);
    if (before !== undefined)
      faults.set(name, {
        code: 'label-ambiguous',
        expected: `${before}, as on a line before (capitals differ)`,
        hint: GIVE_CLASSES,
      });
  }
  const sound = distinct.filter((name) => !faults.has(name));
  const words = codes ? [] : sound.filter((name) => !INDEX.test(name));
  // where most labels are class indices, a word among them would make names of them all
  if (words.length < sound.length - words.length)
    for (const name of words)
      faults.set(name, {
        code: 'label-unknown',
        expected: 'a class index, as most labels are',
        hint: GIVE_CLASSES,
      });
  return faults;
}

function faultOf(name: string, codes: boolean): Fault | undefined {
  if (MISSING.has(name.toLowerCase()))
    return {
      code: 'label-missing',
      expected: 'a label',
      hint: `An image without a label has an empty field, with allowEmpty. ${GIVE_CLASSES}`,
    };
  if (/[|;,[\](){}"'`]/.test(name) || /^\d+([^\w\s.]|_)+\d/.test(name))
    return {
      code: 'label-ambiguous',
      expected: 'labels separated by spaces',
      hint: `The option separator takes another mark. ${GIVE_CLASSES}`,
    };
  if (codes) return undefined;
  if (INDEX.test(name) && Number(name) >= MOST_INFERRED)
    return { code: 'label-unknown', expected: `labels below ${MOST_INFERRED}`, hint: GIVE_CLASSES };
  if (NUMBER.test(name) && !INDEX.test(name))
    return { code: 'label-unknown', expected: 'a class index such as 0, 1, 2', hint: GIVE_CLASSES };
  return undefined;
}

/** Whether labels of digits are names, such as 001 to 200: all of one width, and one begins with 0. */
function areCodes(distinct: readonly string[]): boolean {
  const digits = distinct.filter((name) => /^\d+$/.test(name));
  const [first] = digits;
  return (
    first !== undefined &&
    first.length > 1 &&
    digits.every(({ length }) => length === first.length) &&
    digits.some((name) => name.startsWith('0'))
  );
}

/**
 * The classes that labels speak of: labels that are all whole numbers are class indices, with K one more than
 * the largest; others are names, sorted by code unit, since the order must not depend on a locale.
 */
export function inferredClasses(labels: readonly string[]): readonly string[] {
  const found = [...new Set(labels)].filter((name) => name !== '');
  if (!found.every((name) => INDEX.test(name)) || areCodes(found))
    return found.sort((a, b) => (a < b ? -1 : 1));
  const count = found.reduce((most, name) => Math.max(most, Number(name) + 1), 0);
  return Array.from({ length: count }, (_, k) => String(k));
}

/** The classes of several attributes: those that are given, and those that the records speak of. */
export function attributeClasses(
  attributes: readonly AttributeColumn[],
  records: readonly LabelRecord[],
): FileClasses & { readonly attributes: readonly AttributeClasses[] } {
  const read = attributes.map((attribute, j) => {
    const where = `options.attributes[${j}]`;
    const name = columnOf(attribute);
    const classes =
      typeof attribute === 'string'
        ? inferredClasses(records.map(({ names }) => names[j] as string))
        : classNames(attribute.classes, `${where}.classes`);
    if (classes.length < 2)
      outOfRange(
        'attribute-invalid',
        where,
        'a column of at least two classes',
        described(`${name}: ${classes}`),
      );
    return { name, classes };
  });
  const classes = read.flatMap(({ name, classes: its }) => its.map((one) => `${name}=${one}`));
  return { classes, attributes: read };
}

/** Class indices of a record's labels, ascending. */
export type LabelIndex = (record: LabelRecord) => number[];

/**
 * Looks labels up by name.
 *
 * @returns a function that throws a DataError, `label-unknown`, with file and line
 */
export function labelIndex(
  { classes, attributes }: FileClasses,
  file: string,
  format: LabelFormat,
): LabelIndex {
  const indices = new Map(classes.map((name, k) => [name, k]));
  const name = (label: string, j: number) => (attributes ? `${attributes[j]?.name}=${label}` : label);
  const expected = (j: number) =>
    attributes
      ? `${attributes[j]?.name}: ${oneOf(attributes[j]?.classes ?? [])}`
      : `${oneOf(classes)} (${separatorInWords(format)})`;
  return ({ names, line }) =>
    names
      .flatMap((label, j) => {
        if (attributes && label === '') return [];
        const k = indices.get(name(label, j));
        if (k === undefined)
          throw dataError({ code: 'label-unknown', file, line, expected: expected(j), got: label });
        return [k];
      })
      .sort((a, b) => a - b);
}

function oneOf(names: readonly string[]): string {
  return names.length > 8
    ? `one of ${names.length} labels from ${names[0]} to ${names.at(-1)}`
    : names.join(' | ');
}
