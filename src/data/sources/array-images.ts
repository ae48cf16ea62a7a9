/**
 * Images that are already in memory.
 *
 * @module
 */
import { described, outOfRange, refuseUnknownFields, wrongType } from '../../../spec/errors.js';
import { wholeNumber } from '../checks.js';
import { classNames } from '../class-names.js';
import { createImage, type Image, type Size } from '../image.js';
import type { ImageRecord, ImageSource } from './source.js';

/** What {@link arrayImages} takes. */
export interface ArrayImageOptions {
  /** Size of every image. */
  readonly size: Size;
  /** Numbers per pixel, ≥ 1. */
  readonly channels: number;
  /** n·height·width·channels numbers, image after image, channels innermost. */
  readonly pixels: Uint8Array | Float32Array;
  /** n class indices, or n lists of them. */
  readonly labels: readonly (number | readonly number[])[];
  /** Names of the classes or their number K. Default: one more than the largest label. */
  readonly classes?: readonly string[] | number;
  /** n ids, each once. Default: their positions. */
  readonly ids?: readonly string[];
}

const OPTIONS = ['size', 'channels', 'pixels', 'labels', 'classes', 'ids'];

/**
 * Images in one array, which is not copied.
 *
 * @throws InputTypeError, InputRangeError - naming the option that does not fit
 * @example
 * ```ts
 * import { arrayImages } from 'class-rectification/data';
 *
 * const pixels = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
 * const source = arrayImages({ size: { width: 2, height: 2 }, channels: 1, pixels, labels: [0, [0, 2]] });
 * source.classes; // → ['0', '1', '2']
 * Array.from((await source.load(1)).data); // → [5, 6, 7, 8]
 * ```
 */
export function arrayImages(options: ArrayImageOptions): ImageSource {
  refuseUnknownFields(options, OPTIONS);
  const { size, channels, pixels, labels, ids } = options;
  const rows = labels.map((given, i) => sortedLabels(given, `options.labels[${i}]`));
  if (rows.length === 0) outOfRange('empty-batch', 'options.labels', 'at least one image', described('none'));
  const largest = rows.flat().reduce((a, b) => Math.max(a, b), 0);
  const classes = classNames(options.classes ?? largest + 1);
  if (largest >= classes.length)
    outOfRange('label-out-of-range', 'options.labels', `class indices below ${classes.length}`, largest);
  if (ids && (ids.length !== rows.length || new Set(ids).size !== ids.length))
    outOfRange('wrong-shape', 'options.ids', `${rows.length} ids, each once`, ids);
  const { width, height } = size;
  // checked as one tall image
  createImage({ width, height: height * rows.length, channels, data: pixels }, 'options.pixels');
  const records: readonly ImageRecord[] = rows.map((its, i) => ({
    id: ids?.[i] ?? String(i),
    labels: its,
    file: `images[${i}]`,
  }));
  const length = width * height * channels;
  const load = async (at: number): Promise<Image> => ({
    width,
    height,
    channels,
    data: pixels.subarray(at * length, (at + 1) * length),
  });
  return { records, classes, load };
}

function sortedLabels(given: number | readonly number[], where: string): readonly number[] {
  if (typeof given !== 'number' && !Array.isArray(given))
    wrongType('wrong-type', where, 'a class index or a list of them', given);
  const its = typeof given === 'number' ? [given] : [...(given as readonly number[])];
  its.forEach((k, j) => {
    wholeNumber(`${where}[${j}]`, k, 0);
  });
  if (new Set(its).size < its.length) outOfRange('label-out-of-range', where, 'each label once', its);
  return its.sort((a, b) => a - b);
}
