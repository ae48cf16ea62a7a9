/**
 * The options of a data set of images.
 *
 * @module
 */
import { described, outOfRange, refuseUnknownFields } from '../../spec/errors.js';
import { wholeNumber } from './checks.js';
import type { Size } from './image.js';
import type { ImageSource } from './sources/source.js';
import type { Transform } from './transforms/transform.js';

/** What {@link imageDataset} takes. */
export interface ImageDatasetOptions {
  /** Images per batch, ≥ 1. */
  readonly batchSize: number;
  /** Applied to each image. Default: none; 8-bit numbers are then trained on as 0 to 255. */
  readonly transform?: Transform;
  /** Decides the order of each epoch and what transforms draw: a whole number ≥ 0. Default 0. */
  readonly seed?: number;
  /** Whether each epoch has its own order. Default true; false keeps the order of the source. */
  readonly shuffle?: boolean;
  /** Whether a smaller last batch is left out. Default false. */
  readonly dropLast?: boolean;
  /** Images decoded at once, ≥ 1. Default 4, the size of Node's thread pool. */
  readonly concurrency?: number;
  /** Batches whose images are prepared while one is trained on, ≥ 0. Default 1; 0 prepares `concurrency` images. */
  readonly prefetch?: number;
  /** Whether bad images are left out and listed in `skipped` instead of thrown. Default false. */
  readonly skipBad?: boolean;
  /** The shape of every image after `transform`. Default: that of the first image; another is then an error. */
  readonly shape?: Size & { readonly channels: number };
}

/** The options, completed with their defaults. */
export type DatasetSettings = Required<Omit<ImageDatasetOptions, 'shape'>> &
  Pick<ImageDatasetOptions, 'shape'>;

const OPTIONS = [
  'batchSize',
  'transform',
  'seed',
  'shuffle',
  'dropLast',
  'concurrency',
  'prefetch',
  'skipBad',
  'shape',
];

/**
 * Checks options against their source, and completes them.
 *
 * @throws InputTypeError, InputRangeError - naming the option
 */
export function readDatasetOptions(source: ImageSource, options: ImageDatasetOptions): DatasetSettings {
  refuseUnknownFields(options, OPTIONS);
  const settings: DatasetSettings = {
    transform: options.transform ?? ((image) => image),
    shuffle: options.shuffle ?? true,
    dropLast: options.dropLast ?? false,
    skipBad: options.skipBad ?? false,
    batchSize: wholeNumber('options.batchSize', options.batchSize, 1),
    seed: wholeNumber('options.seed', options.seed ?? 0, 0),
    concurrency: wholeNumber('options.concurrency', options.concurrency ?? 4, 1),
    prefetch: wholeNumber('options.prefetch', options.prefetch ?? 1, 0),
    ...(options.shape && { shape: options.shape }),
  };
  for (const [name, value] of Object.entries(options.shape ?? {}))
    wholeNumber(`options.shape.${name}`, value, 1);
  const count = source.records.length;
  if (count === 0) outOfRange('empty-batch', 'source', 'at least one image', described('none'));
  if (settings.dropLast && count < settings.batchSize)
    outOfRange(
      'option-out-of-range',
      'options.batchSize',
      `at most ${count}, with dropLast`,
      options.batchSize,
    );
  return settings;
}
