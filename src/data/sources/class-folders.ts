/**
 * Images in one folder per class.
 *
 * @module
 */

import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { described, refuseUnknownFields } from '../../../spec/errors.js';
import { DataError, type DataErrorCode, dataError } from '../errors.js';
import { isLeftover, sameButForCase } from '../file-name.js';
import { type DecodeOptions, decodeImage } from './decode.js';
import { readBits } from './sixteen-bits.js';
import type { ImageRecord, ImageSource } from './source.js';

/** What {@link classFolders} takes. */
export interface ClassFolderOptions extends DecodeOptions {
  /** The folder that holds the classes' folders. */
  readonly folder: string;
  /** 3, RGB (default); or 1, for files that are all grey. */
  readonly channels?: 1 | 3;
  /** Whether a class may have no image. Default false: an empty folder is mostly a class that is missing. */
  readonly allowEmpty?: boolean;
}

const OPTIONS = ['folder', 'channels', 'size', 'resize', 'bits', 'allowEmpty'];

/**
 * Images whose class is the folder they lie in: `FOLDER/CLASS/FILE`, of any format that sharp reads. Classes
 * and files are sorted by code unit, and an image's id is `CLASS/FILE`. Links are followed. Ignored are files
 * beside the class folders, names that begin with a dot, and what operating systems leave behind
 * (`__MACOSX`, `Thumbs.db`, `desktop.ini`); anything else in a class folder must be an image.
 *
 * @returns a source of 8-bit images with one label each; `load` throws a DataError
 * that names the file: `image-broken`, `image-wrong-size`, `image-wrong-channels`, `image-wrong-depth`
 * @throws DataError - `file-missing` for a folder or link that cannot be read; `folder-empty` if it has no
 * folders, or no image is in them; `class-empty` for a class without an image; `class-duplicate` for two
 * folders of one name, which differ in capitals or in how accents are composed; `folders-are-sets` for `train`, `val` and `test`
 */
export async function classFolders(options: ClassFolderOptions): Promise<ImageSource> {
  refuseUnknownFields(options, OPTIONS);
  const { folder, channels = 3, allowEmpty = false, ...decode } = options;
  const sixteenBits = { files: 0, largest: 0, bits: readBits(decode.bits) };
  const entries = await listed(folder);
  const found = entries.filter(({ isFolder }) => isFolder).map(({ name }) => name);
  const ignored = entries.filter(({ isFolder }) => !isFolder).map(({ name }) => join(folder, name));
  if (found.length === 0) throw refused('folder-empty', folder, 'one folder per class', 'none');
  refuseSets(found, folder);
  const classes = found.map((name) => className(name, folder));
  refuseTwice(classes, found, folder);
  const records: ImageRecord[] = [];
  const empty: string[] = [];
  for (const [k, name] of found.entries()) {
    const real = await realpath(join(folder, name));
    const files = await listed(join(folder, name));
    if (files.length === 0) empty.push(join(folder, name));
    for (const file of files)
      records.push({
        id: `${classes[k]}/${file.name}`,
        labels: [k],
        file: join(folder, name, file.name),
        realFile: file.realFile ?? join(real, file.name),
      });
  }
  if (records.length === 0) throw refused('folder-empty', folder, 'an image in a folder', 'none');
  if (empty.length > 0 && !allowEmpty) {
    const expected = 'an image in the folder of every class';
    const hint = 'Remove the folder, or set allowEmpty to keep a class without an image.';
    const [first = folder, ...others] = empty;
    const got = others.length === 0 ? 'none' : `none, nor in ${others.join(', ')}`;
    throw refused('class-empty', first, expected, got, hint);
  }
  const load = async (at: number) =>
    (await decodeImage(records[at] as ImageRecord, channels, decode, sixteenBits)).image;
  return { records, classes, ignored, sixteenBits, load };
}

function refused(code: DataErrorCode, file: string, expected: string, got: string, hint?: string) {
  return new DataError({ code, file, expected, got, ...(hint !== undefined && { hint }) });
}

const TRAINING = ['train', 'training'];
const HELD = ['val', 'valid', 'validation', 'dev', 'test', 'testing', 'eval'];

/** A path one level too high has the sets for classes. */
function refuseSets(names: readonly string[], folder: string): void {
  const lower = names.map((name) => name.toLowerCase());
  const [training, held] = [TRAINING, HELD].map((some) => lower.filter((name) => some.includes(name)).length);
  if (names.length < 2 || !held || (!training && held < names.length)) return;
  const hint = 'Give the folder of the training set, and the others as validation and test.';
  throw refused('folders-are-sets', folder, 'one folder per class', names.join(', '), hint);
}

/** The name of a class: its folder's, with accents composed. */
function className(name: string, folder: string): string {
  if (name.trim() === name && !/[\r\n]/.test(name)) return name.normalize('NFC');
  throw refused('class-name', join(folder, name), 'a name on one line, without spaces around it', name);
}

function refuseTwice(classes: readonly string[], found: readonly string[], folder: string): void {
  const seen = new Map<string, string>();
  classes.forEach((name, k) => {
    const before = sameButForCase(name, seen);
    if (before === undefined) return;
    const expected = 'a class once (its capitals differ in the names of two folders)';
    throw refused('class-duplicate', join(folder, found[k] as string), expected, `${before} and ${name}`);
  });
  const twice = classes.findIndex((name, k) => classes.indexOf(name) < k);
  if (twice < 0) return;
  const expected =
    'a class once (its accents are composed in one folder’s name and decomposed in the other’s)';
  throw refused('class-duplicate', join(folder, found[twice] as string), expected, `${classes[twice]} twice`);
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  /** Where a link leads. */
  readonly realFile?: string;
}

async function listed(folder: string): Promise<Entry[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: Error) => {
    const expected = 'a folder that can be read';
    throw dataError(
      { code: 'file-missing', file: folder, expected, got: described(cause.message) },
      { cause },
    );
  });
  const kept = entries.filter(({ name }) => !isLeftover(name));
  kept.sort((a, b) => (a.name < b.name ? -1 : 1)); // not by locale: class indices must not depend on it
  return Promise.all(
    kept.map(async (entry): Promise<Entry> => {
      const { name } = entry;
      if (/[\r\n]/.test(name) && !entry.isDirectory())
        throw refused('image-broken', join(folder, name), 'a name on one line', name);
      if (!entry.isSymbolicLink()) return { name, isFolder: entry.isDirectory() };
      return followed(join(folder, name), name);
    }),
  );
}

async function followed(link: string, name: string): Promise<Entry> {
  try {
    const realFile = await realpath(link);
    return { name, isFolder: (await stat(realFile)).isDirectory(), realFile };
  } catch (cause) {
    const got = (cause as Error).message;
    throw dataError(
      { code: 'file-missing', file: link, expected: 'a link that leads somewhere', got: described(got) },
      { cause },
    );
  }
}
