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
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { isInputError } from '../../spec/index.js';
import { loadCsvFields } from './csv-fields.js';
import { type DataError, isDataError } from './errors.js';
import { type LabelFileOptions, readLabelFile } from './label-file.js';
import { labelRecords } from './label-record.js';
import { writePredictions } from './label-writer.js';

vi.mock('csv-parse/sync', { spy: true });
const fieldsOfLines = await loadCsvFields();

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
    expect((await readLabelFile(written(text), { separator: ' ' })).classes).toEqual([
      'actin',
      'er',
      'golgi',
    ]);
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

  it('does not take a mistyped number for a class', async () => {
    expect(await refusal('Id,Target\na,1\nb,4000000000\n')).toMatchObject({ code: 'label-unknown', line: 3 });
  });

  it('may have images without a label, if that is allowed', async () => {
    const { rows } = await readLabelFile(written('Id,Target\na,\nb,1\n'), { allowEmpty: true });
    expect(rows[0]).toEqual({ id: 'a', labels: [], line: 2 });
  });

  it('refuses invalid options', async () => {
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
        break; // the bad line after it is never reached
      }
      expect(handlesOn(labels)).toBe(0);
    },
  );
});

describe('labels without given classes', () => {
  it.each([
    ['label-ambiguous', 'a,0|2', /separated by spaces.*got "0\|2"\nThe option separator takes another mark/],
    ['label-ambiguous', 'a,0;2', /separated by spaces/],
    ['label-ambiguous', '"a","0,2"', /separated by spaces/],
    ['label-ambiguous', 'a,"[0, 2]"', /separated by spaces/],
    ['label-ambiguous', 'a,{0}', /separated by spaces/],
    ['label-ambiguous', 'a,0/2', /separated by spaces/],
    ['label-ambiguous', 'a,0_2', /separated by spaces/],
    ['label-ambiguous', 'a,cat|dog', /separated by spaces/],
    ['label-missing', 'a,nan', /a label, got "nan"\nAn image without a label has an empty field/],
    ['label-missing', 'a,NaN', /a label/],
    ['label-missing', 'a,None', /a label/],
    ['label-missing', 'a,<NA>', /a label/],
    ['label-missing', 'a,1 nan', /a label/],
    ['label-unknown', 'a,-1', /a class index such as 0, 1, 2/],
    ['label-unknown', 'a,1.0', /a class index such as 0, 1, 2/],
    ['label-unknown', 'a,01', /a class index such as 0, 1, 2/],
    ['label-unknown', 'a,o', /a class index, as most labels are/],
    ['label-ambiguous', 'a,0:2', /separated by spaces/],
  ])('are refused as %s: %s', async (code, line, message) => {
    const text = `Id,Target\nx,0\n${line}\ny,1\nz,2\n`;
    expect(await refusal(text)).toMatchObject({ code, line: 3 });
    expect((await refusal(text)).message).toMatch(message);
    const { rows, classes, bad } = await readLabelFile(written(text), { skipBad: true });
    expect([rows.length, classes, bad.length]).toEqual([3, ['0', '1', '2'], 1]);
  });

  it('are refused where one name or several labels may be meant', async () => {
    const error = await refusal('Id,Target\na,er\nb,Golgi apparatus\n');
    expect(error).toMatchObject({ code: 'label-ambiguous', line: 3 });
    expect(error.message).toContain(
      'expected one word, got "Golgi apparatus"\nSeveral words may be one name',
    );
  });

  it('are what they are where classes or the separator say so', async () => {
    const read = async (lines: string, options: LabelFileOptions) => {
      const { rows, classes } = await readLabelFile(written(`Id,Target\n${lines}\n`), options);
      return [rows.map(({ labels }) => labels), classes];
    };
    expect(await read('a,nan\nb,-1', { classes: ['-1', 'nan'] })).toEqual([
      [[1], [0]],
      ['-1', 'nan'],
    ]);
    expect(await read('a,0|2\nb, 1 | 0', { separator: '|' })).toEqual([
      [
        [0, 2],
        [0, 1],
      ],
      ['0', '1', '2'],
    ]);
    const golgi = ['er', 'golgi apparatus'];
    expect(await read('a,golgi apparatus;er\nb,er', { separator: ';' })).toEqual([[[0, 1], [0]], golgi]);
    expect(await read('a,golgi apparatus\nb,er', { separator: 'none' })).toEqual([[[1], [0]], golgi]);
    expect(await read('a,golgi er\nb,er', { separator: ' ' })).toEqual([
      [[0, 1], [0]],
      ['er', 'golgi'],
    ]);
    // letters with a few digits are names of one kind; so are digits of one width
    expect(await read('a,A\nb,7\nc,B', {})).toEqual([
      [[1], [0], [2]],
      ['7', 'A', 'B'],
    ]);
    expect(await read('a,10\nb,09\nc,11', {})).toEqual([
      [[1], [0], [2]],
      ['09', '10', '11'],
    ]);
  });

  it('are one class whose capitals differ, apart from single letters', async () => {
    const error = await refusal('Id,Target\na,Cat\nb,dog\nc,cat\n');
    expect(error).toMatchObject({ code: 'label-ambiguous', line: 4 });
    expect(error.message).toContain('expected Cat, as on a line before (capitals differ)');
    const letters = await readLabelFile(written('Id,Target\na,A\nb,a\n'));
    expect(letters.classes).toEqual(['A', 'a']);
    const given = { classes: ['Cat', 'cat'] };
    expect((await readLabelFile(written('Id,Target\na,Cat\nb,cat\n'), given)).rows).toHaveLength(2);
  });

  it('must have one form: accents composed and decomposed are one class, and one id', async () => {
    const [composed, decomposed] = ['café'.normalize('NFC'), 'café'.normalize('NFD')];
    const text = `Id,Target\na,${composed}\nb,${decomposed}\nc,tea\n`;
    const { classes, rows } = await readLabelFile(written(text));
    expect([classes, rows.map(({ labels }) => labels)]).toEqual([
      [composed, 'tea'],
      [[0], [0], [1]],
    ]);
    const twice = `Id,Target\n${composed},0\n${decomposed},1\n`;
    expect(await refusal(twice)).toMatchObject({ code: 'id-duplicate', line: 3 });
  });
});

