/**
 * A line of a label file: its fields, its header, its record.
 *
 * @module
 */

import { described } from '../../spec/errors.js';
import type { Fields, SplitLines } from './csv-fields.js';
import { type DataErrorCode, dataError } from './errors.js';
import { leavesFolder } from './file-name.js';
import { type LabelFormat, labelsOfField } from './label-format.js';

/** A line of a label file: whose, which labels, and where it stands. */
export interface LabelRecord {
  readonly id: string;
  /**
   * As they are written (in Unicode's composed form, NFC), in the file's order, each once. Of several
   * attributes one for each, the empty text where it has none.
   */
  readonly names: readonly string[];
  /** Line of the file, from 1; the header is line 1. */
  readonly line: number;
}

/** A header that was read: which field is what. */
export interface LabelHeader extends LabelFormat {
  readonly file: string;
  /** Fields of a line. */
  readonly width: number;
  /** Position of the ids. */
  readonly idAt: number;
  /** Positions of the labels. */
  readonly targetsAt: readonly number[];
}

/**
 * Reads the header.
 *
 * @throws DataError - `column-missing`, unless there is one column of ids and one of labels;
 * `file-encoding` for text that is not UTF-8
 */
export function readHeader(
  text: string,
  line: number,
  file: string,
  format: LabelFormat,
  split: SplitLines,
): LabelHeader {
  if (text.includes('\0'))
    throw dataError({
      code: 'file-encoding',
      file,
      expected: 'text in UTF-8',
      got: described('text in UTF-16, or no text'),
      hint: 'Save it as UTF-8.',
    });
  const bare = text.replace(/^\ufeff/, '');
  const columns = checked(split([bare], format.delimiter)[0], bare, line, file);
  const at = (column: string) => {
    const found = columns.filter((name) => name === column).length;
    if (found === 1) return columns.indexOf(column);
    const hint = columnHint(text, columns, format);
    const got = text.trim();
    throw dataError({ code: 'column-missing', file, line, expected: `one column ${column}`, got, hint });
  };
  const idAt = at(format.idColumn);
  return { ...format, file, width: columns.length, idAt, targetsAt: format.targets.map(at) };
}

/** What the caller may have meant by a header that lacks a column. */
function columnHint(text: string, columns: readonly string[], { delimiter }: LabelFormat): string {
  const other = [';', '\t', '|', ','].find((mark) => mark !== delimiter && text.includes(mark));
  if (columns.length === 1 && other !== undefined)
    return `Fields seem to be separated by ${JSON.stringify(other)}: the option delimiter takes it.`;
  return 'The options idColumn and targetColumn name other columns.';
}

/**
 * Reads any other line.
 *
 * @param parsed - its fields
 * @throws DataError - `line-malformed`, `id-empty`, `id-outside`, `label-missing`, `label-repeated`
 */
export function readRecord(parsed: Fields, text: string, line: number, header: LabelHeader): LabelRecord {
  const { file, width, idAt, targetsAt, allowEmpty, byAttribute } = header;
  const refuse = (code: DataErrorCode, expected: string) => {
    throw dataError({ code, file, line, expected, got: text });
  };
  if (text.includes('\ufffd')) refuse('line-malformed', 'text in UTF-8');
  const fields = checked(parsed, text, line, file);
  if (fields.length !== width) refuse('line-malformed', `${width} fields`);
  const id = fields[idAt] as string;
  if (id === '') refuse('id-empty', 'an id');
  if (leavesFolder(id)) refuse('id-outside', 'an id that stays in its folder, without .. or a leading /');
  if (byAttribute) {
    const names = targetsAt.map((at) => (fields[at] as string).normalize('NFC'));
    const empty = names.indexOf('');
    if (empty >= 0 && !allowEmpty)
      refuse('label-missing', `a class of ${header.targets[empty]} (allowEmpty lets it be unlabelled)`);
    return { id, names, line };
  }
  const names = labelsOfField((fields[targetsAt[0] as number] as string).normalize('NFC'), header);
  if (names.length === 0 && !allowEmpty)
    refuse('label-missing', 'at least one label (allowEmpty lets an image have none)');
  if (names.length > 1 && new Set(names).size < names.length) refuse('label-repeated', 'each label once');
  return { id, names, line };
}

function checked(parsed: Fields | undefined, text: string, line: number, file: string): readonly string[] {
  if (parsed !== undefined && !(parsed instanceof Error)) return parsed;
  const expected = 'fields whose quotes close on the line';
  throw dataError({ code: 'line-malformed', file, line, expected, got: text }, { cause: parsed });
}
