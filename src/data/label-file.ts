/**
 * Label files, `Id,Target` with labels separated by spaces: the Human Protein Atlas's, and any like it.
 *
 * @module
 */
import { knownOptions } from './checks.js';
import { classNames, inferredClasses, type LabelIndex, labelIndex } from './class-names.js';
import { type DataError, dataError } from './errors.js';
import type { LabelFileFormat, LabelRecord } from './label-line.js';
import { labelRecords, orBad } from './label-record.js';

/** An image's labels, and where they stand. */
export interface LabelRow {
  readonly id: string;
  /** Class indices, ascending, each once. */
  readonly labels: readonly number[];
  /** Line of the file, from 1. */
  readonly line: number;
}

/** How a label file is read. */
export interface LabelFileOptions extends LabelFileFormat {
  /**
   * Names of the labels in the order of their class indices, or their number K, for labels 0 to K−1.
   * Default: found in the file. Then labels that are all whole numbers are the indices themselves, with
   * K one more than the largest; others are names, sorted by code unit.
   */
  readonly classes?: readonly string[] | number;
  /** Whether bad lines are left out and listed in `bad`, instead of thrown. Default false. */
  readonly skipBad?: boolean;
}

/** A label file that was read. */
export interface LabelFile {
  readonly file: string;
  /** In the order of the file, ids unique. */
  readonly rows: readonly LabelRow[];
  /** Names by class index. */
  readonly classes: readonly string[];
  /** The lines left out, in the order of the file; empty without `skipBad`. */
  readonly bad: readonly DataError[];
}

const OPTIONS = ['idColumn', 'targetColumn', 'allowEmpty', 'classes', 'skipBad'];

/**
 * Reads a label file, a line at a time.
 *
 * @param file - CSV in UTF-8 with a header; further columns are passed over
 * @throws DataError - naming file and line; with `skipBad` only what spoils the file as a whole:
 * `file-missing`, `column-missing`, and `file-empty` where no line is good
 * @throws InputTypeError, InputRangeError - a bad option
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { readLabelFile } from 'class-rectification/data';
 *
 * const file = join(tmpdir(), 'class-rectification-example.csv');
 * writeFileSync(file, 'Id,Target\na,2 0\nb,1\nb,2\n');
 * const { rows, classes, bad } = await readLabelFile(file, { skipBad: true });
 * rows[0]; // → { id: 'a', labels: [0, 2], line: 2 }
 * classes; // → ['0', '1', '2']
 * bad.map(({ code, line }) => [code, line]); // → [['id-duplicate', 4]]
 * ```
 */
export async function readLabelFile(file: string, options: LabelFileOptions = {}): Promise<LabelFile> {
  knownOptions(options, OPTIONS);
  const { classes: given, skipBad = false, ...format } = options;
  const known = given === undefined ? undefined : classNames(given);
  const bad: DataError[] = [];
  const rows: LabelRow[] = [];
  const onBad = (error: DataError) => {
    if (!skipBad) throw error;
    bad.push(error);
  };
  const add = (record: LabelRecord, index: LabelIndex) => {
    const labels = orBad(() => index(record), onBad);
    if (labels) rows.push({ id: record.id, labels, line: record.line });
  };
  // where the classes are known an unknown label is found while reading: the first bad line is thrown
  const index = known && labelIndex(known, file);
  const waiting: LabelRecord[] = [];
  for await (const record of labelRecords(file, format, onBad)) {
    if (index) add(record, index);
    else waiting.push(record);
  }
  const classes = known ?? inferredClasses(waiting, file);
  const found = labelIndex(classes, file);
  for (const record of waiting) add(record, found);
  if (rows.length === 0) {
    const got = bad.length === 0 ? 'none' : `${bad.length} bad, first: ${bad[0]?.message}`;
    throw dataError({ code: 'file-empty', file, expected: 'at least one good line', got });
  }
  return { file, rows, classes, bad };
}
