import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readLabelFile } from '../label-file.js';
import { channelFiles } from '../sources/channel-files.js';
import { withoutBadImages } from '../sources/source.js';
import { drawAtlasImage } from './draw.js';
import { IMAGES, LABELS_AN_IMAGE, STRUCTURES } from './frequencies.js';
import { DRAWN } from './structures.js';
import { drawTargets } from './targets.js';
import { writeAtlas } from './write-atlas.js';

const root = mkdtempSync(join(tmpdir(), 'atlas-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Every file of a folder, by name, as a digest. */
function contents(out: string): Record<string, string> {
  const names = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const digest = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return Object.fromEntries(
    names.map(({ name, parentPath }) => [name, digest(join(parentPath, name))]).sort(),
  );
}

describe('labels', () => {
  const countsOf = (rows: readonly (readonly number[])[]) =>
    STRUCTURES.map((_, k) => rows.filter((row) => row.includes(k)).length);

  it('add up as they were counted', () => {
    expect(LABELS_AN_IMAGE.reduce((a, b) => a + b)).toBe(IMAGES);
    const labels = LABELS_AN_IMAGE.reduce((sum, count, i) => sum + count * (i + 1), 0);
    expect(STRUCTURES.reduce((sum, [, count]) => sum + count, 0)).toBe(labels);
    expect(DRAWN).toHaveLength(STRUCTURES.length);
  });

  it('come as often as the real ones', () => {
    const rows = drawTargets(IMAGES, 1);
    const counts = countsOf(rows);
    STRUCTURES.forEach(([name, count], k) => {
      expect(Math.abs((counts[k] as number) / count - 1), name).toBeLessThan(0.02);
    });
    for (const row of rows) expect(row).toEqual([...new Set(row)].sort((a, b) => a - b));
    const alone = rows.filter(({ length }) => length === 1).length;
    expect(Math.abs(alone / (LABELS_AN_IMAGE[0] as number) - 1)).toBeLessThan(0.05);
  });

  it('are all there in a small set too, as often as is asked for', () => {
    const rows = drawTargets(500, 2, 3);
    expect(Math.min(...countsOf(rows))).toBe(3);
    expect(Math.min(...rows.map(({ length }) => length))).toBe(1);
    expect(drawTargets(500, 2, 3)).toEqual(rows);
    expect(drawTargets(500, 3, 3)).not.toEqual(rows);
    expect(drawTargets(1, 1)).toHaveLength(1);
  });
});

describe('drawings', () => {
  const SIZE = 64;

  it('are decided by seed, id and labels; landmarks are none of the labels’ business', () => {
    const image = drawAtlasImage('a', [5], SIZE, 1);
    expect(drawAtlasImage('a', [5], SIZE, 1)).toEqual(image);
    expect(drawAtlasImage('a', [5], SIZE, 2).blue).not.toEqual(image.blue);
    expect(drawAtlasImage('b', [5], SIZE, 1).blue).not.toEqual(image.blue);
    const other = drawAtlasImage('a', [25], SIZE, 1);
    expect(other.green).not.toEqual(image.green);
    expect({ ...other, green: 0 }).toEqual({ ...image, green: 0 });
  });

  /** Figures of an image's green plane: how bright it is, within the nucleus and else, and how fine. */
  function figures(id: string, k: number): number[] {
    const { green, blue, yellow } = drawAtlasImage(id, [k], SIZE, 1);
    const parts = [blue, yellow].map(({ data }) => data.map((value) => (value > 60 ? 1 : 0)));
    const mean = (of: (i: number) => number) =>
      [...green.data.keys()].reduce((sum, i) => sum + of(i), 0) / green.data.length / 255;
    const at = (i: number) => green.data[i] as number;
    return [
      mean(at),
      ...parts.map((part) => mean((i) => at(i) * (part[i] as number))),
      mean((i) => Math.abs(at(i) - (green.data[i + 1] ?? at(i)))),
      mean((i) => Math.abs(at(i) - (green.data[i + 3] ?? at(i)))),
      mean((i) => Math.abs(at(i) - (green.data[i + 8] ?? at(i)))),
      mean((i) => (at(i) > 150 ? 255 : 0)),
      mean((i) => Math.abs(at(i) - (green.data[i + 5 * SIZE] ?? at(i)))),
    ].map((value) => Math.log(value + 1e-3));
  }

  it('tell their labels apart, by a few figures and the nearest mean', () => {
    const of = (k: number, from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => figures(`image-${from + i}`, k));
    const learnt = STRUCTURES.map((_, k) => {
      const all = of(k, 0, 12);
      const column = (c: number) => all.map((row) => row[c] as number);
      const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      return (all[0] as number[]).map((_, c) => {
        const average = mean(column(c));
        return [average, mean(column(c).map((value) => (value - average) ** 2)) + 1e-3] as const;
      });
    });
    const nearest = (row: readonly number[]) => {
      const far = learnt.map((columns) =>
        columns.reduce((sum, [m, v], c) => sum + ((row[c] as number) - m) ** 2 / v + Math.log(v), 0),
      );
      return far.indexOf(Math.min(...far));
    };
    const right = STRUCTURES.map((_, k) => of(k, 100, 108).filter((row) => nearest(row) === k).length / 8);
    const share = right.reduce((a, b) => a + b, 0) / right.length;
    expect(share).toBeGreaterThan(0.75); // chance is 1/28
    expect(right.filter((one) => one === 0)).toEqual([]);
  });
});

describe('files', () => {
  const made = { images: 12, size: 32, seed: 5 };

  it('are an atlas that is read as the real one is', async () => {
    const out = join(root, 'whole');
    const { folder, labelFile, before } = await writeAtlas({ ...made, out });
    expect(before).toBe(0);
    const labels = await readLabelFile(labelFile, { classes: 28 });
    expect(labels.rows).toHaveLength(12);
    const { source, bad } = await withoutBadImages(
      channelFiles({ folder, labels, size: { width: 32, height: 32 } }),
    );
    expect(bad).toEqual([]);
    const [row] = labels.rows;
    const image = await source.load(0);
    const { green } = drawAtlasImage(row?.id ?? '', row?.labels ?? [], 32, 5);
    expect(Array.from({ length: 5 }, (_, i) => image.data[i * 4 + 2])).toEqual([
      ...green.data.subarray(0, 5),
    ]);
  });

  it('are the same bytes again, and after they were cut off', async () => {
    const out = join(root, 'again');
    await writeAtlas({ ...made, out });
    expect(contents(out)).toEqual(contents(join(root, 'whole')));
    let images = 0;
    const cut = join(root, 'cut');
    const stopped = writeAtlas({
      ...made,
      out: cut,
      onImage: () => {
        if (++images === 5) throw new Error('killed');
      },
    });
    await expect(stopped).rejects.toThrow('killed');
    const some = Object.keys(contents(cut));
    expect(some).not.toContain('train.csv');
    rmSync(join(cut, 'train', some.find((name) => name.includes('_red')) as string));
    writeFileSync(join(cut, 'train', 'atlas-11_red.png.77.tmp'), 'half');
    const { before } = await writeAtlas({ ...made, out: cut });
    expect(before).toBeGreaterThan(0);
    expect(contents(cut)).toEqual(contents(join(root, 'whole')));
  });

  it('of another seed, size or set of labels are not resumed', async () => {
    const out = join(root, 'whole');
    for (const other of [{ seed: 6 }, { size: 33 }, { images: 13 }, { least: 2 }])
      await expect(writeAtlas({ ...made, out, ...other })).rejects.toMatchObject({ code: 'atlas-different' });
    await expect(writeAtlas({ ...made, out, seed: 6 })).rejects.toThrow(
      /expected seed 6, labels \w+, got seed 5, /,
    );
    rmSync(join(root, 'again', 'atlas.json'));
    await expect(writeAtlas({ ...made, out: join(root, 'again') })).rejects.toThrow(/expected a new folder/);
  });

  it('have the ids and labels that are given', async () => {
    const rows = [
      { id: 'real-1', labels: [0, 16] },
      { id: 'real-2', labels: [27] },
    ];
    const { labelFile, folder } = await writeAtlas({ out: join(root, 'given'), rows, size: 16 });
    expect(readFileSync(labelFile, 'utf8')).toBe('Id,Target\nreal-1,0 16\nreal-2,27\n');
    expect(readdirSync(folder)).toContain('real-2_yellow.png');
    for (const bad of [
      { id: '../x', labels: [0] },
      { id: 'x', labels: [28] },
    ])
      await expect(writeAtlas({ out: join(root, 'bad'), rows: [bad] })).rejects.toThrow(/options\.rows\[0\]/);
  });
});

describe('the command', () => {
  const main = resolve(import.meta.dirname, '../../../dist/src/data/atlas/main.js');
  const atlas = (...args: string[]) =>
    spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: root });

  it('draws the ids and labels of a file, as many as are asked for', () => {
    writeFileSync(join(root, 'real.csv'), 'Id,Target\nb,16 0\na,3\nc,1\n');
    const { status, stdout } = atlas(
      '--out',
      'by-file',
      '--labels',
      'real.csv',
      '--images',
      '2',
      '--size',
      '16',
    );
    expect([status, stdout]).toEqual([0, '2 images in by-file/train, labels in by-file/train.csv\n']);
    expect(readFileSync(join(root, 'by-file/train.csv'), 'utf8')).toBe('Id,Target\nb,0 16\na,3\n');
  });

  it.each([
    [['--out', 'x', '--images', 'ten'], /^options\.images: expected a whole number ≥ 1, got NaN\n$/],
    [['--out', 'x', '--labels', 'none.csv'], /^none\.csv: expected a label file that can be read/],
    [['--out', 'whole', '--images', '5'], /^whole\/atlas\.json: expected /],
  ])('says in a sentence what is wrong with %j', (args, message) => {
    const { status, stderr } = atlas(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });
});
