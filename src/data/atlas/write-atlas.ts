/**
 * The synthetic atlas as files: a folder of channels and a label file, in the layout of the real one.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { described, outOfRange, refuseUnknownFields } from '../../../spec/errors.js';
import { makeFolders } from '../../support/make-folders.js';
import { writeWhole } from '../../support/write-whole.js';
import { wholeNumber } from '../checks.js';
import { dataError } from '../errors.js';
import type { Image } from '../image.js';
import { inOrder } from '../in-order.js';
import { type LabelledId, writeLabelFile } from '../label-writer.js';
import { loadSharp } from '../sharp.js';
import { type Colour, FOUR_COLOURS } from '../sources/channel-files.js';
import { drawAtlasImage } from './draw.js';
import { STRUCTURES } from './frequencies.js';
import { drawTargets } from './targets.js';

/** What {@link writeAtlas} takes. */
export interface AtlasOptions {
  /** Folder to write to: a new one, or one to resume in. */
  readonly out: string;
  /** Number of images, ≥ 1. With `rows` the first of them; default all. */
  readonly images?: number;
  /** Side of an image in pixels, ≥ 16. Default 128. */
  readonly size?: number;
  /** Decides labels and drawings. Default 0. */
  readonly seed?: number;
  /** The least number of images of each label. Default 1. */
  readonly least?: number;
  /** Ids and labels to draw, such as those of a real label file. Default: labels as frequent as the real ones. */
  readonly rows?: readonly LabelledId[];
  /** Called after each image, whether it is written now or was already there. */
  readonly onImage?: () => void;
}

/** Where an atlas was written, and how much of it was already there. */
export interface WrittenAtlas {
  /** Folder of `ID_red.png` and so on. */
  readonly folder: string;
  readonly labelFile: string;
  readonly images: number;
  /** Images that were already there. */
  readonly before: number;
}

const OPTIONS = ['out', 'images', 'size', 'seed', 'least', 'rows', 'onImage'];
/** Raised when drawings change: an atlas half drawn by another version must not be resumed. */
const VERSION = 1;

/**
 * Writes the atlas: `train/ID_COLOUR.png`, grey, and at the end `train.csv`; `atlas.json` says what it was made
 * from. Every file is whole or not there. If the call is cut off, the same call resumes where it stopped; with
 * the same versions of Node and sharp the files are then identical, byte by byte.
 *
 * @throws DataError - `atlas-different`: the folder holds something else; InputTypeError, InputRangeError - a
 * bad option; PackageMissingError - without sharp
 */
export async function writeAtlas(options: AtlasOptions): Promise<WrittenAtlas> {
  refuseUnknownFields(options, OPTIONS);
  const { out, onImage } = options;
  const size = wholeNumber('options.size', options.size ?? 128, 16);
  const seed = wholeNumber('options.seed', options.seed ?? 0, 0);
  const rows = rowsOf(options, seed);
  const folder = join(out, 'train');
  makeFolders(folder);
  settle(out, { version: VERSION, size, seed, images: rows.length, labels: digest(rows) });

  const there = new Set(readdirSync(folder));
  for (const name of there) if (name.endsWith('.tmp')) rmSync(join(folder, name));
  const nameOf = (id: string, colour: Colour) => `${id}_${colour}.png`;
  const work = async ({ id, labels }: LabelledId): Promise<boolean> => {
    if (FOUR_COLOURS.every((colour) => there.has(nameOf(id, colour)))) return false;
    const planes = drawAtlasImage(id, labels, size, seed);
    for (const colour of FOUR_COLOURS)
      writeWhole(join(folder, nameOf(id, colour)), await png(planes[colour]));
    return true;
  };
  let before = 0;
  // drawing keeps one core busy; the others encode meanwhile
  for await (const written of inOrder(rows, work, { concurrency: 2, ahead: 2 })) {
    if (!written) before += 1;
    onImage?.();
  }
  const labelFile = join(out, 'train.csv');
  writeLabelFile(labelFile, rows, STRUCTURES.length);
  return { folder, labelFile, images: rows.length, before };
}

function rowsOf({ images, rows, least }: AtlasOptions, seed: number): readonly LabelledId[] {
  if (rows === undefined) {
    const count = wholeNumber('options.images', images, 1);
    const targets = drawTargets(count, seed, wholeNumber('options.least', least ?? 1, 0));
    const digits = String(count - 1).length;
    return targets.map((labels, i) => ({ id: `atlas-${String(i).padStart(digits, '0')}`, labels }));
  }
  const some = rows.slice(0, wholeNumber('options.images', images ?? rows.length, 1));
  some.forEach(({ id, labels }, i) => {
    if (!/^[\w.-]+$/.test(id))
      outOfRange('option-out-of-range', `options.rows[${i}].id`, 'part of a file name', id);
    for (const k of labels)
      if (STRUCTURES[k] === undefined)
        outOfRange('label-out-of-range', `options.rows[${i}].labels`, `0 to ${STRUCTURES.length - 1}`, k);
  });
  return some;
}

/** Writes what the folder is made from into `atlas.json`, or refuses a folder that is made from something else. */
function settle(out: string, made: Readonly<Record<string, unknown>>): void {
  const file = join(out, 'atlas.json');
  if (!existsSync(file)) {
    const others = readdirSync(join(out, 'train')).length;
    if (others > 0)
      throw dataError({
        code: 'atlas-different',
        file: out,
        expected: 'a new folder',
        got: described(`${others} files`),
      });
    writeWhole(file, `${JSON.stringify(made)}\n`);
    return;
  }
  const found = readJson(file);
  const others = Object.keys(made).filter((name) => found[name] !== made[name]);
  if (others.length === 0) return;
  const list = (of: Readonly<Record<string, unknown>>) =>
    others.map((name) => `${name} ${of[name]}`).join(', ');
  throw dataError({ code: 'atlas-different', file, expected: list(made), got: described(list(found)) });
}

function readJson(file: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {}; // nothing in it agrees then, which is refused
  }
}

function digest(rows: readonly LabelledId[]): string {
  const hash = createHash('sha256');
  for (const { id, labels } of rows) hash.update(`${id},${labels.join(' ')}\n`);
  return hash.digest('hex').slice(0, 16);
}

async function png({ width, height, data }: Image): Promise<Uint8Array> {
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toBuffer();
}
