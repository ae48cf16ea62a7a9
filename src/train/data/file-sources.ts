/**
 * Images in files, as a config names them.
 *
 * @module
 */
import { readdirSync } from 'node:fs';
import { type DataError, dataError } from '../../data/errors.js';
import { readLabelFile } from '../../data/label-file.js';
import { cachedImages } from '../../data/sources/cached-images.js';
import { channelFiles } from '../../data/sources/channel-files.js';
import { classFolders } from '../../data/sources/class-folders.js';
import { type ImageSource, withoutBadImages } from '../../data/sources/source.js';
import type { FilesConfig } from '../config/data-config.js';
import { configError } from '../config/problems.js';

/** A source, and the lines of its label file that are bad. */
interface Read {
  readonly source: ImageSource;
  readonly bad: readonly DataError[];
}

/** The images of a config. */
export async function fileSource(config: FilesConfig): Promise<Read> {
  const { size } = config;
  const resize = { width: size, height: size };
  const kept = (source: ImageSource) => cachedImages(source, { bytes: config.cache * 2 ** 20 });
  if (config.kind === 'folders') {
    const { folder, channels } = config;
    return { source: kept(await classFolders({ folder, channels, resize })), bad: [] };
  }
  const { folder, channels, labels, classes, skipBad } = config;
  const read = await readLabelFile(labels, { skipBad, ...(classes !== undefined && { classes }) });
  return { source: kept(channelFiles({ folder, channels, labels: read, resize })), bad: read.bad };
}

/**
 * Other images with the classes of a config: of another label file, or another folder of classes.
 *
 * @throws ConfigError - a folder of other classes
 */
export async function otherFileSource(config: FilesConfig, from: string, folder?: string): Promise<Read> {
  const { source } = await fileSource(config.kind === 'channels' ? { ...config, skipBad: true } : config);
  const { classes } = source;
  if (config.kind === 'channels')
    return fileSource({ ...config, labels: from, folder: folder ?? config.folder, classes });
  const read = await fileSource({ ...config, folder: from });
  return { ...read, source: withClasses(read.source, classes, from) };
}

/** A source whose class indices are those of other names; a class may be missing. */
export function withClasses(source: ImageSource, classes: readonly string[], folder: string): ImageSource {
  const index = source.classes.map((name) => {
    const k = classes.indexOf(name);
    if (k < 0) throw configError(`folder ${folder}`, `classes among ${classes.join(', ')}`, name);
    return k;
  });
  const records = source.records.map((record) => ({
    ...record,
    labels: record.labels.map((k) => index[k] as number),
  }));
  return { ...source, records, classes };
}

/** Images of a folder whose labels nobody knows: all whose first channel is there. */
export function unlabelledFiles(
  config: FilesConfig & { readonly kind: 'channels' },
  folder: string,
  classes: readonly string[],
): ImageSource {
  const ending = `_${config.channels[0]}.png`;
  const ids = readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
  if (ids.length === 0)
    throw dataError({ code: 'folder-empty', file: folder, expected: `images, ID${ending}`, got: 'none' });
  const rows = ids.map((id, at) => ({ id, labels: [], line: at + 1 }));
  const resize = { width: config.size, height: config.size };
  return channelFiles({ folder, channels: config.channels, labels: { file: folder, rows, classes }, resize });
}

/** All images, or those that can be loaded, and what is bad with the others. */
export async function goodOf({ source, bad }: Read, skipBad: boolean): Promise<Read> {
  if (!skipBad) return { source, bad };
  const checked = await withoutBadImages(source);
  const all = [...bad, ...checked.bad];
  if (checked.source.records.length === 0) {
    const got = `${all.length} bad, first: ${all[0]?.message}`;
    throw dataError({
      code: 'images-missing',
      file: all[0]?.file ?? 'images',
      expected: 'a good image',
      got,
    });
  }
  return { source: checked.source, bad: all };
}
