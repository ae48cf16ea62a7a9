/**
 * The images of a config: to train on, to validate with, and to test with.
 *
 * @module
 */
import { type ChannelStatistics, channelStatistics } from '../../data/channel-statistics.js';
import { DataError } from '../../data/errors.js';
import { looksLikeImage } from '../../data/file-name.js';
import type { AttributeClasses } from '../../data/label-names.js';
import { labelCounts, singleLabels } from '../../data/label-rows.js';
import { type ImageSource, subset } from '../../data/sources/source.js';
import { stratifiedSplit } from '../../data/splits/stratified-split.js';
import type { Chains } from '../../data/transforms/article.js';
import { type DataConfig, encodingOf, type FilesConfig } from '../config/data-config.js';
import { configError } from '../config/problems.js';
import type { Shape } from '../models/shape.js';
import { chainsOf } from './chains.js';
import { type CheckHooks, checkImages, type ImageSets, type PixelDigests } from './check-images.js';
import { digitSources } from './digit-sources.js';
import { fileSource, goodOf, otherFileSource } from './file-sources.js';
import { equalImages, refuseSharedImages } from './shared-images.js';

/** Images to train, validate and test with; no image is in two of the sets. */
export interface TrainData extends ImageSets {
  /** Names by class index. */
  readonly classes: readonly string[];
  /** Where every image has one class of each of several attributes. */
  readonly attributes?: readonly AttributeClasses[];
  readonly encoding: ReturnType<typeof encodingOf>;
  /** Training images by class. */
  readonly counts: readonly number[];
  readonly shape: Shape;
  readonly chains: Chains;
  /** The training set's, where images are normalised by them. */
  readonly figures?: ChannelStatistics;
  /** What was left out. */
  readonly bad: readonly DataError[];
  /** Warnings, as sentences: such as a class without a training image. */
  readonly notes: readonly string[];
}

type Sources = ImageSets & Pick<TrainData, 'bad'>;

/** How data are loaded. */
export interface LoadOptions {
  /** Whether every image is loaded once, so that a bad one shows at once. Default false. */
  readonly check?: boolean;
  /** Called with the progress of that check. With `skipBad`, images are always checked. */
  readonly onProgress?: CheckHooks['onProgress'];
}

/**
 * Loads what a config names. The seed decides splits and which digits are drawn.
 *
 * @throws DataError - data that cannot be used; with `skipBad` only if nothing is left
 * @throws ConfigError - sets without an image, a folder of other classes
 */
export async function loadData(
  config: DataConfig,
  seed: number,
  options: LoadOptions = {},
): Promise<TrainData> {
  const { check = false, onProgress } = options;
  const hooks = { onProgress };
  const digests: PixelDigests = new Map();
  const sources =
    config.kind === 'digits'
      ? await digitSources(config, seed)
      : await fileSources(config, seed, hooks, digests);
  const { training, validation, test } = sources;
  const { classes, attributes } = training;
  refuseEmpty(sources);
  refuseSharedImages(sources);
  const encoding = encodingOf(config);
  const counts = labelCounts(training);
  refuseOneClass(training, counts, config);
  if (encoding === 'categorical' && attributes === undefined)
    for (const source of [training, validation, test ?? training]) singleLabels(source);
  if (check && config.kind !== 'digits' && !config.skipBad) await checkImages(sources, hooks, digests);
  const { width, height, channels } = await training.load(0);
  refuseLongShift(config, Math.min(width, height));
  const shape = { width, height, channels };
  const figures = config.normalise ? await channelStatistics(training) : undefined;
  return {
    ...sources,
    classes,
    ...(attributes && { attributes }),
    encoding,
    counts,
    shape,
    chains: chainsOf(config, shape, figures),
    ...(figures && { figures }),
    notes: [...notesOf(sources, counts), ...equalImages(sources, digests)],
  };
}

/** Refuses sets without an image: shares of few images leave some empty. */
function refuseEmpty({ training, validation, test }: ImageSets): void {
  const sets = { training, validation, ...(test && { test }) };
  const sizes = Object.entries(sets).map(([name, { records }]) => `${records.length} to ${name}`);
  if (Object.values(sets).some(({ records }) => records.length === 0))
    throw configError('data', 'images in every set: more images, or other shares', sizes.join(', '));
}

/** Refuses shifts after which nothing of an image may be left. */
function refuseLongShift({ shift }: DataConfig, side: number): void {
  if (shift !== undefined && shift >= side)
    throw configError('data.shift', `less than the side of an image, ${side} pixels`, String(shift));
}

/** Refuses a single class: there is nothing to classify, and mostly the path is a level too deep or too high. */
function refuseOneClass({ classes }: ImageSource, counts: readonly number[], config: DataConfig): void {
  const present = classes.filter((_, k) => (counts[k] as number) > 0);
  const single = encodingOf(config) === 'categorical';
  if (classes.length >= 2 && (present.length >= 2 || !single)) return;
  const file =
    config.kind === 'channels' ? config.labels : config.kind === 'folders' ? config.folder : 'digits';
  const hint = 'Is the path one level too deep or too high?';
  throw new DataError({
    code: 'class-single',
    file,
    expected: 'at least two classes to train on',
    hint,
    got: `only ${present.join(', ') || classes.join(', ')}`,
  });
}

function notesOf({ training, validation, test }: ImageSets, counts: readonly number[]): string[] {
  const empty = training.classes.filter((_, k) => counts[k] === 0);
  const lost = empty.length > 1 ? 'them' : 'it';
  const beside = new Set([training, validation, test].flatMap((source) => source?.ignored ?? []));
  const images = [...beside].filter(looksLikeImage);
  return [
    ...(empty.length > 0
      ? [`No training image has class ${someOf(empty)}: the model cannot learn ${lost}.`]
      : []),
    ...(images.length > 0 ? [`Images that lie in no folder of a class are ignored: ${someOf(images)}.`] : []),
  ];
}

/** Some of many names. */
function someOf(names: readonly string[]): string {
  const more = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return `${names.slice(0, 10).join(', ')}${more}`;
}

async function fileSources(
  config: FilesConfig,
  seed: number,
  hooks: CheckHooks,
  digests: PixelDigests,
): Promise<Sources> {
  const { validation, test, skipBad } = config;
  const read = await fileSource(config);
  const other = async (from: string) =>
    goodOf(await otherFileSource(config, from, read.source), skipBad, hooks, digests);
  const whole = await goodOf(read, skipBad, hooks, digests);
  const held = typeof validation === 'string' ? await other(validation) : undefined;
  const tested = typeof test === 'string' ? await other(test) : undefined;
  // shares are of the images that no file holds
  const shares = [validation, test].map((share) => (typeof share === 'number' ? share : 0)) as [
    number,
    number,
  ];
  const kept = [1 - shares[0] - shares[1], ...shares.filter((share) => share > 0)];
  const labels = whole.source.records.map((record) => record.labels);
  const parts = stratifiedSplit(labels, { fractions: kept, seed }).map((part) => subset(whole.source, part));
  const training = parts.shift() as ImageSource;
  const validating = held?.source ?? (parts.shift() as ImageSource);
  const testing = tested?.source ?? (typeof test === 'number' ? parts.shift() : undefined);
  const bad = [whole, held, tested].flatMap((each) => each?.bad ?? []);
  return { training, validation: validating, ...(testing && { test: testing }), bad };
}

/** Training images of each class. */
export const countsOf = labelCounts;
