/**
 * The images on which a finished run is tested.
 *
 * @module
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../data/errors.js';
import { isLeftover } from '../data/file-name.js';
import { decodeImage } from '../data/sources/decode.js';
import type { ImageRecord, ImageSource } from '../data/sources/source.js';
import type { TrainConfig } from './config/config.js';
import { configError } from './config/problems.js';
import { fileSource, goodOf, unlabelledFiles } from './data/file-sources.js';
import { loadData } from './data/load-data.js';
import type { Shape } from './models/shape.js';
import type { RunFacts } from './run-folder.js';
import { digestOfData, refuseOtherImages } from './run-identity.js';

/** Which images are predicted. */
export interface TestImageChoices {
  /** A label file, for a run on `channels` data. */
  readonly labels?: string;
  /** Images in one folder per class, or plain images without labels. */
  readonly folder?: string;
  readonly skipBad?: boolean;
}

/** Images to test on. */
export interface TestImages {
  readonly source: ImageSource;
  /** What was left out. */
  readonly bad: readonly DataError[];
  /** A description of the images. */
  readonly set: string;
  /** Whether their labels are known. */
  readonly labelled: boolean;
}

/**
 * Without flags the run's test set, or its validation set if it has none.
 *
 * @throws ConfigError, DataError - images that cannot be used, flags that the run's kind of data does not have,
 * a test set that is not the run's any more
 */
export async function testImages(
  config: TrainConfig,
  facts: RunFacts,
  choices: TestImageChoices,
): Promise<TestImages> {
  const { data } = config;
  const { labels, folder, skipBad = data.kind !== 'digits' && data.skipBad } = choices;
  if (labels === undefined && folder === undefined) return ownImages(config, facts);
  if (labels !== undefined && data.kind !== 'channels')
    throw configError(
      '--labels',
      'none for a run that was not trained with a label file; --folder takes one folder per class or plain images',
      labels,
    );
  if (labels !== undefined && data.kind === 'channels') {
    const read = await fileSource({ ...data, labels, folder: folder ?? data.folder, skipBad }, facts);
    return { ...(await goodOf(read, skipBad)), set: labels, labelled: true };
  }
  const set = folder as string;
  if (!existsSync(set) || !statSync(set).isDirectory())
    throw configError('--folder', 'a folder', `no folder ${set}`);
  if (data.kind === 'channels') {
    const read = { source: unlabelledFiles(data, set, facts.classes), bad: [] };
    return { ...(await goodOf(read, skipBad)), set, labelled: false };
  }
  if (data.kind === 'folders' && holdsFolders(set)) {
    const read = await fileSource({ ...data, folder: set, skipBad }, facts);
    return { ...(await goodOf(read, skipBad)), set, labelled: true };
  }
  const bits = data.kind === 'folders' ? data.bits : 16;
  const plain = { source: plainImages(set, facts, bits), bad: [] };
  return { ...(await goodOf(plain, skipBad)), set, labelled: false };
}

async function ownImages(config: TrainConfig, facts: RunFacts): Promise<TestImages> {
  const data = await loadData(config.data, config.seed);
  if (facts.data) refuseOtherImages(facts.data, await digestOfData(config, data));
  const { test, validation, bad } = data;
  const learned = config.thresholds === 'learned' && facts.encoding !== 'categorical';
  const held = `the run’s validation set${learned ? ', on which its thresholds were learned' : ''}`;
  return { source: test ?? validation, bad, set: test ? 'the run’s test set' : held, labelled: true };
}

function holdsFolders(folder: string): boolean {
  return readdirSync(folder).some((name) => !isLeftover(name) && statSync(join(folder, name)).isDirectory());
}

/** The images of a folder, of any format that sharp reads; an image's id is the name of its file. */
function plainImages(folder: string, { shape, classes }: RunFacts, bits: number): ImageSource {
  const names = readdirSync(folder)
    .filter((name) => !isLeftover(name) && statSync(join(folder, name)).isFile())
    .sort();
  if (names.length === 0)
    throw new DataError({
      code: 'folder-empty',
      file: folder,
      expected: 'images, or one folder per class',
      got: 'none',
    });
  const records: ImageRecord[] = names.map((name) => ({ id: name, labels: [], file: join(folder, name) }));
  const channels = channelsOf(shape);
  const { width, height } = shape;
  const load = async (at: number) =>
    (await decodeImage(records[at] as ImageRecord, channels, { bits, resize: { width, height } })).image;
  return { records, classes, load };
}

function channelsOf({ channels }: Shape): 1 | 3 {
  return channels === 1 ? 1 : 3;
}
