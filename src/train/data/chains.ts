/**
 * The transforms of images, to train and to evaluate.
 *
 * @module
 */
import type { ChannelStatistics } from '../../data/channel-statistics.js';
import type { Chains } from '../../data/transforms/article.js';
import { randomResizedCrop } from '../../data/transforms/crop.js';
import { randomHorizontalFlip } from '../../data/transforms/flip.js';
import { normalise, toFloat } from '../../data/transforms/numbers.js';
import { randomShift } from '../../data/transforms/shift.js';
import { compose, type Transform } from '../../data/transforms/transform.js';
import type { DataConfig } from '../config/data-config.js';
import type { Shape } from '../models/shape.js';

/** How images are augmented: what a config says of it. */
export type Augmentation = Pick<DataConfig, 'augment' | 'shift'>;

/** The chains for images of one size. Images become floats, normalised if mean and deviation are given. */
export function chainsOf(
  { augment, shift }: Augmentation,
  { width }: Pick<Shape, 'width'>,
  figures?: ChannelStatistics,
): Chains {
  const drawn: Record<typeof augment, readonly Transform[]> = {
    none: [],
    flip: [randomHorizontalFlip()],
    crop: [randomResizedCrop(width), randomHorizontalFlip()],
    shift: [randomShift(shift)],
  };
  // a deviation of 0 is a channel that is the same everywhere: it is only centred
  const numbers = figures
    ? [
        toFloat(),
        normalise(
          figures.mean,
          figures.deviation.map((s) => (s > 0 ? s : 1)),
        ),
      ]
    : [toFloat()];
  return { train: compose(...drawn[augment], ...numbers), evaluate: compose(...numbers) };
}
