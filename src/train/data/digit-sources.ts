/**
 * The digits of the package mnist with a long tail, as images.
 *
 * @module
 */
import { arrayImages } from '../../data/sources/array-images.js';
import type { ImageSource } from '../../data/sources/source.js';
import { CLASSES, type DigitSet, splitDigits } from '../../digits/data.js';
import type { DataConfig } from '../config/data-config.js';
import { configError } from '../config/problems.js';

const SIZE = { width: 28, height: 28 };

/** Draws the digits of a config. */
export async function digitSources(config: DataConfig & { readonly kind: 'digits' }, seed: number) {
  const split = await splitDigits(config, seed).catch((cause: Error) => {
    if (!(cause instanceof RangeError)) throw cause;
    throw configError('data', 'sizes that the digits have images for', cause.message, cause);
  });
  const { training, validation, test } = split;
  return { training: images(training), validation: images(validation), test: images(test), bad: [] };
}

function images({ images: pixels, labels }: DigitSet): ImageSource {
  return arrayImages({ size: SIZE, channels: 1, pixels, labels, classes: CLASSES });
}
