/**
 * Writes files of ids and labels, in the format in which they are read.
 *
 * @module
 */
import { outOfRange } from '../../spec/errors.js';
import { csvLine } from '../support/csv-field.js';
import { writeWhole } from '../support/write-whole.js';
import { wholeNumber } from './checks.js';
import { classNames } from './class-names.js';
import { holdsSeparator } from './label-format.js';

/** An image's id and labels. */
export interface LabelledId {
  readonly id: string;
  /** Class indices; may be empty. */
  readonly labels: readonly number[];
}

/** How labels are written. */
export interface LabelWriteOptions {
  /** What separates the labels of a field, as `separator` of {@link readLabelFile} reads it. Default a space. */
  readonly separator?: string;
}

/** Writes a label file, `Id,Target`, as {@link writePredictions} does apart from the header. */
export function writeLabelFile(
  file: string,
  rows: Iterable<LabelledId>,
  classes: readonly string[] | number,
  options: LabelWriteOptions = {},
): void {
  writeColumn(file, 'Target', rows, classes, options);
}

/**
 * Writes predictions, `Id,Predicted`, whole or not at all: labels by name, separated by spaces, in the order
 * given. A name of several words can be the only label of its image; beside another it needs another
 * `separator`.
 *
 * @param classes - names by class index, or their number K for names 0 to K−1, as in a label file
 * @throws InputTypeError, InputRangeError - an id that is empty or comes twice, a label that is not a class
 * index, several labels, one of which contains the separator: nothing is written
 * @example
 * ```ts
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { readLabelFile, writePredictions } from 'class-rectification/data';
 *
 * const file = join(tmpdir(), 'class-rectification-predictions.csv');
 * writePredictions(file, [{ id: 'a', labels: [0, 16] }], 28);
 * const { rows } = await readLabelFile(file, { targetColumn: 'Predicted', classes: 28 });
 * rows[0]?.labels; // → [0, 16]
 * ```
 */
export function writePredictions(
  file: string,
  rows: Iterable<LabelledId>,
  classes: readonly string[] | number,
  options: LabelWriteOptions = {},
): void {
  writeColumn(file, 'Predicted', rows, classes, options);
}

function writeColumn(
  file: string,
  column: string,
  rows: Iterable<LabelledId>,
  classes: readonly string[] | number,
  { separator = ' ' }: LabelWriteOptions,
): void {
  const names = classNames(classes);
  const seen = new Set<string>();
  const lines = [`Id,${column}`];
  for (const { id, labels } of rows) {
    const where = `rows[${lines.length - 1}]`;
    if (typeof id !== 'string' || id === '' || /[\r\n]/.test(id))
      outOfRange('option-out-of-range', `${where}.id`, 'an id that fits on a line', id);
    if (seen.has(id)) outOfRange('option-out-of-range', `${where}.id`, 'each id once', id);
    seen.add(id);
    const target = labels.map((k, at) => {
      const name = names[wholeNumber(`${where}.labels[${at}]`, k, 0)];
      if (name === undefined)
        outOfRange('label-out-of-range', `${where}.labels[${at}]`, `below ${names.length}`, k);
      if (labels.length > 1 && (separator === 'none' || holdsSeparator(name, separator)))
        outOfRange('label-out-of-range', `${where}.labels`, 'one label, or another separator', name);
      return name;
    });
    lines.push(csvLine([id, target.join(separator)]));
  }
  writeWhole(file, `${lines.join('\n')}\n`);
}
