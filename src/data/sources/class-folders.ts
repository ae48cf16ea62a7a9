/**
 * Images in one folder a class.
 *
 * @module
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { knownOptions } from '../checks.js';
import { dataError } from '../errors.js';
import { type DecodeOptions, decodeImage } from './decode.js';
import type { ImageRecord, ImageSource } from './source.js';

/** What {@link classFolders} takes. */
export interface ClassFolderOptions extends DecodeOptions {
  /** The folder that holds the classes' folders. */
  readonly folder: string;
  /** 3, RGB (default); or 1, for files that are all grey. */
  readonly channels?: 1 | 3;
}

const OPTIONS = ['folder', 'channels', 'size', 'resize'];

/**
 * Images whose class is the folder they lie in: `FOLDER/CLASS/FILE`, of any format that sharp reads. Classes
 * and files are sorted by code unit; an image's id is `CLASS/FILE`. Names that begin with a dot are passed
 * over; anything else that lies there must be an image, and is a bad one if it is not.
 *
 * @returns a source of 8-bit images with one label each; `load` throws a DataError
 * that names the file: `image-broken`, `image-wrong-size`, `image-wrong-channels`
 * @throws DataError - `file-missing` for a folder that cannot be read; `folder-empty` if it has no folders,
 * or no image is in them
 */
export async function classFolders(options: ClassFolderOptions): Promise<ImageSource> {
  knownOptions(options, OPTIONS);
  const { folder, channels = 3, ...decode } = options;
  const classes = (await listed(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (classes.length === 0)
    throw dataError({ code: 'folder-empty', file: folder, expected: 'a folder a class', got: 'none' });
  const records: ImageRecord[] = [];
  for (const [k, name] of classes.entries()) {
    for (const entry of await listed(join(folder, name)))
      records.push({ id: `${name}/${entry.name}`, labels: [k], file: join(folder, name, entry.name) });
  }
  if (records.length === 0)
    throw dataError({ code: 'folder-empty', file: folder, expected: 'an image in a folder', got: 'none' });
  const load = async (at: number) => (await decodeImage(records[at] as ImageRecord, channels, decode)).image;
  return { records, classes, load };
}

async function listed(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: Error) => {
    const expected = 'a folder that can be read';
    throw dataError({ code: 'file-missing', file: folder, expected, got: cause.message }, { cause });
  });
  return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1)); // not by locale: class indices must not depend on it
}
