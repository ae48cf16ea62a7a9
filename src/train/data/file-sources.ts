/**
 * Images in files, as a config names them.
 *
 * @module
 */
import { readdirSync } from 'node:fs';
import { DataError } from '../../data/errors.js';
import { isLeftover } from '../../data/file-name.js';
import { type LabelFile, readLabelFile } from '../../data/label-file.js';
import type { FileClasses } from '../../data/label-names.js';
import { labelCounts } from '../../data/label-rows.js';
import { cachedImages } from '../../data/sources/cached-images.js';
import { channelFiles } from '../../data/sources/channel-files.js';
import { classFolders } from '../../data/sources/class-folders.js';
import { type ImageSource, subset } from '../../data/sources/source.js';
import { encodingOf, type FilesConfig } from '../config/data-config.js';
import { configError } from '../config/problems.js';
import { type CheckHooks, loadEach, type PixelDigests, refuseForgottenBits } from './check-images.js';

type FoldersConfig = FilesConfig & { readonly kind: 'folders' };
type ChannelsConfig = FilesConfig & { readonly kind: 'channels' };

/** A source, and the lines of its label file that are bad. */
export interface SourceRead {
  readonly source: ImageSource;
  readonly bad: readonly DataError[];
}

/**
 * The images of a config.
 *
 * @param known - the classes of a training set, for images to evaluate on: they need not have all of them
 * @throws DataError, ConfigError - a class that is not one of those
 */
export async function fileSource(config: FilesConfig, known?: FileClasses): Promise<SourceRead> {
  const cached = (source: ImageSource) => cachedImages(source, { bytes: config.cache * 2 ** 20 });
  if (config.kind === 'folders') {
    const read = await folderSource(config);
    const source = known ? withClasses(read, known.classes, config.folder) : read;
    return { source: cached(source), bad: [] };
  }
  const labels = await readLabels(config, known);
  return { source: cached(channelFiles({ ...channelOptions(config), labels })), bad: labels.bad };
}

/** Images of a config in other files: of another label file, or another folder of classes. */
export function otherFileSource(config: FilesConfig, from: string, known: FileClasses): Promise<SourceRead> {
  return fileSource(
    { ...config, ...(config.kind === 'channels' ? { labels: from } : { folder: from }) },
    known,
  );
}

function folderSource({ folder, channels, allowEmpty, bits, size }: FoldersConfig): Promise<ImageSource> {
  return classFolders({ folder, channels, allowEmpty, bits, resize: { width: size, height: size } });
}

function channelOptions({ folder, channels, extension, bits, size }: ChannelsConfig) {
  return { folder, channels, extension, bits, resize: { width: size, height: size } };
}

async function readLabels(config: ChannelsConfig, known?: FileClasses): Promise<LabelFile> {
  const { idColumn, targetColumn, separator, allowEmpty, skipBad } = config;
  const delimiter = config.delimiter === 'tab' ? '\t' : config.delimiter;
  const single = config.attributes === undefined && encodingOf(config) === 'categorical';
  const format = { idColumn, targetColumn, delimiter, allowEmpty, skipBad, single };
  const separated = separator === undefined ? format : { ...format, separator };
  if (config.attributes) {
    const given = known?.attributes?.map(({ name, classes }) => ({ column: name, classes }));
    return readLabelFile(config.labels, { ...separated, attributes: given ?? config.attributes });
  }
  const classes = known?.classes ?? config.classes;
  if (classes !== undefined) return readLabelFile(config.labels, { ...separated, classes });
  const read = await readLabelFile(config.labels, separated);
  refuseGaps(read);
  return read;
}

/** Refuses gaps in class indices that were found in the file: labels that start at 1 would add an empty class 0. */
function refuseGaps({ rows, classes, file }: LabelFile): void {
  const counts = labelCounts({ records: rows, classes });
  const missing = classes.filter((_, k) => counts[k] === 0);
  if (missing.length === 0) return;
  const expected = `an image of each class from 0 to ${classes.length - 1}`;
  const hint = 'The option classes (data.classes) says how many there are, or names them.';
  const more = missing.length > 10 ? ` and ${missing.length - 10} more` : '';
  throw new DataError({
    code: 'class-empty',
    file,
    expected,
    got: `none of ${missing.slice(0, 10).join(', ')}${more}`,
    hint,
  });
}

/**
 * A source whose class indices are those of other names; a class may be missing.
 *
 * @throws ConfigError - a class that is not one of them
 */
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

/**
 * Images of a folder without labels: every id for which the file of at least one channel exists. An id that
 * lacks any other channel is a bad image.
 */
export function unlabelledFiles(
  config: ChannelsConfig,
  folder: string,
  classes: readonly string[],
): ImageSource {
  const endings = config.channels.map((channel) => `_${channel}${config.extension}`);
  const ids = new Set<string>();
  for (const name of readdirSync(folder)) {
    const ending = endings.find((end) => name.endsWith(end) && name.length > end.length);
    if (ending !== undefined && !isLeftover(name)) ids.add(name.slice(0, -ending.length));
  }
  if (ids.size === 0)
    throw new DataError({
      code: 'folder-empty',
      file: folder,
      expected: `images, ID${endings[0]}`,
      got: 'none',
    });
  const rows = [...ids].sort().map((id, at) => ({ id, labels: [], line: at + 1 }));
  return channelFiles({ ...channelOptions(config), folder, labels: { file: folder, rows, classes } });
}

/** All images; or with `skipBad` those that can be loaded, and what is bad with the others. */
export async function goodOf(
  { source, bad }: SourceRead,
  skipBad: boolean,
  hooks: CheckHooks = {},
  digests?: PixelDigests,
): Promise<SourceRead> {
  if (!skipBad) return { source, bad };
  const checked = await loadEach([source], hooks, digests);
  const good = checked.good.get(source) ?? [];
  const all = [...bad, ...checked.bad];
  if (good.length === 0) {
    const file = all[0]?.file ?? 'images';
    const got = `${all.length} bad, first: ${all[0]?.message}`;
    throw new DataError({ code: 'images-missing', file, expected: 'a good image', got });
  }
  refuseForgottenBits([source]);
  return { source: subset(source, good), bad: all };
}
