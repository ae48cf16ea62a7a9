/**
 * A label file's lines as records, one at a time: a file of any length takes only the memory of its ids.
 *
 * @module
 */

import { type FileHandle, open } from 'node:fs/promises';
import { described } from '../../spec/errors.js';
import { type Fields, loadCsvFields } from './csv-fields.js';
import { type DataError, dataError, isDataError } from './errors.js';
import { type LabelFileFormat, readFormat } from './label-format.js';
import { type LabelHeader, type LabelRecord, readHeader, readRecord } from './label-line.js';

/**
 * Reads a label file line by line. Other columns, empty lines and a byte order mark are ignored. A quoted
 * field may hold commas, but no line break.
 *
 * @param onBad - called with a bad line, and reading continues. Default: a bad line is thrown
 * @throws DataError - naming file and line; always for `file-missing`, `file-empty`, `file-encoding`,
 * `column-missing`
 * @throws InputTypeError, InputRangeError - a bad option; PackageMissingError - without csv-parse
 */
export async function* labelRecords(
  file: string,
  format: LabelFileFormat = {},
  onBad: (bad: DataError) => void = throwIt,
): AsyncGenerator<LabelRecord, void, void> {
  const completed = readFormat(format);
  const split = await loadCsvFields();
  const handle = await opened(file);
  try {
    const lines = new Map<string, number>();
    let header: LabelHeader | undefined;
    let line = 0;
    for await (const block of lineBlocks(handle)) {
      const fields = split(block, completed.delimiter);
      for (const [at, text] of block.entries()) {
        line += 1;
        if (text.trim() === '') continue;
        if (header === undefined) {
          header = readHeader(text, line, file, completed, split);
          continue;
        }
        const known = header;
        const read = () => unseen(readRecord(fields[at] as Fields, text, line, known), lines, file);
        const record = orBad(read, onBad);
        if (record) yield record;
      }
    }
    if (header === undefined)
      throw dataError({
        code: 'file-empty',
        file,
        expected: 'a header and lines',
        got: described('nothing'),
      });
  } finally {
    await handle.close();
  }
}

/** What is read, or nothing if it is bad and is not thrown. */
export function orBad<T>(read: () => T, onBad: (bad: DataError) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!isDataError(error)) throw error;
    onBad(error);
    return undefined;
  }
}

function throwIt(bad: DataError): never {
  throw bad;
}

/**
 * Of two lines with one id neither is known to be right: the first stands, the second is bad. Accents
 * written in two ways (NFC, NFD) are one id, since they find the same file.
 */
function unseen(record: LabelRecord, lines: Map<string, number>, file: string): LabelRecord {
  const { line } = record;
  const id = record.id.normalize('NFC');
  const first = lines.get(id);
  if (first !== undefined)
    throw dataError({
      code: 'id-duplicate',
      file,
      line,
      expected: `an id that is not on line ${first}`,
      got: id,
    });
  lines.set(id, line);
  return record;
}

/** Lines, block by block as they are read. A line ends with a line feed, a carriage return, or both. */
async function* lineBlocks(handle: FileHandle): AsyncGenerator<string[], void, void> {
  let rest = '';
  for await (const text of handle.createReadStream({ encoding: 'utf8', autoClose: false })) {
    // a carriage return at the end may be the first half of a line's end
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield lines;
  }
  yield [rest.replace(/\r$/, '')];
}

async function opened(file: string): Promise<FileHandle> {
  const expected = 'a label file that can be read';
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (cause) {
    throw dataError(
      { code: 'file-missing', file, expected, got: described((cause as Error).message) },
      { cause },
    );
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw dataError({ code: 'file-missing', file, expected, got: described('a folder or a device') });
}
