/**
 * Shifts: an image moved by some pixels.
 *
 * @module
 */
import { described, outOfRange } from '../../../spec/errors.js';
import { wholeNumber } from '../checks.js';
import { type Image, shapeOf } from '../image.js';
import { drawBelow } from '../random.js';
import type { Transform } from './transform.js';

/** The image moved right and down by some pixels, or left and up if negative. What moves in from outside is 0. */
export function shifted(image: Image, right: number, down: number): Image {
  const { width, height, channels, data } = image;
  const Numbers = data instanceof Uint8Array ? Uint8Array : Float32Array;
  const moved = new Numbers(data.length);
  const [left, top] = [Math.max(0, right), Math.max(0, down)];
  const kept = (width - Math.abs(right)) * channels;
  for (let y = top; y < height + Math.min(0, down); y++) {
    const from = ((y - down) * width + left - right) * channels;
    moved.set(data.subarray(from, from + kept), (y * width + left) * channels);
  }
  return { width, height, channels, data: moved };
}

/**
 * Moves an image by up to some pixels in each direction, all shifts equally likely: torchvision's
 * `RandomCrop(size, padding=pixels)` with a padding of 0.
 *
 * It keeps the label where an object may stand anywhere, also of digits and letters, whose mirror images are others.
 *
 * @param pixels - the largest shift, ≥ 0. Default 2
 * @throws InputRangeError - a number that is not whole or below 0; later for an image that is not larger than the shift
 * @example
 * ```ts
 * import { createImage, keyedRandom, randomShift } from 'class-rectification/data';
 * const image = createImage({ width: 5, height: 5, channels: 1, data: new Uint8Array(25).fill(7, 12, 13) });
 * const { data } = await randomShift(2)(image, keyedRandom(1));
 * data.reduce((sum, value) => sum + value, 0); // → 7
 * ```
 */
export function randomShift(pixels = 2): Transform {
  wholeNumber('pixels', pixels, 0);
  return (image, random) => {
    if (Math.min(image.width, image.height) <= pixels)
      outOfRange(
        'wrong-shape',
        'image',
        `more than ${pixels} pixels wide and high`,
        described(shapeOf(image)),
      );
    const draw = () => drawBelow(random, 2 * pixels + 1) - pixels;
    return shifted(image, draw(), draw());
  };
}
