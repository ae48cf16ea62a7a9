/**
 * The images of a config: to train on, to validate with, and to test with.
 *
 * @module
 */
import { type ChannelStatistics, channelStatistics } from '../../data/channel-statistics.js';
import type { DataError } from '../../data/errors.js';
import { labelCounts, singleLabels } from '../../data/label-rows.js';
import { type ImageSource, subset } from '../../data/sources/source.js';
import { stratifiedSplit } from '../../data/splits/stratified-split.js';
import type { Chains } from '../../data/transforms/article.js';
import { type DataConfig, encodingOf, type FilesConfig } from '../config/data-config.js';
import { configError } from '../config/problems.js';
import type { Shape } from '../models/shape.js';
import { chainsOf } from './chains.js';
import { digitSources } from './digit-sources.js';
import { fileSource, goodOf, otherFileSource } from './file-sources.js';

/** Images to train, validate and test with; no image is in two of them. */
export interface TrainData {
  readonly training: ImageSource;
  readonly validation: ImageSource;
  readonly test?: ImageSource;
  /** Names by class index. */
  readonly classes: readonly string[];
  readonly encoding: ReturnType<typeof encodingOf>;
  /** Training images by class. */
  readonly counts: readonly number[];
  readonly shape: Shape;
  readonly chains: Chains;
  /** The training set's, where images are normalised by them. */
  readonly figures?: ChannelStatistics;
  /** What was left out. */
  readonly bad: readonly DataError[];
}

type Sources = Pick<TrainData, 'training' | 'validation' | 'test' | 'bad'>;

/**
 * Loads what a config names. The seed decides splits and which digits are drawn.
 *
 * @throws DataError - data that cannot be used; with `skipBad` only if nothing is left
 */
export async function loadData(config: DataConfig, seed: number): Promise<TrainData> {
  const sources =
    config.kind === 'digits' ? await digitSources(config, seed) : await fileSources(config, seed);
  const { training } = sources;
  refuseEmpty(sources);
  const encoding = encodingOf(config);
  if (encoding === 'categorical')
    for (const source of [training, sources.validation, sources.test ?? training]) singleLabels(source);
  const { width, height, channels } = await training.load(0);
  const shape = { width, height, channels };
  const figures = config.normalise ? await channelStatistics(training) : undefined;
  return {
    ...sources,
    classes: training.classes,
    encoding,
    counts: countsOf(training),
    shape,
    chains: chainsOf(config.augment, shape, figures),
    ...(figures && { figures }),
  };
}

/** Shares of few images leave a set with none. */
function refuseEmpty({ training, validation, test }: Sources): void {
  const sets = { training, validation, ...(test && { test }) };
  const sizes = Object.entries(sets).map(([name, { records }]) => `${records.length} to ${name}`);
  if (Object.values(sets).some(({ records }) => records.length === 0))
    throw configError('data', 'images in every set: more images, or other shares', sizes.join(', '));
}

async function fileSources(config: FilesConfig, seed: number): Promise<Sources> {
  const { validation, test } = config;
  const [whole, ...others] = [
    await fileSource(config),
    ...(typeof validation === 'string' ? [await otherFileSource(config, validation)] : []),
  ];
  const checked = await goodOf(whole, config.skipBad);
  const held = others[0] && (await goodOf(others[0], config.skipBad));
  const tested =
    typeof test === 'string' ? await goodOf(await otherFileSource(config, test), config.skipBad) : undefined;
  // fractions that are given are of the images that no file holds
  const shares = [validation, test].map((share) => (typeof share === 'number' ? share : 0)) as [
    number,
    number,
  ];
  const kept = [1 - shares[0] - shares[1], ...shares.filter((share) => share > 0)];
  const labels = checked.source.records.map((record) => record.labels);
  const parts = stratifiedSplit(labels, { fractions: kept, seed }).map((part) =>
    subset(checked.source, part),
  );
  const training = parts.shift() as ImageSource;
  const validating = held?.source ?? (parts.shift() as ImageSource);
  const testing = tested?.source ?? (typeof test === 'number' ? parts.shift() : undefined);
  const bad = [checked, held, tested].flatMap((each) => each?.bad ?? []);
  return { training, validation: validating, ...(testing && { test: testing }), bad };
}

/** Training images of each class. */
export const countsOf = labelCounts;
