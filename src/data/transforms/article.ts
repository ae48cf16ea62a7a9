/**
 * The article's chains (its get_transforms): one to train with, one to evaluate with.
 *
 * Its axes are channels, height, width; here they are height, width, channels, as tfjs has them.
 *
 * @module
 */
import { centreCrop, randomResizedCrop } from './crop.js';
import { randomHorizontalFlip } from './flip.js';
import { normalise, toFloat } from './numbers.js';
import { resizeShorter } from './resize.js';
import { compose, type Transform } from './transform.js';

/** Mean and deviation of ImageNet's red, green and blue, on 0 to 1. */
export const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/** A chain to train with, which draws, and one to evaluate with, which does not. */
export interface Chains {
  readonly train: Transform;
  readonly evaluate: Transform;
}

/** What {@link articleTransforms} takes. */
export interface ArticleOptions {
  /** Side of the square to train on, in pixels. Default 224. */
  readonly size?: number;
  /** What the shorter side is resized to before the centre is cropped out. Default size·256/224, rounded. */
  readonly shorter?: number;
  /** Means by channel, after `toFloat`. Default ImageNet's. */
  readonly mean?: readonly number[];
  /** Deviations by channel, after `toFloat`. Default ImageNet's. */
  readonly deviation?: readonly number[];
}

/**
 * The chains for a net that was trained on ImageNet: to train, a random resized crop and a flip; to
 * evaluate, resized with the centre cropped out; both to floats, and normalised. Give mean and deviation
 * for images of four channels.
 *
 * The article's other chain, for a net of its own, is {@link toFloat} alone, both times.
 *
 * @example
 * ```ts
 * import { articleTransforms, keyedRandom } from 'class-rectification/data';
 *
 * const { evaluate } = articleTransforms({ size: 28 });
 * const photo = { width: 64, height: 48, channels: 3, data: new Uint8Array(64 * 48 * 3) };
 * const { width, height } = await evaluate(photo, keyedRandom(1));
 * [width, height]; // → [28, 28]
 * ```
 */
export function articleTransforms(options: ArticleOptions = {}): Chains {
  const { size = 224, mean = IMAGENET.mean, deviation = IMAGENET.deviation } = options;
  const shorter = options.shorter ?? Math.round((size * 256) / 224);
  const numbers = compose(toFloat(), normalise(mean, deviation));
  return {
    train: compose(randomResizedCrop(size), randomHorizontalFlip(), numbers),
    evaluate: compose(resizeShorter(shorter), centreCrop(size), numbers),
  };
}
