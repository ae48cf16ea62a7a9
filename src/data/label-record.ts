/**
 * A label file's lines as records, one at a time: a file of any length takes the memory of its ids.
 *
 * @module
 */
import { type FileHandle, open } from 'node:fs/promises';
import { type DataError, dataError, isDataError } from './errors.js';
import {
  type LabelFileFormat,
  type LabelHeader,
  type LabelRecord,
  readHeader,
  readRecord,
} from './label-line.js';

/**
 * Reads a label file line by line. Other columns are passed over, empty lines too, and so is a byte
 * order mark. A quoted field may hold commas, and no line break.
 *
 * @param onBad - gets a bad line, and reading goes on. Default: a bad line is thrown
 * @throws DataError - naming file and line; always for `file-missing`, `file-empty`, `column-missing`
 */
export async function* labelRecords(
  file: string,
  format: LabelFileFormat = {},
  onBad: (bad: DataError) => void = throwIt,
): AsyncGenerator<LabelRecord, void, void> {
  const handle = await opened(file);
  try {
    const lines = new Map<string, number>();
    let header: LabelHeader | undefined;
    let line = 0;
    for await (const text of handle.readLines({ encoding: 'utf8' })) {
      line += 1;
      if (text.trim() === '') continue;
      if (header === undefined) {
        header = readHeader(text, line, file, format);
        continue;
      }
      const record = orBad(() => unseen(readRecord(text, line, header as LabelHeader), lines, file), onBad);
      if (record) yield record;
    }
    if (header === undefined)
      throw dataError({ code: 'file-empty', file, expected: 'a header and lines', got: 'nothing' });
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

/** Of two lines with one id neither is known to be right: the first stands, the second is bad. */
function unseen(record: LabelRecord, lines: Map<string, number>, file: string): LabelRecord {
  const { id, line } = record;
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

async function opened(file: string): Promise<FileHandle> {
  const expected = 'a label file that can be read';
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (cause) {
    throw dataError({ code: 'file-missing', file, expected, got: (cause as Error).message }, { cause });
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw dataError({ code: 'file-missing', file, expected, got: 'no file' });
}
