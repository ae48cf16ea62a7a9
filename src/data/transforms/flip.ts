/**
 * Horizontal flips.
 *
 * @module
 */
import { outOfRange } from '../../../spec/errors.js';
import type { Image } from '../image.js';
import type { Transform } from './transform.js';

/** The mirror image. */
export function flipped(image: Image): Image {
  const { width, height, channels, data } = image;
  const mirror = data.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + (width - 1 - x)) * channels;
      mirror.set(data.subarray(from, from + channels), (y * width + x) * channels);
    }
  }
  return { width, height, channels, data: mirror };
}

/**
 * Flips an image left to right with some probability.
 *
 * @param probability - of a flip, in [0, 1]. Default 0.5, torchvision's
 * @throws InputRangeError - a number outside [0, 1]
 */
export function randomHorizontalFlip(probability = 0.5): Transform {
  if (!(probability >= 0 && probability <= 1))
    outOfRange('option-out-of-range', 'probability', 'a number in [0, 1]', probability);
  return (image, random) => (random() < probability ? flipped(image) : image);
}