describe('a label file with mistakes', () => {
  it('lists all bad lines at once, in their order', async () => {
    const error = await refusal('Id,Target\na,1\nb\na,2\nc,99\n../d,1\ne,1 1\n', { classes: 3 });
    expect(error).toMatchObject({ code: 'lines-bad', got: '5 bad' });
    expect(error.each?.map(({ code, line }) => [code, line])).toEqual([
      ['line-malformed', 3],
      ['id-duplicate', 4],
      ['label-unknown', 5],
      ['id-outside', 6],
      ['label-repeated', 7],
    ]);
    for (const line of [3, 4, 5, 6, 7]) expect(error.message).toContain(`train.csv:${line}: expected `);
    // what to do is said once for all lines
    const many = await refusal('Id,Target\na,0|1\nb,1|2\nc,nan\nd,nan\ne,1\n');
    expect(many.message.match(/The option separator takes another mark/g)).toHaveLength(1);
    expect(many.message.match(/An image without a label has an empty field/g)).toHaveLength(1);
  });

  it.each(['../x', '/etc/x', 'a/../../x', 'a//x', './x', '..\\x', 'C:\\x', 'a/..'])(
    'refuses the id %s, which leaves its folder',
    async (id) => {
      expect(await refusal(`Id,Target\na,1\n${id},1\n`)).toMatchObject({ code: 'id-outside', line: 3 });
    },
  );

  it('takes ids in folders below', async () => {
    const { rows } = await readLabelFile(written('Id,Target\na/b,1\n..c,1\nd..,0\n'));
    expect(rows.map(({ id }) => id)).toEqual(['a/b', '..c', 'd..']);
  });

  it('refuses several labels where one is asked for, by line', async () => {
    const text = 'Id,Target\na,Golgi apparatus\nb,er\n';
    const error = await refusal(text, { single: true });
    expect(error).toMatchObject({ code: 'label-several', line: 2 });
    expect(error.message).toContain('expected one label');
    expect(error.message).toContain('"Golgi apparatus" (2 labels)');
  });

  it.each([
    ['Id;Target\na;1\n', 'delimiter', ';'],
    ['Id\tTarget\na\t1\n', 'delimiter', '\t'],
  ])('says which mark separates the fields of %j, and takes it', async (text, option, value) => {
    expect((await refusal(text)).message).toContain(
      `Fields seem to be separated by ${JSON.stringify(value)}`,
    );
    expect((await readLabelFile(written(text), { [option]: value })).rows).toHaveLength(1);
  });

  it('says that it is not in UTF-8', async () => {
    const file = join(folder, 'encoded.csv');
    writeFileSync(file, Buffer.from('\ufeffId,Target\na,1\n', 'utf16le'));
    await expect(readLabelFile(file)).rejects.toMatchObject({ code: 'file-encoding' });
    writeFileSync(file, Buffer.from('Id,Target\na,caf\u00e9\n', 'latin1'));
    await expect(readLabelFile(file)).rejects.toMatchObject({ code: 'line-malformed', line: 2 });
  });

  it('reads lines that end in each of the three ways, also where a block of the file ends', async () => {
    const id = 'x'.repeat(65_535 - 'Id,Target\r\n,1'.length); // the first block ends between \r and \n
    const { rows } = await readLabelFile(written(`Id,Target\r\n${id},1\r\nb,0\rc,1\nd,0`));
    expect(rows.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
  });
});

describe('fields of lines', () => {
  const unit = fc.constantFrom('a', ' ', 'é', '|', '_', '7', '\t', ',', '"');

  it('are those of each line alone, with the parser or without it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit, maxLength: 12 }), { minLength: 1 }), (lines) => {
        const all = fieldsOfLines(lines, ',');
        lines.forEach((line, at) => {
          const [alone] = fieldsOfLines([line], ',');
          if (alone instanceof Error) expect(all[at]).toBeInstanceOf(Error);
          else expect(all[at]).toEqual(alone);
        });
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.string({ unit, maxLength: 5 }), { minLength: 1 }), (fields) => {
        const plain = fields.map((field) => field.replaceAll(/[",]/g, ''));
        const [split] = fieldsOfLines([plain.join(',')], ',');
        const [parsed] = fieldsOfLines([plain.map((field) => `"${field.trim()}"`).join(',')], ',');
        expect(split).toEqual(parsed);
      }),
    );
  });

  it('take one call of the parser for any number of lines with quotes', () => {
    vi.mocked(parse).mockClear();
    const lines = Array.from({ length: 2000 }, (_, i) => `"a${i}","${i},0"`);
    expect(fieldsOfLines(lines, ',')[1999]).toEqual(['a1999', '1999,0']);
    expect(vi.mocked(parse)).toHaveBeenCalledTimes(1);
  });
});

