/**
 * Mean and standard deviation of the channels of a set: what `normalise` takes if ImageNet's do not fit.
 *
 * @module
 */
import { described, outOfRange } from '../../spec/errors.js';
import { shapeOf } from './image.js';
import { keyedRandom } from './random.js';
import type { ImageSource } from './sources/source.js';
import { toFloat } from './transforms/numbers.js';
import type { Transform } from './transforms/transform.js';

/** Mean and standard deviation, by channel. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  /** Standard deviation of the population, over all pixels of all images. */
  readonly deviation: readonly number[];
}

/**
 * Computes the mean and deviation of each channel in one pass, with one image in memory at a time.
 *
 * @param transform - applied to each image first. Default {@link toFloat}: numbers from 0 to 1
 * @throws DataError - a bad image; {@link withoutBadImages} leaves those out
 * @throws InputRangeError - an image with another number of channels than the first
 * @example
 * ```ts
 * import { arrayImages, channelStatistics } from 'class-rectification/data';
 *
 * const size = { width: 1, height: 1 };
 * const source = arrayImages({ size, channels: 1, pixels: Uint8Array.of(0, 255), labels: [0, 1] });
 * await channelStatistics(source); // → { mean: [0.5], deviation: [0.5] }
 * ```
 */
export async function channelStatistics(
  source: ImageSource,
  transform: Transform = toFloat(),
): Promise<ChannelStatistics> {
  const mean: number[] = [];
  const squares: number[] = [];
  let count = 0; // pixels
  for (const [at, { id }] of source.records.entries()) {
    const image = await transform(await source.load(at), keyedRandom('statistics', id));
    const { channels, data } = image;
    if (count === 0) for (let c = 0; c < channels; c++) mean[c] = squares[c] = 0;
    if (channels !== mean.length)
      outOfRange('wrong-shape', `image ${id}`, `${mean.length} channels`, described(shapeOf(image)));
    // Welford's algorithm: sums of squares of many pixels would cancel
    for (let i = 0; i < data.length; i += channels) {
      count += 1;
      for (let c = 0; c < channels; c++) {
        const off = (data[i + c] as number) - (mean[c] as number);
        (mean[c] as number) += off / count;
        (squares[c] as number) += off * ((data[i + c] as number) - (mean[c] as number));
      }
    }
  }
  if (count === 0) outOfRange('empty-batch', 'source', 'at least one image', described('none'));
  return { mean, deviation: squares.map((sum) => Math.sqrt(sum / count)) };
}
