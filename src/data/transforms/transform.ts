/**
 * Transforms: functions from an image to an image, whose random numbers are an argument.
 *
 * @module
 */
import type { Image } from '../image.js';
import type { Random } from '../random.js';

/**
 * A step between the decoded image and the one that is trained on. It does not change the image that it is
 * given, and draws from `random` only, so that the seed decides everything.
 */
export type Transform = (image: Image, random: Random) => Image | Promise<Image>;

/**
 * Transforms one after the other. They draw from one stream in turn: a transform appended at the end does not
 * change what those before it draw.
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
