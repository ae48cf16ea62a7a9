/**
 * An image as plain numbers, without tensors or a decoder.
 *
 * @module
 */
import { outOfRange, wrongType } from '../../spec/errors.js';
import { wholeNumber } from './checks.js';

/** Width and height in pixels, both ≥ 1. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An image. Functions never change an image that they are given; they return a new one. */
export interface Image extends Size {
  /** Numbers per pixel, ≥ 1. */
  readonly channels: number;
  /** height·width·channels numbers, rows from the top, channels innermost: 0 to 255, or floats. */
  readonly data: Uint8Array | Float32Array;
}

/**
 * Checks that the numbers of an image fit its size.
 *
 * @returns the image itself
 * @throws InputTypeError, InputRangeError - naming the field that does not fit
 * @example
 * ```ts
 * import { createImage } from 'class-rectification/data';
 * createImage({ width: 2, height: 1, channels: 3, data: new Uint8Array(6) }).channels; // → 3
 * ```
 */
export function createImage(image: Image, where = 'image'): Image {
  if (typeof image !== 'object' || image === null)
    wrongType('wrong-type', where, 'an image: { width, height, channels, data }', image);
  const { width, height, channels, data } = image;
  for (const [name, value] of Object.entries({ width, height, channels }))
    wholeNumber(`${where}.${name}`, value, 1);
  if (!(data instanceof Uint8Array) && !(data instanceof Float32Array))
    wrongType('wrong-type', `${where}.data`, 'a Uint8Array or a Float32Array', typeof data);
  const wanted = width * height * channels;
  if (data.length !== wanted)
    outOfRange('wrong-shape', `${where}.data`, `${wanted} numbers (${shapeOf(image)})`, data.length);
  return image;
}

/** Width × height × channels, as errors print it. */
export function shapeOf({ width, height, channels }: Omit<Image, 'data'>): string {
  return `${width}×${height}×${channels}`;
}

/** A number of the image. The caller has checked that it is inside. */
export function pixel({ width, channels, data }: Image, x: number, y: number, channel: number): number {
  return data[(y * width + x) * channels + channel] as number;
}
