/**
 * Transforms: from an image to another, by numbers that are handed to them and by nothing else.
 *
 * @module
 */
import type { Image } from '../image.js';
import type { Random } from '../random.js';

/**
 * A step between an image as it is decoded and one as it is trained on. It leaves the image it is given
 * as it is, and draws from `random` alone, so that a seed decides all.
 */
export type Transform = (image: Image, random: Random) => Image | Promise<Image>;

/**
 * Transforms one after the other. They draw from one stream in turn: one put at the end leaves what those
 * before it draw as it was.
 *
 * @example
 * ```ts
 * import { compose, createImage, keyedRandom, normalise, toFloat } from 'class-rectification/data';
 *
 * const chain = compose(toFloat(), normalise([0.5], [0.25]));
 * const image = createImage({ width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) });
 * Array.from((await chain(image, keyedRandom(1))).data); // → [-2, 2]
 * ```
 */
export function compose(...transforms: readonly Transform[]): Transform {
  return async (image, random) => {
    let result = image;
    for (const transform of transforms) result = await transform(result, random);
    return result;
  };
}
