/**
 * A line of a label file: its fields, its header, its record.
 *
 * @module
 */
import { parse } from 'csv-parse/sync';
import { type DataErrorCode, dataError } from './errors.js';

/** How a label file is written. */
export interface LabelFileFormat {
  /** Column of the ids. Default `Id`. */
  readonly idColumn?: string;
  /** Column of the labels, separated by spaces. Default `Target`. */
  readonly targetColumn?: string;
  /** Whether an image may have no label at all. Default false: its line is bad. */
  readonly allowEmpty?: boolean;
}

/** A line of a label file: whose, which labels, and where it stands. */
export interface LabelRecord {
  readonly id: string;
  /** As they are written, in the file's order, each once. */
  readonly names: readonly string[];
  /** Line of the file, from 1; the header is line 1. */
  readonly line: number;
}

/** A header that was read: which field is what. */
export interface LabelHeader extends Required<LabelFileFormat> {
  readonly file: string;
  readonly columns: readonly string[];
}

/**
 * Reads the header.
 *
 * @throws DataError - `column-missing`, unless there is one column of ids and one of labels
 */
export function readHeader(text: string, line: number, file: string, format: LabelFileFormat): LabelHeader {
  const { idColumn = 'Id', targetColumn = 'Target', allowEmpty = false } = format;
  const columns = fieldsOf(text, line, file);
  for (const column of [idColumn, targetColumn]) {
    if (columns.filter((name) => name === column).length === 1) continue;
    const expected = `one column ${column}`;
    throw dataError({ code: 'column-missing', file, line, expected, got: columns.join(',') });
  }
  return { file, columns, idColumn, targetColumn, allowEmpty };
}

/**
 * Reads any other line.
 *
 * @throws DataError - `line-malformed`, `id-empty`, `label-missing`, `label-repeated`
 */
export function readRecord(text: string, line: number, header: LabelHeader): LabelRecord {
  const { file, columns, idColumn, targetColumn, allowEmpty } = header;
  const fields = fieldsOf(text, line, file);
  const refuse = (code: DataErrorCode, expected: string) => {
    throw dataError({ code, file, line, expected, got: text });
  };
  if (fields.length !== columns.length) refuse('line-malformed', `${columns.length} fields`);
  const id = fields[columns.indexOf(idColumn)] as string;
  const target = fields[columns.indexOf(targetColumn)] as string;
  if (id === '') refuse('id-empty', 'an id');
  const names = target.split(/\s+/).filter((name) => name !== '');
  if (names.length === 0 && !allowEmpty) refuse('label-missing', 'at least one label');
  if (new Set(names).size < names.length) refuse('label-repeated', 'each label once');
  return { id, names, line };
}

/** Each line is parsed by itself, so that a stray quote spoils its own line and not all behind it.
 * Trimming takes a byte order mark too. */
function fieldsOf(text: string, line: number, file: string): string[] {
  try {
    return (parse(text, { trim: true, relax_column_count: true }) as string[][])[0] ?? [];
  } catch (cause) {
    const expected = 'comma-separated fields, with quotes that close on the line';
    throw dataError({ code: 'line-malformed', file, line, expected, got: text }, { cause });
  }
}
