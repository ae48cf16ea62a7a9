/**
 * Loads every image once before the first step, so that a broken test image does not stop a run after its last
 * epoch.
 *
 * @module
 */

import { createHash } from 'node:crypto';
import { DataError, isDataError, together } from '../../data/errors.js';
import type { Image } from '../../data/image.js';
import { inOrder } from '../../data/in-order.js';
import { forgottenBits, type SixteenBitUse } from '../../data/sources/sixteen-bits.js';
import type { ImageRecord, ImageSource } from '../../data/sources/source.js';

/** The sets of a training. */
export interface ImageSets {
  readonly training: ImageSource;
  readonly validation: ImageSource;
  readonly test?: ImageSource;
}

/** Progress of a check. */
export interface CheckHooks {
  /** Called with 0 before the first image, then after every image. */
  readonly onProgress?: ((checked: number, images: number) => void | Promise<void>) | undefined;
}

/** Images decoded at once: the size of Node's thread pool. */
const CONCURRENCY = 4;

/** The images of some sources that can be used, and the errors of the others. */
export interface CheckedImages {
  /** Indices of the images that load, by set. */
  readonly good: ReadonlyMap<ImageSource, readonly number[]>;
  /** In the order of sets and records. */
  readonly bad: readonly DataError[];
}

/** The images that were loaded, as digests (SHA-1) of their pixels. */
export type PixelDigests = Map<ImageRecord, string>;

/**
 * Loads every image of some sources once.
 *
 * @param digests - filled with those of the images that load
 * @throws any error that is not a DataError, since it is not a fault of an image
 */
export async function loadEach(
  sources: readonly ImageSource[],
  { onProgress }: CheckHooks = {},
  digests?: PixelDigests,
): Promise<CheckedImages> {
  const all = sources.flatMap((source) => [...source.records.keys()].map((at) => ({ source, at })));
  const good = new Map(sources.map((source): [ImageSource, number[]] => [source, []]));
  const bad: DataError[] = [];
  let checked = 0;
  await onProgress?.(0, all.length);
  const load = async ({ source, at }: { source: ImageSource; at: number }) => {
    try {
      const image = await source.load(at);
      digests?.set(source.records[at] as ImageRecord, digestOf(image));
      return { source, at };
    } catch (error) {
      if (isDataError(error)) return error;
      throw error;
    }
  };
  for await (const found of inOrder(all, load, { concurrency: CONCURRENCY, ahead: 2 * CONCURRENCY })) {
    if (isDataError(found)) bad.push(found);
    else good.get(found.source)?.push(found.at);
    checked += 1;
    await onProgress?.(checked, all.length);
  }
  return { good, bad };
}

/**
 * Loads every image of all sets once: those of the test set too, which training looks at last.
 *
 * @throws DataError - `images-bad`, which lists all images that cannot be used; `image-wrong-depth` where files
 * of 16 bits use so few of them that next to nothing would be left
 */
export async function checkImages(
  { training, validation, test }: ImageSets,
  hooks: CheckHooks = {},
  digests?: PixelDigests,
): Promise<void> {
  const sources = [training, validation, ...(test ? [test] : [])];
  const { bad } = await loadEach(sources, hooks, digests);
  const images = sources.reduce((sum, { records }) => sum + records.length, 0);
  if (bad.length > 0) throw together(bad, 'images-bad', `${images} images`, 'images that can be used');
  refuseForgottenBits(sources);
}

function digestOf({ width, height, data }: Image): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash('sha1').update(`${width}×${height} `).update(bytes).digest('base64');
}

/** Refuses 12 bits in files of 16: only 16 grey values would be left. */
export function refuseForgottenBits(sources: readonly ImageSource[]): void {
  for (const { sixteenBits, records } of sources) {
    const needed = sixteenBits && forgottenBits(sixteenBits, sixteenBits.bits);
    if (needed === undefined) continue;
    const { files, largest } = sixteenBits as SixteenBitUse;
    throw new DataError({
      code: 'image-wrong-depth',
      file: records[0]?.file ?? 'images',
      expected: 'numbers that use 16 bits',
      got: `none above ${largest} in ${files} files`,
      hint: `Of 256 grey values ${2 ** (needed - 8)} or fewer would be left. The option bits (data.bits) says how many bits are used: ${needed}.`,
    });
  }
}
