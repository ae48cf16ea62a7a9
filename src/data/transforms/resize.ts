/**
 * Resizing with sharp's linear kernel, which is widened when an image shrinks so that every pixel counts.
 *
 * @module
 */
import { outOfRange } from '../../../spec/errors.js';
import { wholeNumber } from '../checks.js';
import type { Image, Size } from '../image.js';
import { loadSharp, RESAMPLING } from '../sharp.js';
import { channelOf, combineChannels } from './channels.js';
import type { Transform } from './transform.js';

/**
 * The image at another size.
 *
 * Each channel is resized separately: sharp would take the fourth for opacity, and mix it into the others.
 *
 * @param image - of 8-bit numbers; or of floats from 0 to 1, which keep 16 bits of precision
 * @throws InputRangeError - for other floats: resize before `normalise`; PackageMissingError - without sharp
 */
export async function resized(image: Image, { width, height }: Size): Promise<Image> {
  if (image.width === width && image.height === height) return image;
  const planes: Image[] = [];
  for (let c = 0; c < image.channels; c++)
    planes.push(await resizedPlane(channelOf(image, c), width, height));
  return combineChannels(planes);
}

async function resizedPlane(plane: Image, width: number, height: number): Promise<Image> {
  const sharp = await loadSharp();
  const raw = { width: plane.width, height: plane.height, channels: 1 as const };
  if (plane.data instanceof Uint8Array) {
    const narrow = sharp(plane.data, { raw }).resize(width, height, RESAMPLING).toColourspace('b-w');
    return { width, height, channels: 1, data: new Uint8Array(await narrow.raw().toBuffer()) };
  }
  // sharp takes floats, and rounds them to whole numbers
  const wide = sharp(toSixteenBits(plane.data), { raw }).resize(width, height, RESAMPLING);
  const bytes = new Uint8Array(await wide.toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer());
  const data = Float32Array.from(new Uint16Array(bytes.buffer), (value) => value / LARGEST);
  return { width, height, channels: 1, data };
}

const LARGEST = 65_535;

function toSixteenBits(data: Float32Array): Uint16Array {
  return Uint16Array.from(data, (value) => {
    if (!(value >= 0 && value <= 1))
      outOfRange(
        'option-out-of-range',
        'image.data',
        'numbers from 0 to 1 (normalise comes after resizing)',
        value,
      );
    return Math.round(value * LARGEST);
  });
}

/**
 * Resizes the shorter side to `shorter` pixels and keeps the proportions. The longer side is rounded down, as
 * in torchvision's Resize.
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

/** Resizes to exactly this size, in any proportions. */
export function resizeTo(size: Size): Transform {
  wholeNumber('size.width', size.width, 1);
  wholeNumber('size.height', size.height, 1);
  return (image) => resized(image, size);
}
