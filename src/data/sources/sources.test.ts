import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLabelFile } from '../label-file.js';
import { arrayImages } from './array-images.js';
import { cachedImages } from './cached-images.js';
import { channelFiles, FOUR_COLOURS, THREE_COLOURS } from './channel-files.js';
import { classFolders } from './class-folders.js';
import { subset, withoutBadImages } from './source.js';

const root = mkdtempSync(join(tmpdir(), 'images-'));
const folder = join(root, 'train');
const labelFile = join(root, 'train.csv');
/** The grey value of a channel's file. */
const VALUES = { red: 10, green: 20, blue: 30, yellow: 40 } as const;

function plain(value: number, width = 6, height = 4) {
  const raw = { width, height, channels: 1 as const };
  return sharp(new Uint8Array(width * height).fill(value), { raw })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}

/** Four files, but for what one of them is to be instead. */
async function write(id: string, instead: Partial<Record<keyof typeof VALUES, Uint8Array | null>> = {}) {
  for (const [colour, value] of Object.entries(VALUES)) {
    const given = instead[colour as keyof typeof VALUES];
    if (given !== null) writeFileSync(join(folder, `${id}_${colour}.png`), given ?? (await plain(value)));
  }
}

beforeAll(async () => {
  mkdirSync(folder);
  await write('good');
  await write('missing', { blue: null });
  await write('text', { green: Buffer.from('no image') });
  await write('empty', { red: Buffer.alloc(0) });
  const noise = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251);
  const large = await sharp(noise, { raw: { width: 64, height: 64, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
  await write('cut', { red: large.subarray(0, large.length / 2) });
  await write('small', { yellow: await plain(1, 5, 4) });
  await write('colour', {
    green: await sharp({ create: { width: 6, height: 4, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  });
  await write('large');
  for (const [colour, value] of Object.entries(VALUES))
    writeFileSync(join(folder, `large_${colour}.png`), await plain(value, 12, 8));
  const ids = ['good', 'missing', 'text', 'empty', 'cut', 'small', 'colour', 'large'];
  writeFileSync(labelFile, ['Id,Target', ...ids.map((id, i) => `${id},${i} 9`)].join('\n'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('files by channel', () => {
  const made = async (more = {}) => channelFiles({ folder, labels: await readLabelFile(labelFile), ...more });

  it('are combined in the article’s orders', async () => {
    const four = await (await made()).load(0);
    expect([four.width, four.height, four.channels]).toEqual([6, 4, 4]);
    expect(Array.from(four.data.subarray(0, 4))).toEqual([10, 30, 20, 40]);
    const three = await (await made({ channels: THREE_COLOURS })).load(0);
    expect(Array.from(three.data.subarray(0, 3))).toEqual([10, 20, 30]);
    expect(FOUR_COLOURS).toEqual(['red', 'blue', 'green', 'yellow']);
  });

  it('take labels and classes from the label file', async () => {
    const { records, classes } = await made();
    expect(records[1]).toMatchObject({ id: 'missing', labels: [1, 9], labelledAt: `${labelFile}:3` });
    expect(classes).toHaveLength(10);
  });

  it.each([
    [1, 'image-missing', 'missing_blue.png', /expected an image, got no file/],
    [2, 'image-broken', 'text_green.png', /unsupported image format/],
    [3, 'image-broken', 'empty_red.png', /empty/],
    [4, 'image-broken', 'cut_red.png', /got /],
    [5, 'image-wrong-size', 'small_yellow.png', /expected 6×4, got 5×4/],
    [6, 'image-wrong-channels', 'colour_green.png', /expected a grey image, got 3 channels/],
  ])('%d is refused as %s, naming %s and the label’s line', async (at, code, name, message) => {
    const error = await (await made()).load(at).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, file: join(folder, name), labelledAt: `${labelFile}:${at + 2}` });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toContain(`(labelled in ${labelFile}:${at + 2})`);
  });

  it('must have the size that is asked for, and may be resized', async () => {
    const sized = await made({ size: { width: 6, height: 4 } });
    await expect(sized.load(7)).rejects.toMatchObject({ code: 'image-wrong-size', got: '12×8' });
    const small = await (await made({ resize: { width: 3, height: 2 } })).load(7);
    expect([small.width, small.height, Array.from(small.data.subarray(0, 4))]).toEqual([
      3,
      2,
      [10, 30, 20, 40],
    ]);
    // resizing does not hide that channels do not lie on each other
    await expect((await made({ resize: { width: 3, height: 2 } })).load(5)).rejects.toMatchObject({
      code: 'image-wrong-size',
    });
  });

  it('do not need those that are not asked for', async () => {
    const red = await (await made({ channels: ['red'] })).load(1);
    expect(red.channels).toBe(1);
  });

  it('are found whether accents are composed or decomposed, and keep an exact name', async () => {
    const [composed, decomposed] = ['é1'.normalize('NFC'), 'é1'.normalize('NFD')];
    const value = async (id: string) => {
      const labels = { file: 'l.csv', rows: [{ id, labels: [0], line: 2 }], classes: ['0'] };
      return (await channelFiles({ folder, labels, channels: ['red'] }).load(0)).data[0];
    };
    writeFileSync(join(folder, `${decomposed}_red.png`), await plain(41));
    expect([await value(composed), await value(decomposed)]).toEqual([41, 41]);
    renameSync(join(folder, `${decomposed}_red.png`), join(folder, `${composed}_red.png`));
    expect([await value(composed), await value(decomposed)]).toEqual([41, 41]);
    writeFileSync(join(folder, `${decomposed}_red.png`), await plain(42));
    expect([await value(composed), await value(decomposed)]).toEqual([41, 42]);
    for (const name of [composed, decomposed]) rmSync(join(folder, `${name}_red.png`));
  });

  it('never leave their folder', () => {
    const labels = { file: 'l.csv', rows: [{ id: '../train/good', labels: [0], line: 7 }], classes: ['0'] };
    expect(() => channelFiles({ folder, labels })).toThrow(
      'l.csv:7: expected an id that stays in its folder',
    );
  });

  it('are read anew each time, not from a memory of the file', async () => {
    const source = await made({ channels: ['red'] });
    const file = join(folder, 'good_red.png');
    const before = readFileSync(file);
    expect((await source.load(0)).data[0]).toBe(10);
    writeFileSync(file, await plain(99));
    expect((await source.load(0)).data[0]).toBe(99);
    writeFileSync(file, before);
  });

  it('are counted without the bad ones where those are left out', async () => {
    const { source, bad } = await withoutBadImages(await made());
    expect(source.records.map(({ id }) => id)).toEqual(['good', 'large']);
    expect((await source.load(1)).width).toBe(12);
    expect(bad.map(({ file }) => file.slice(folder.length + 1))).toEqual([
      'missing_blue.png',
      'text_green.png',
      'empty_red.png',
      'cut_red.png',
      'small_yellow.png',
      'colour_green.png',
    ]);
  });
});

describe('folders by class', () => {
  const top = join(root, 'classes');

  beforeAll(async () => {
    for (const name of ['er', 'Actin', 'Zeta', '.hidden']) mkdirSync(join(top, name), { recursive: true });
    const red = sharp({
      create: { width: 4, height: 2, channels: 4, background: { r: 200, g: 10, b: 20, alpha: 0.5 } },
    });
    writeFileSync(join(top, 'er', 'b.png'), await red.png().toBuffer());
    writeFileSync(join(top, 'er', 'a.jpg'), await red.jpeg().toBuffer());
    writeFileSync(join(top, 'Actin', 'c.webp'), await red.webp().toBuffer());
    // a photograph that lies on its side: orientation 6
    writeFileSync(join(top, 'Actin', 'd.jpg'), await red.jpeg().withMetadata({ orientation: 6 }).toBuffer());
    writeFileSync(join(top, 'Actin', 'notes.txt'), 'no image');
    writeFileSync(join(top, 'Actin', '.DS_Store'), '');
    writeFileSync(join(top, 'read.me'), '');
    mkdirSync(join(top, 'er', 'inner'));
  });

  it('are classes in order, and their files images of three channels', async () => {
    const { records, classes, ignored, load } = await classFolders({ folder: top, allowEmpty: true });
    expect(classes).toEqual(['Actin', 'Zeta', 'er']);
    expect(ignored).toEqual([join(top, 'read.me')]);
    expect(records.map(({ id, labels }) => [id, labels[0]])).toEqual([
      ['Actin/c.webp', 0],
      ['Actin/d.jpg', 0],
      ['Actin/notes.txt', 0],
      ['er/a.jpg', 2],
      ['er/b.png', 2],
      ['er/inner', 2],
    ]);
    const png = await load(4);
    expect([png.width, png.height, Array.from(png.data.subarray(0, 3))]).toEqual([4, 2, [200, 10, 20]]);
    expect(await load(1)).toMatchObject({ width: 2, height: 4, channels: 3 }); // upright
  });

  it('refuse a file that is not an image, by its name', async () => {
    const { bad, source } = await withoutBadImages(await classFolders({ folder: top, allowEmpty: true }));
    expect(bad.map(({ code, file }) => [code, file])).toEqual([
      ['image-broken', join(top, 'Actin', 'notes.txt')],
      ['image-broken', join(top, 'er', 'inner')],
    ]);
    expect(source.records).toHaveLength(4);
  });

  it('are refused where there are none', async () => {
    await expect(classFolders({ folder: join(top, 'Zeta') })).rejects.toMatchObject({
      code: 'folder-empty',
    });
    await expect(classFolders({ folder: join(top, 'none') })).rejects.toMatchObject({ code: 'file-missing' });
    mkdirSync(join(root, 'bare', 'one'), { recursive: true });
    await expect(classFolders({ folder: join(root, 'bare') })).rejects.toMatchObject({
      code: 'folder-empty',
    });
  });
});

describe('folders of classes as people have them', () => {
  let made = 0;
  /** A folder of these files; a name that ends in a slash is an empty folder. */
  async function laidOut(...names: string[]) {
    const top = join(root, `laid-out-${made++}`);
    const image = await plain(7);
    for (const name of names) {
      mkdirSync(join(top, name, name.endsWith('/') ? '' : '..'), { recursive: true });
      if (!name.endsWith('/')) writeFileSync(join(top, name), image);
    }
    return top;
  }
  const refusal = (folder: string) =>
    classFolders({ folder, channels: 1 }).catch((thrown: unknown) => thrown) as Promise<Error>;

  it('may be links, of folders and of files', async () => {
    const elsewhere = await laidOut('cat/a.png');
    const top = await laidOut('dog/a.png');
    symlinkSync(join(elsewhere, 'cat'), join(top, 'cat'));
    symlinkSync(join(elsewhere, 'cat', 'a.png'), join(top, 'dog', 'b.png'));
    const { classes, records, load } = await classFolders({ folder: top, channels: 1 });
    expect(classes).toEqual(['cat', 'dog']);
    expect(records.map(({ id }) => id)).toEqual(['cat/a.png', 'dog/a.png', 'dog/b.png']);
    // both are one file, and it is known
    const real = join(realpathSync(elsewhere), 'cat', 'a.png');
    expect(records.map(({ realFile }) => realFile === real)).toEqual([true, false, true]);
    expect((await load(0)).data[0]).toBe(7);
    symlinkSync(join(elsewhere, 'gone'), join(top, 'emu'));
    expect(await refusal(top)).toMatchObject({ code: 'file-missing', file: join(top, 'emu') });
  });

  it('are not what systems leave behind', async () => {
    const leftovers = ['__MACOSX/cat/._a.png', '$RECYCLE.BIN/x.png', 'cat/Thumbs.db', 'cat/desktop.ini'];
    const top = await laidOut(
      'cat/a.png',
      'dog/a.png',
      ...leftovers,
      'cat/.DS_Store',
      '.git/a',
      '@eaDir/a',
      'dog/a.png:Zone.Identifier',
    );
    const { classes, records } = await classFolders({ folder: top, channels: 1 });
    expect([classes, records.length]).toEqual([['cat', 'dog'], 2]);
  });

  it('have an image each, or are named', async () => {
    const top = await laidOut('cat/a.png', 'dog/Thumbs.db', 'zebra/');
    const error = await refusal(top);
    expect(error).toMatchObject({ code: 'class-empty', file: join(top, 'dog') });
    expect(error.message).toContain(join(top, 'zebra'));
    const kept = await classFolders({ folder: top, allowEmpty: true });
    expect(kept.classes).toEqual(['cat', 'dog', 'zebra']);
  });

  it.each([
    ['train', 'val'],
    ['Training', 'Test', 'other'],
    ['train', 'validation', 'test'],
    ['val', 'test'],
  ])('are not the sets %s, %s', async (...names) => {
    const top = await laidOut(...names.map((name) => `${name}/cat/a.png`));
    const error = await refusal(top);
    expect(error).toMatchObject({ code: 'folders-are-sets', file: top });
    expect(error.message).toContain('Give the folder of the training set');
  });

  it('may be called train, as a vehicle is', async () => {
    const top = await laidOut('bus/a.png', 'train/a.png');
    expect((await classFolders({ folder: top })).classes).toEqual(['bus', 'train']);
  });

  it('are one class by accents composed or decomposed or by capitals, and not two', async () => {
    const [composed, decomposed] = ['café'.normalize('NFC'), 'café'.normalize('NFD')];
    const top = await laidOut(`${decomposed}/a.png`, 'tea/a.png');
    const source = await classFolders({ folder: top, channels: 1 });
    expect(source.classes).toEqual([composed, 'tea']);
    expect((await source.load(0)).data[0]).toBe(7);
    mkdirSync(join(top, composed));
    expect(await refusal(top)).toMatchObject({ code: 'class-duplicate' });
    const capitals = await laidOut('Cat/a.png', 'cat/a.png');
    expect((await refusal(capitals)).message).toContain(
      'capitals differ in the names of two folders), got Cat and cat',
    );
    expect((await classFolders({ folder: await laidOut('A/a.png', 'a/a.png') })).classes).toEqual(['A', 'a']);
  });

  it('have names that can be written', async () => {
    expect(await refusal(await laidOut('cat/a.png', 'dog /a.png'))).toMatchObject({ code: 'class-name' });
    expect(await refusal(await laidOut('cat/a\n.png', 'dog/a.png'))).toMatchObject({ code: 'image-broken' });
    const spaced = await classFolders({ folder: await laidOut('golden retriever/a.png', 'cat/a.png') });
    expect(spaced.classes).toEqual(['cat', 'golden retriever']);
  });
});

describe('arrays', () => {
  const size = { width: 2, height: 1 };
  const made = { size, channels: 1, pixels: Float32Array.of(1, 2, 3, 4), labels: [1, [2, 0]] };

  it('are images that are not copied', async () => {
    const source = arrayImages({ ...made, ids: ['a', 'b'], classes: 4 });
    expect(source.records[1]).toEqual({ id: 'b', labels: [0, 2], file: 'images[1]' });
    expect(source.classes).toHaveLength(4);
    const { data } = await source.load(1);
    expect(data.buffer).toBe(made.pixels.buffer);
    expect(Array.from(data)).toEqual([3, 4]);
  });

  it.each([
    [{ pixels: new Float32Array(5) }, /options\.pixels\.data: expected 4 numbers/],
    [{ labels: [] }, /options\.labels: expected at least one/],
    [{ labels: [1, -1] }, /options\.labels\[1\]\[0\]/],
    [{ labels: [1, [2, 2]] }, /options\.labels\[1\]: expected each label once/],
    [{ labels: ['a', 'b'] }, /options\.labels\[0\]: expected a class index/],
    [{ classes: 2 }, /expected class indices below 2, got 2/],
    [{ ids: ['a', 'a'] }, /2 ids, each once/],
    [{ colour: 'red' }, /options\.colour/],
  ])('are refused with %j', (more, message) => {
    expect(() => arrayImages({ ...made, ...more } as never)).toThrow(message);
  });
});

describe('a subset', () => {
  it('loads what its records say, and refuses an invalid index', async () => {
    const all = arrayImages({
      size: { width: 1, height: 1 },
      channels: 1,
      pixels: Uint8Array.of(5, 6, 7),
      labels: [0, 1, 2],
    });
    const some = subset(all, [2, 0]);
    expect((await some.load(0)).data[0]).toBe(7);
    expect(() => subset(all, [3])).toThrow(/indices\[0\]: expected 0 to 2, got 3/);
  });
});

describe('cached images', () => {
  it('are loaded once, as far as there is room, and never when bad', async () => {
    const asked: number[] = [];
    const size = { width: 2, height: 2 };
    const pixels = Uint8Array.from({ length: 12 }, (_, at) => at);
    const source = arrayImages({ size, channels: 1, pixels, labels: [0, 1, 1] });
    const counted = {
      ...source,
      load: (at: number) => {
        asked.push(at);
        return at === 2 ? Promise.reject(new Error('bad')) : source.load(at);
      },
    };
    const cached = cachedImages(counted, { bytes: 7 });
    expect(cached.records).toBe(source.records);
    for (const at of [0, 1, 0, 1, 0]) expect(await cached.load(at)).toEqual(await source.load(at));
    // both at once: none is taken for two
    await Promise.all([cached.load(0), cached.load(0)]);
    for (const _ of [1, 2]) await expect(cached.load(2)).rejects.toThrow('bad');
    expect(asked).toEqual([0, 1, 1, 2, 2]);
    asked.length = 0;
    const none = cachedImages(counted, { bytes: 0 });
    for (const _ of [1, 2]) await none.load(0);
    expect(asked).toEqual([0, 0]);
    expect(() => cachedImages(source, { bytes: -1 })).toThrow('options.bytes');
  });
});
