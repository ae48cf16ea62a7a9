/**
 * Crops: a given rectangle, the centre, or a random one resized.
 *
 * @module
 */
import { described, outOfRange } from '../../../spec/errors.js';
import { wholeNumber } from '../checks.js';
import { type Image, type Size, shapeOf } from '../image.js';
import { drawBelow, type Random } from '../random.js';
import { resized } from './resize.js';
import type { Transform } from './transform.js';

/** A rectangle in an image: its upper left pixel and its size. */
export interface Rectangle extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * The part of an image in a rectangle.
 *
 * @throws InputRangeError - a rectangle that is not inside the image
 */
export function cropped(image: Image, { left, top, width, height }: Rectangle): Image {
  if (left < 0 || top < 0 || left + width > image.width || top + height > image.height)
    outOfRange('wrong-shape', 'image', `at least ${width}×${height}`, described(shapeOf(image)));
  const { channels, data } = image;
  const Numbers = data instanceof Uint8Array ? Uint8Array : Float32Array;
  const part = new Numbers(width * height * channels);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * image.width + left) * channels;
    part.set(data.subarray(from, from + width * channels), y * width * channels);
  }
  return { width, height, channels, data: part };
}

/**
 * The square in the middle of an image; half a pixel up and left if it cannot be centred.
 *
 * @param size - side in pixels. Default 224, the article's
 * @throws InputRangeError - on an image that is smaller: nothing is padded
 */
export function centreCrop(size = 224): Transform {
  wholeNumber('size', size, 1);
  return (image) => cropped(image, middle(image, size, size));
}

/** What {@link randomResizedCrop} takes. */
export interface RandomResizedCropOptions {
  /** Least and greatest share of the image's area. Default 0.08 and 1, torchvision's. */
  readonly scale?: readonly [number, number];
  /** Least and greatest width over height. Default 3/4 and 4/3, torchvision's. */
  readonly ratio?: readonly [number, number];
}

/** Rectangles that are drawn before the middle is taken, as torchvision does. */
const ATTEMPTS = 10;

/**
 * A random part of the image, resized to a square: torchvision's RandomResizedCrop, with the ratio drawn
 * uniformly in its logarithm.
 *
 * @param size - side in pixels. Default 224, the article's
 * @throws InputRangeError - limits that are out of order or out of range
 */
export function randomResizedCrop(size = 224, options: RandomResizedCropOptions = {}): Transform {
  wholeNumber('size', size, 1);
  const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3] } = options;
  checkLimits('scale', scale, 1);
  checkLimits('ratio', ratio, Number.MAX_VALUE);
  return (image, random) =>
    resized(cropped(image, drawRectangle(image, random, scale, ratio)), { width: size, height: size });
}

/** A random rectangle within limits of area and ratio; the middle of the image if none is found. */
export function drawRectangle(
  { width: w, height: h }: Size,
  random: Random,
  [least, most]: readonly [number, number],
  [narrow, wide]: readonly [number, number],
): Rectangle {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = w * h * (least + (most - least) * random());
    const ratio = Math.exp(Math.log(narrow) + Math.log(wide / narrow) * random());
    const width = Math.round(Math.sqrt(area * ratio));
    const height = Math.round(Math.sqrt(area / ratio));
    if (width < 1 || height < 1 || width > w || height > h) continue;
    return { width, height, left: drawBelow(random, w - width + 1), top: drawBelow(random, h - height + 1) };
  }
  // the largest rectangle in the middle that the ratios allow
  const size = { width: w, height: h };
  if (w / h < narrow) return middle(size, w, Math.max(1, Math.min(h, Math.round(w / narrow))));
  if (w / h > wide) return middle(size, Math.max(1, Math.min(w, Math.round(h * wide))), h);
  return middle(size, w, h);
}

function middle(image: Size, width: number, height: number): Rectangle {
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  return { left, top, width, height };
}

function checkLimits(where: string, limits: readonly [number, number], most: number): void {
  const [low, high] = limits;
  if (!(low > 0 && low <= high && high <= most))
    outOfRange('option-out-of-range', where, `0 < least ≤ greatest${most === 1 ? ' ≤ 1' : ''}`, limits);
}
