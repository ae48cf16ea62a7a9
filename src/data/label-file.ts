/**
 * Label files, `Id,Target` with labels separated by spaces: the Human Protein Atlas's, and any like it.
 * All bad lines are listed in one error, or in `bad`.
 *
 * @module
 */
import { described, outOfRange, refuseUnknownFields, shown } from '../../spec/errors.js';
import { classNames } from './class-names.js';
import { type DataError, dataError, together } from './errors.js';
import { FORMAT_OPTIONS, holdsSeparator, type LabelFileFormat, readFormat } from './label-format.js';
import type { LabelRecord } from './label-line.js';
import {
  attributeClasses,
  type FileClasses,
  inferredClasses,
  labelIndex,
  plausibleRecords,
} from './label-names.js';
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
   * K one more than the largest; others are names, sorted by code unit. A label that can hardly be a
   * class (`nan`, `0|2`, `-1`, several words without a `separator`) is then a bad line.
   */
  readonly classes?: readonly string[] | number;
  /** Whether every image must have exactly one label. Default false. */
  readonly single?: boolean;
  /** Whether bad lines are left out and listed in `bad`, instead of thrown. Default false. */
  readonly skipBad?: boolean;
}

/** A label file that was read. */
export interface LabelFile extends FileClasses {
  readonly file: string;
  /** In the order of the file, ids unique. */
  readonly rows: readonly LabelRow[];
  /** The lines left out, in the order of the file; empty without `skipBad`. */
  readonly bad: readonly DataError[];
}

const OPTIONS = [...FORMAT_OPTIONS, 'classes', 'single', 'skipBad'];

/**
 * Reads a label file.
 *
 * @param file - CSV in UTF-8 with a header; other columns are ignored
 * @throws DataError - naming file and line; several bad lines are one error, `lines-bad`, that lists them.
 * With `skipBad` only what spoils the file as a whole: `file-missing`, `file-encoding`, `column-missing`, and
 * `file-empty` where no line is good
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
 *
 * @example Several attributes, one in each column
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { readLabelFile } from 'class-rectification/data';
 *
 * const file = join(tmpdir(), 'class-rectification-attributes.csv');
 * writeFileSync(file, 'Id,colour,shape\na,red,round\nb,blue,square\nc,red,square\n');
 * const { rows, classes } = await readLabelFile(file, { attributes: ['colour', 'shape'] });
 * classes; // → ['colour=blue', 'colour=red', 'shape=round', 'shape=square']
 * rows.map(({ labels }) => labels); // → [[1, 2], [0, 3], [1, 3]]
 * ```
 */
export async function readLabelFile(file: string, options: LabelFileOptions = {}): Promise<LabelFile> {
  refuseUnknownFields(options, OPTIONS);
  const { classes: given, single = false, skipBad = false, ...format } = options;
  const known = given === undefined ? undefined : classNames(given);
  known?.forEach((name, k) => {
    if (!holdsSeparator(name, format.separator)) return;
    const expected = 'a name without what separates labels (the option separator says another mark, or none)';
    outOfRange('attribute-invalid', `options.classes[${k}]`, expected, name);
  });
  const bad: DataError[] = [];
  const onBad = (error: DataError) => {
    bad.push(error);
  };
  let records: LabelRecord[] = [];
  for await (const record of labelRecords(file, format, onBad)) {
    if (single && record.names.length > 1) onBad(severalLabels(record, file));
    else records.push(record);
  }
  const completed = readFormat(format);
  const { attributes } = format;
  if (known === undefined) {
    const columns = attributes?.map((one) => typeof one !== 'string') ?? [];
    records = plausibleRecords(records, file, { ...completed, known: columns }, onBad);
  }
  const found: FileClasses = attributes
    ? attributeClasses(attributes, records)
    : { classes: known ?? inferredClasses(records.flatMap(({ names }) => names)) };
  const index = labelIndex(found, file, completed);
  const rows = records.flatMap((record): LabelRow[] => {
    const labels = orBad(() => index(record), onBad);
    return labels ? [{ id: record.id, labels, line: record.line }] : [];
  });
  bad.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (bad.length > 0 && !skipBad) throw together(bad, 'lines-bad', file, 'good lines');
  if (rows.length === 0) {
    const got = bad.length === 0 ? 'none' : `${bad.length} bad, first: ${bad[0]?.message}`;
    throw dataError({ code: 'file-empty', file, expected: 'at least one good line', got: described(got) });
  }
  return { file, rows, ...found, bad };
}

function severalLabels({ names, line }: LabelRecord, file: string): DataError {
  const hint = 'The option separator says what separates labels; with none each field is one label.';
  const got = `${shown(names.join(' '))} (${names.length} labels)`;
  return dataError({ code: 'label-several', file, line, expected: 'one label', got: described(got), hint });
}
