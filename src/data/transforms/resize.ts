/**
 * Resizing, by sharp's linear kernel, widened when an image shrinks so that no pixel is passed over.
 *
 * @module
 */
import { wrongType } from '../../../spec/errors.js';
import { wholeNumber } from '../checks.js';
import type { Image, Size } from '../image.js';
import { loadSharp, RESAMPLING } from '../sharp.js';
import { channelOf, combineChannels } from './channels.js';
import type { Transform } from './transform.js';

/**
 * The image at another size.
 *
 * Each channel is resized by itself: sharp would take the fourth for opacity, and mix it into the others.
 *
 * @param image - of 8-bit numbers
 * @throws InputTypeError - for floats: resize before `toFloat`; PackageMissingError - without sharp
 */
export async function resized(image: Image, { width, height }: Size): Promise<Image> {
  if (!(image.data instanceof Uint8Array))
    wrongType('wrong-type', 'image.data', 'a Uint8Array (toFloat comes after resizing)', 'a Float32Array');
  if (image.width === width && image.height === height) return image;
  const planes: Image[] = [];
  for (let c = 0; c < image.channels; c++)
    planes.push(await resizedPlane(channelOf(image, c), width, height));
  return combineChannels(planes);
}

async function resizedPlane(plane: Image, width: number, height: number): Promise<Image> {
  const sharp = await loadSharp();
  const raw = { width: plane.width, height: plane.height, channels: 1 as const };
  const data = await sharp(plane.data, { raw })
    .resize(width, height, RESAMPLING)
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  return { width, height, channels: 1, data: new Uint8Array(data) };
}

/**
 * Resizes the shorter side to `shorter` pixels and keeps the proportions; the longer side is rounded down,
 * as torchvision's Resize does.
 *
 * @param shorter - ≥ 1. Default 256, the article's
 */
export function resizeShorter(shorter = 256): Transform {
  wholeNumber('shorter', shorter, 1);
  return (image) => {
    const { width, height } = image;
    const longer = Math.floor((shorter * Math.max(width, height)) / Math.min(width, height));
    return resized(
      image,
      width <= height ? { width: shorter, height: longer } : { width: longer, height: shorter },
    );
  };
}

/** Resizes to exactly this size, whatever the proportions were. */
export function resizeTo(size: Size): Transform {
  wholeNumber('size.width', size.width, 1);
  wholeNumber('size.height', size.height, 1);
  return (image) => resized(image, size);
}
