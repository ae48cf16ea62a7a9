import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DataError, isDataError } from '../../data/errors.js';
import { tiffOf } from '../../data/sources/image-files.test-helper.js';
import { readDataConfig } from '../config/config.js';
import { unlabelledFiles } from './file-sources.js';
import { type LoadOptions, loadData } from './load-data.js';

const root = mkdtempSync(join(tmpdir(), 'load-data-'));
const at = (...names: string[]) => join(root, ...names);
afterAll(() => rmSync(root, { recursive: true }));

let png: Buffer;

/** Class folders of so many images each. */
function classes(name: string, sizes: Readonly<Record<string, number>>): string {
  for (const [folder, count] of Object.entries(sizes)) {
    mkdirSync(at(name, folder), { recursive: true });
    for (let i = 0; i < count; i++) writeFileSync(at(name, folder, `${i}.png`), png);
  }
  return at(name);
}

/** Ten images of channels red and green, and a label file of them. */
function channels(name: string, target: (i: number) => string, more: readonly string[] = []): object {
  mkdirSync(at(name), { recursive: true });
  for (let i = 0; i < 10; i++)
    for (const colour of ['red', 'green']) writeFileSync(at(name, `${i}_${colour}.png`), png);
  const lines = Array.from({ length: 10 }, (_, i) => `${i},${target(i)}`);
  writeFileSync(at(name, 'labels.csv'), `${['Id,Target', ...lines, ...more].join('\n')}\n`);
  return {
    kind: 'channels',
    labels: at(name, 'labels.csv'),
    folder: at(name),
    channels: ['red', 'green'],
    size: 8,
  };
}

const load = async (data: object, options?: LoadOptions) =>
  loadData(readDataConfig({ data }).data, 0, options);
const folders = (folder: string, more: object = {}) => ({ kind: 'folders', folder, size: 8, ...more });

async function refusal(data: object, options?: LoadOptions): Promise<DataError> {
  const error = await load(data, options).catch((thrown: unknown) => thrown);
  if (!isDataError(error)) throw new Error(`expected a DataError, got ${error}`);
  return error;
}