describe('several attributes', () => {
  const text = 'Id,colour,shape\na,red,round\nb,blue,square\nc,red,\n';

  it('are read one from each column, and keep their classes apart', async () => {
    const { rows, classes, attributes } = await readLabelFile(written(text), {
      attributes: ['colour', 'shape'],
      allowEmpty: true,
    });
    expect(classes).toEqual(['colour=blue', 'colour=red', 'shape=round', 'shape=square']);
    expect(attributes).toEqual([
      { name: 'colour', classes: ['blue', 'red'] },
      { name: 'shape', classes: ['round', 'square'] },
    ]);
    expect(rows.map(({ labels }) => labels)).toEqual([[1, 2], [0, 3], [1]]);
  });

  it('take the classes that are given, and refuse others by column and line', async () => {
    const attributes = [{ column: 'colour', classes: ['red', 'green', 'blue'] }, 'shape'];
    const read = await readLabelFile(written(text), { attributes, allowEmpty: true });
    expect(read.rows.map(({ labels }) => labels)).toEqual([[0, 3], [2, 4], [0]]);
    const fewer = [{ column: 'colour', classes: ['red', 'green'] }, 'shape'];
    const error = await refusal(text, { attributes: fewer, allowEmpty: true });
    expect(error).toMatchObject({ code: 'label-unknown', line: 3, expected: 'colour: red | green' });
  });

  it('are refused without a class, without a column, and of one class only', async () => {
    const attributes = ['colour', 'shape'];
    expect(await refusal(text, { attributes })).toMatchObject({ code: 'label-missing', line: 4 });
    expect(await refusal(text, { attributes: ['colour', 'size'] })).toMatchObject({ code: 'column-missing' });
    const one = 'Id,colour,shape\na,red,round\nb,red,square\n';
    await expect(readLabelFile(written(one), { attributes })).rejects.toThrow(
      'options.attributes[0]: expected a column of at least two classes',
    );
    const missing = 'Id,colour,shape\na,red,round\nb,nan,square\nc,blue,square\n';
    expect(await refusal(missing, { attributes })).toMatchObject({ code: 'label-missing', line: 3 });
  });
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

  it('keeps names of several words: alone, or with another separator', async () => {
    const classes = ['golden retriever', 'cat'];
    const one = [{ id: ' a', labels: [0] }];
    writePredictions(file, one, classes);
    const read = await readLabelFile(file, { targetColumn: 'Predicted', classes, separator: 'none' });
    expect(read.rows.map(({ id, labels }) => ({ id, labels }))).toEqual(one);
    const both = [{ id: 'a', labels: [0, 1] }];
    expect(() => writePredictions(file, both, classes)).toThrow(
      'rows[0].labels: expected one label, or another separator, got "golden retriever"',
    );
    writePredictions(file, both, classes, { separator: ';' });
    expect(readFileSync(file, 'utf8')).toBe('Id,Predicted\na,golden retriever;cat\n');
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
