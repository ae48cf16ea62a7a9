import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isInputError } from '../../spec/index.js';
import { type DataError, isDataError } from './errors.js';
import { type LabelFileOptions, readLabelFile } from './label-file.js';
import { labelRecords } from './label-record.js';
import { writePredictions } from './label-writer.js';

const folder = mkdtempSync(join(tmpdir(), 'labels-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string): string {
  const file = join(folder, 'train.csv');
  writeFileSync(file, text);
  return file;
}

async function refusal(text: string, options?: LabelFileOptions): Promise<DataError> {
  const error = await readLabelFile(written(text), options).catch((thrown: unknown) => thrown);
  if (!isDataError(error)) throw new Error(`expected a DataError, got ${error}`);
  return error;
}

/** How many handles this process has on a file; on no other, since engines open what they like meanwhile. */
function handlesOn(file: string): number {
  const handles = readdirSync('/proc/self/fd').map((handle) => {
    try {
      return readlinkSync(`/proc/self/fd/${handle}`);
    } catch {
      return undefined; // closed since it was listed
    }
  });
  return handles.filter((path) => path === realpathSync(file)).length;
}

describe('a label file', () => {
  it('gives ids, ascending class indices and lines', async () => {
    const { rows, classes, bad } = await readLabelFile(
      written('\ufeffId,Target\r\na,16 0\r\n\r\n"b,c",3\r\n d , 1  2 '),
    );
    expect(rows).toEqual([
      { id: 'a', labels: [0, 16], line: 2 },
      { id: 'b,c', labels: [3], line: 4 },
      { id: 'd', labels: [1, 2], line: 5 },
    ]);
    expect(classes).toEqual(Array.from({ length: 17 }, (_, k) => String(k)));
    expect(bad).toEqual([]);
  });

  it('finds names, sorted, or takes them in the order given', async () => {
    const text = 'note,Target,Id\nx,golgi er,a\ny,actin,b\n';
    expect((await readLabelFile(written(text))).classes).toEqual(['actin', 'er', 'golgi']);
    const given = await readLabelFile(written(text), { classes: ['golgi', 'er', 'actin', 'none'] });
    expect(given.rows.map(({ labels }) => labels)).toEqual([[0, 1], [2]]);
    expect(given.classes).toHaveLength(4);
  });

  it.each([
    ['line-malformed', 3, 'Id,Target\na,1\nb\nc,2\n'],
    ['line-malformed', 3, 'Id,Target\na,1\nb,1,2\nc,2\n'],
    ['line-malformed', 3, 'Id,Target\na,1\nb"x,1\nc,2\n'],
    ['line-malformed', 3, 'Id,Target\na,1\n"b,1\nc,2\n'],
    ['line-malformed', 3, 'Id,Target\na,1\n"b"x,1\nc,2\n'],
    ['id-empty', 3, 'Id,Target\na,1\n,1\nc,2\n'],
    ['id-duplicate', 3, 'Id,Target\na,1\na,1\nc,2\n'],
    ['label-missing', 3, 'Id,Target\na,1\nb,\nc,2\n'],
    ['label-repeated', 3, 'Id,Target\na,1\nb,1 2 1\nc,2\n'],
    ['label-unknown', 3, 'Id,Target\na,1\nb,28\nc,2\n'],
    ['label-unknown', 3, 'Id,Target\na,1\nb,01\nc,2\n'],
    ['label-unknown', 3, 'Id,Target\na,1\nb,golgi\nc,2\n'],
  ])('refuses %s by file and line %d, or skips and lists it', async (code, line, text) => {
    const error = await refusal(text, { classes: 28 });
    expect(error).toMatchObject({ code, line, file: join(folder, 'train.csv') });
    expect(error.message).toContain(`train.csv:${line}: expected `);
    const { rows, bad } = await readLabelFile(written(text), { classes: 28, skipBad: true });
    expect(rows.map(({ id, line: at }) => [id, at])).toEqual([
      ['a', 2],
      ['c', 4],
    ]);
    expect(bad.map((one) => [one.code, one.line])).toEqual([[code, line]]);
  });

  it.each([
    ['file-empty', ''],
    ['file-empty', '\n\n'],
    ['file-empty', 'Id,Target\n'],
    ['file-empty', 'Id,Target\na,\n'],
    ['column-missing', 'Id,Predicted\na,1\n'],
    ['column-missing', 'Id,Target,Target\na,1,1\n'],
    ['column-missing', 'a,1\nb,2\n'],
    ['line-malformed', '"Id,Target\nb,2\n'],
  ])('refuses %s even where bad lines are skipped: %j', async (code, text) => {
    expect((await refusal(text, { skipBad: true })).code).toBe(code);
  });

  it('that is missing, or a folder, is said', async () => {
    for (const file of [join(folder, 'none.csv'), folder])
      await expect(readLabelFile(file)).rejects.toMatchObject({ code: 'file-missing', file });
  });

  it('takes no number for a class that is a typing error', async () => {
    expect(await refusal('Id,Target\na,1\nb,4000000000\n')).toMatchObject({ code: 'label-unknown', line: 3 });
  });

  it('may have images without a label, if that is allowed', async () => {
    const { rows } = await readLabelFile(written('Id,Target\na,\nb,1\n'), { allowEmpty: true });
    expect(rows[0]).toEqual({ id: 'a', labels: [], line: 2 });
  });

  it('refuses options that are none', async () => {
    for (const options of [
      { classes: 0 },
      { classes: ['a', 'a'] },
      { classes: ['a b'] },
      { skipbad: true },
    ]) {
      const error = await readLabelFile(written('Id,Target\na,1\n'), options as LabelFileOptions).catch(
        (e) => e,
      );
      expect(isInputError(error), JSON.stringify(options)).toBe(true);
    }
  });

  it.runIf(process.platform === 'linux')(
    'is read a record at a time, and closed when the reader stops',
    async () => {
      const labels = written('Id,Target\na,1\nb\n');
      for await (const { id } of labelRecords(labels)) {
        expect(id).toBe('a');
        expect(handlesOn(labels)).toBe(1);
        break; // the bad line behind it is never reached
      }
      expect(handlesOn(labels)).toBe(0);
    },
  );
});

describe('a prediction file', () => {
  const file = join(folder, 'predicted.csv');

  it('is read back as it was written', async () => {
    const rows = [
      { id: 'a,"b', labels: [2, 0] },
      { id: 'c', labels: [] },
    ];
    writePredictions(file, rows, ['golgi', 'er', 'x,y']);
    expect(readFileSync(file, 'utf8')).toBe('Id,Predicted\n"a,""b","x,y golgi"\nc,\n');
    const back = await readLabelFile(file, {
      targetColumn: 'Predicted',
      allowEmpty: true,
      classes: ['golgi', 'er', 'x,y'],
    });
    expect(back.rows.map(({ id, labels }) => ({ id, labels }))).toEqual([
      { id: 'a,"b', labels: [0, 2] },
      { id: 'c', labels: [] },
    ]);
  });

  it.each([
    [[{ id: '', labels: [0] }], /\[0\]\.id/],
    [[{ id: 'a\nb', labels: [0] }], /\[0\]\.id/],
    [
      [
        { id: 'a', labels: [0] },
        { id: 'a', labels: [0] },
      ],
      /\[1\]\.id/,
    ],
    [[{ id: 'a', labels: [28] }], /\[0\]\.labels\[0\]: expected below 28/],
    [[{ id: 'a', labels: [-1] }], /\[0\]\.labels\[0\]/],
    [[{ id: 'a', labels: [0.5] }], /\[0\]\.labels\[0\]/],
  ])('is not written with %j', (rows, message) => {
    writePredictions(file, [], 28);
    expect(() => writePredictions(file, rows, 28)).toThrow(message);
    expect(readFileSync(file, 'utf8')).toBe('Id,Predicted\n');
  });
});