beforeAll(async () => {
  png = await sharp(new Uint8Array(64).fill(9), { raw: { width: 8, height: 8, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
});

describe('sets', () => {
  it('share no image: ids of another label file are refused with their number and their lines', async () => {
    const data = channels('shared', (i) => String(i % 2));
    writeFileSync(at('shared', 'held.csv'), 'Id,Target\n3,1\n4,0\n');
    const error = await refusal({ ...data, validation: at('shared', 'held.csv') });
    expect(error).toMatchObject({ code: 'images-shared', file: 'validation set' });
    expect(error.message).toContain('also in the training set, got 2 of 2 that are; the first: 3');
    expect(error.message).toContain(
      `3 (${at('shared', 'held.csv')}:2), also 3 (${at('shared', 'labels.csv')}:5)`,
    );
    const tested = await refusal({ ...data, validation: 0.2, test: at('shared', 'labels.csv') });
    expect(tested).toMatchObject({ code: 'images-shared', file: 'test set' });
  });

  it('share no image through links, and keep equal names in different folders apart', async () => {
    const training = classes('linked', { cat: 5, dog: 5 });
    const held = classes('held', { cat: 2, dog: 2 });
    await load(folders(training, { validation: held }));
    symlinkSync(at('linked', 'cat', '0.png'), at('held', 'cat', 'again.png'));
    const error = await refusal(folders(training, { validation: held }));
    expect(error.message).toContain(`got 1 of 5 that are; the first: ${at('held', 'cat', 'again.png')}`);
    symlinkSync(training, at('same'));
    expect((await refusal(folders(training, { validation: at('same') }))).code).toBe('images-shared');
    // one image under two classes
    symlinkSync(at('linked', 'cat'), at('linked', 'fox'));
    expect((await refusal(folders(training))).message).toContain('each image in one class');
  });

  it('are told to hold copies of images under other names', async () => {
    const grey = (value: number) =>
      sharp(new Uint8Array(64).fill(value), { raw: { width: 8, height: 8, channels: 1 } })
        .toColourspace('b-w')
        .png()
        .toBuffer();
    for (const [set, values] of Object.entries({ 'copy-of': [1, 2, 3, 4], copies: [9, 4, 1] }))
      for (const [k, name] of ['cat', 'dog'].entries()) {
        mkdirSync(at(set, name), { recursive: true });
        for (const [i, value] of values.entries())
          writeFileSync(at(set, name, `${i}.png`), await grey(100 * k + value));
      }
    const data = folders(at('copy-of'), { validation: at('copies') });
    const [from, to] = [at('copies', 'cat', '1.png'), at('copy-of', 'cat', '3.png')];
    const told = `4 of 6 images of the validation set have the pixels of an image of another set; the first: ${from} as ${to} of the training set.`;
    expect((await load(data, { check: true })).notes).toEqual([told]);
    expect((await load({ ...data, skipBad: true })).notes).toEqual([told]);
    expect((await load(data)).notes).toEqual([]);
  });

  it('have more than one class to train on', async () => {
    expect(await refusal(folders(classes('one', { cat: 10 })))).toMatchObject({
      code: 'class-single',
      file: at('one'),
      got: 'only cat',
    });
    const same = channels('same-label', () => '0');
    const more = { classes: 2, encoding: 'categorical' };
    expect(await refusal({ ...same, ...more })).toMatchObject({ code: 'class-single', got: 'only 0' });
    expect(await refusal({ ...same, classes: ['a', 'b'], separator: 'none', skipBad: true })).toMatchObject({
      code: 'file-empty',
    });
  });

  it('name a class without an image; without classes given, a gap is refused', async () => {
    const data = channels('gaps', (i) => String(1 + (i % 2)));
    const error = await refusal(data);
    expect(error).toMatchObject({ code: 'class-empty', file: at('gaps', 'labels.csv'), got: 'none of 0' });
    expect((await load({ ...data, classes: 4 })).notes).toEqual([
      'No training image has class 0, 3: the model cannot learn them.',
    ]);
    expect((await load(folders(classes('few', { a: 3, b: 3, c: 0 }), { allowEmpty: true }))).notes).toEqual([
      'No training image has class c: the model cannot learn it.',
    ]);
  });

  it('are read by the names of their columns, with marks of their own, and without labels', async () => {
    const data = channels('columns', () => '0');
    const lines = Array.from({ length: 10 }, (_, i) => `${i % 3 ? 'nucleoli|golgi body' : ''};${i}`);
    writeFileSync(at('columns', 'labels.csv'), `what;image\n${lines.join('\n')}\n`);
    const more = {
      idColumn: 'image',
      targetColumn: 'what',
      delimiter: ';',
      separator: '|',
      allowEmpty: true,
    };
    const read = await load({ ...data, ...more });
    expect(read.classes).toEqual(['golgi body', 'nucleoli']);
    const labels = [read.training, read.validation].flatMap(({ records }) =>
      records.map((r) => r.labels.length),
    );
    expect(labels.filter((count) => count === 0)).toHaveLength(4);
    const refused = load({ ...data, ...more, encoding: 'categorical' });
    await expect(refused).rejects.toThrow('data.allowEmpty: expected false with encoding categorical');
  });

  it('of one label per image name the line of another', async () => {
    const data = channels('single', (i) => (i === 4 ? 'Golgi apparatus' : 'er'));
    const error = await refusal({ ...data, encoding: 'categorical' });
    expect(error).toMatchObject({ code: 'label-several', line: 6 });
  });

  it('may have several attributes, whose classes another set need not all have', async () => {
    const data = channels('attributes', () => '0');
    const line = (i: number) => `${i},${['red', 'blue'][i % 2]},${['round', 'square', 'flat'][i % 3]}`;
    const written = (name: string, from: number, to: number) => {
      const lines = Array.from({ length: to - from }, (_, i) => line(from + i));
      writeFileSync(at('attributes', name), `Id,colour,shape\n${lines.join('\n')}\n`);
      return at('attributes', name);
    };
    const labels = written('labels.csv', 0, 8);
    const attributes = ['colour', 'shape'];
    const read = await load({ ...data, labels, attributes, validation: written('held.csv', 8, 10) });
    expect(read.encoding).toBe('categorical');
    expect(read.attributes?.map(({ name, classes }) => [name, classes.length])).toEqual([
      ['colour', 2],
      ['shape', 3],
    ]);
    expect(read.validation.records.map((record) => record.labels.map((k) => read.classes[k]))).toEqual([
      ['colour=red', 'shape=flat'],
      ['colour=blue', 'shape=round'],
    ]);
    const given = [{ column: 'colour', classes: ['red', 'green', 'blue'] }, 'shape'];
    expect((await load({ ...data, labels, attributes: given })).attributes?.[0]?.classes).toHaveLength(3);
    const both = load({ ...data, labels, attributes, classes: 2 });
    await expect(both).rejects.toThrow('data.classes: expected no value together with attributes');
  });
});

describe('images', () => {
  it('are all loaded once before anything else, those of the test set too, and the bad ones listed', async () => {
    const data = folders(classes('checked', { cat: 8, dog: 8 }), { test: 0.2 });
    const seen: number[] = [];
    await load(data, { check: true, onProgress: (checked, images) => void seen.push(checked, images) });
    expect(seen).toEqual(Array.from({ length: 17 }, (_, i) => [i, 16]).flat());
    cpSync(at('checked'), at('broken'), { recursive: true });
    for (const name of ['cat/2.png', 'dog/7.png']) writeFileSync(at('broken', name), 'no image');
    const error = await refusal({ ...data, folder: at('broken') }, { check: true });
    expect(error).toMatchObject({ code: 'images-bad', file: '16 images', got: '2 bad' });
    for (const name of ['cat/2.png', 'dog/7.png']) expect(error.message).toContain(at('broken', name));
    // left out where that is allowed, and then not loaded once more
    seen.length = 0;
    const options = { check: true, onProgress: (checked: number) => void seen.push(checked) };
    const left = await load({ ...data, folder: at('broken'), skipBad: true }, options);
    expect([left.bad.length, seen.length]).toEqual([2, 17]);
  });

  it('of 12 bits in 16 are refused with the bits that they use', async () => {
    for (const [name, top] of [
      ['a', 2000],
      ['b', 4000],
    ] as const) {
      mkdirSync(at('twelve', name), { recursive: true });
      const data = Uint16Array.from({ length: 64 }, (_, i) => (i * top) / 64);
      for (let i = 0; i < 5; i++)
        writeFileSync(at('twelve', name, `${i}.tif`), tiffOf({ width: 8, height: 8, data }));
    }
    const data = folders(at('twelve'), { channels: 1 });
    const error = await refusal(data, { check: true });
    expect(error).toMatchObject({ code: 'image-wrong-depth', got: 'none above 3937 in 10 files' });
    expect(error.message).toContain('(data.bits) says how many bits are used: 12');
    expect((await refusal({ ...data, skipBad: true })).code).toBe('image-wrong-depth');
    await load({ ...data, bits: 12 }, { check: true });
  });

  it('that lie beside the folders of classes are named', async () => {
    const top = classes('beside', { cat: 5, dog: 5 });
    for (const name of ['preview.png', 'read.me']) writeFileSync(at('beside', name), png);
    const preview = join(top, 'preview.png');
    expect((await load(folders(top))).notes).toEqual([
      `Images that lie in no folder of a class are ignored: ${preview}.`,
    ]);
  });

  it('without labels are found by any of their channels', async () => {
    const config = readDataConfig({ data: channels('unlabelled', () => '0') }).data as never;
    rmSync(at('unlabelled', '3_red.png'));
    rmSync(at('unlabelled', '5_green.png'));
    writeFileSync(at('unlabelled', '._7_red.png'), 'left by a system');
    const source = unlabelledFiles(config, at('unlabelled'), ['0']);
    expect(source.records.map(({ id }) => id)).toEqual([...'0123456789']);
    for (const [i, name] of [
      [3, '3_red.png'],
      [5, '5_green.png'],
    ] as const)
      await expect(source.load(i)).rejects.toMatchObject({
        code: 'image-missing',
        file: at('unlabelled', name),
      });
  });

  it('of channels may be JPEGs', async () => {
    const data = channels('jpegs', (i) => String(i % 2));
    const jpeg = await sharp(png).toColourspace('b-w').jpeg().toBuffer();
    for (let i = 0; i < 10; i++)
      for (const colour of ['red', 'green']) writeFileSync(at('jpegs', `${i}_${colour}.jpg`), jpeg);
    const read = await load({ ...data, extension: '.jpg' }, { check: true });
    expect(read.shape).toEqual({ width: 8, height: 8, channels: 2 });
    expect(read.training.records[0]?.file).toContain('_*.jpg');
  });

  it('of digits are augmented as those of files are', async () => {
    const sizes = { most: 12, ratio: 2, validation: 1, test: 1 };
    for (const augment of ['none', 'flip', 'crop', 'shift']) {
      const { training, chains } = await load({ kind: 'digits', ...sizes, augment });
      const { width, height, data } = await chains.train(await training.load(0), () => 0.3);
      expect([width, height, data instanceof Float32Array]).toEqual([28, 28, true]);
    }
    const { training, chains } = await load({ kind: 'digits', ...sizes, augment: 'shift', shift: 3 });
    const image = await training.load(0);
    const [moved, plain] = [await chains.train(image, () => 0), await chains.evaluate(image, () => 0)];
    // by 3 pixels left and up
    for (const at of [0, 12 * 28 + 14, 24 * 28 + 24]) expect(moved.data[at]).toBe(plain.data[at + 3 * 29]);
    await expect(load({ kind: 'digits', ...sizes, augment: 'shift', shift: 28 })).rejects.toThrow(
      'data.shift: expected less than the side of an image, 28 pixels, got 28',
    );
  });
});
