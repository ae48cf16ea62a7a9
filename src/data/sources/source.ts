/**
 * Sources of images: all labels at once, the images one at a time.
 *
 * @module
 */
import { outOfRange } from '../../../spec/errors.js';
import { type DataError, isDataError } from '../errors.js';
import type { Image } from '../image.js';
import type { AttributeClasses } from '../label-names.js';
import type { SixteenBitUse } from './sixteen-bits.js';

/** What is known of an image before it is loaded. */
export interface ImageRecord {
  readonly id: string;
  /** Class indices, ascending, each once. */
  readonly labels: readonly number[];
  /** Its file, or a name in its place; errors name it. */
  readonly file: string;
  /** The file that links lead to: two records of one file are one image. */
  readonly realFile?: string;
  /** Where the label stands, such as `train.csv:17`. */
  readonly labelledAt?: string;
}

/** Images with their labels. */
export interface ImageSource {
  readonly records: readonly ImageRecord[];
  /** Names by class index. */
  readonly classes: readonly string[];
  /** If every image has one class of each of several attributes: these, in the order of their classes. */
  readonly attributes?: readonly AttributeClasses[];
  /** Files beside the folders of classes, which are not used. Files that systems leave behind are not listed. */
  readonly ignored?: readonly string[];
  /** How much of their range the 16-bit files that were loaded use. */
  readonly sixteenBits?: SixteenBitUse & { readonly bits: number };
  /**
   * Loads an image. A source keeps none of them.
   *
   * @param at - index into `records`
   * @throws DataError - an image that is missing, broken, or of a wrong size, naming its file
   */
  readonly load: (at: number) => Promise<Image>;
}

/**
 * Some images of a source, in the order given, such as a part of a split.
 *
 * @throws InputRangeError - an index outside the records
 * @example
 * ```ts
 * import { arrayImages, subset } from 'class-rectification/data';
 * const source = arrayImages({ size: { width: 2, height: 2 }, channels: 1, pixels: new Uint8Array(12), labels: [0, 1, 1] });
 * subset(source, [2, 0]).records.map(({ labels }) => labels[0]); // → [1, 0]
 * ```
 */
export function subset(source: ImageSource, indices: readonly number[]): ImageSource {
  const records = indices.map((at, i) => {
    const record = source.records[at];
    if (record === undefined)
      outOfRange('option-out-of-range', `indices[${i}]`, `0 to ${source.records.length - 1}`, at);
    return record;
  });
  return { ...source, records, load: (at) => source.load(indices[at] as number) };
}

/** A source without its bad images, and their errors. */
export interface CheckedSource {
  readonly source: ImageSource;
  /** In the order of the records. */
  readonly bad: readonly DataError[];
}

/**
 * Loads every image once, one after the other, and leaves out those that cannot be loaded, so that counts, Ω
 * and splits are those of the images that are used.
 *
 * @param onChecked - called after each image
 */
export async function withoutBadImages(source: ImageSource, onChecked?: () => void): Promise<CheckedSource> {
  const good: number[] = [];
  const bad: DataError[] = [];
  for (const at of source.records.keys()) {
    try {
      await source.load(at);
      good.push(at);
    } catch (error) {
      if (!isDataError(error)) throw error;
      bad.push(error);
    }
    onChecked?.();
  }
  return { source: subset(source, good), bad };
}
