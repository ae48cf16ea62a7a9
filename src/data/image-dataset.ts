/**
 * Images in batches, in another order each epoch, for `model.fitDataset` and for your own loop.
 *
 * @module
 */

import type { Dataset } from '@tensorflow/tfjs-data';
import { importOptional, rethrow } from '../../backends/optional-package.js';
import { described } from '../../spec/errors.js';
import { type Batch, batchOf, batchTensors, type Sample, type TensorBatch } from './batch.js';
import { wholeNumber } from './checks.js';
import { type ImageDatasetOptions, readDatasetOptions } from './dataset-options.js';
import { epochSamples } from './epoch-samples.js';
import { type DataError, dataError } from './errors.js';
import type { ImageSource } from './sources/source.js';

/** Images in batches. */
export interface ImageDataset {
  /**
   * An epoch as plain numbers.
   *
   * @param epoch - from 0; the same epoch always has the same batches
   * @throws DataError - a bad image (without `skipBad`), in its turn; `images-missing` if all are bad
   */
  readonly batches: (epoch: number) => AsyncGenerator<Batch, void, void>;
  /**
   * An epoch as tensors. A batch is disposed of when the next one is requested and when the loop is left:
   * `clone` what you keep.
   */
  readonly epoch: (epoch: number) => AsyncGenerator<TensorBatch, void, void>;
  /**
   * The epochs as a tf.data.Dataset of `{ xs, ys }`, for `model.fitDataset`. It begins with `epoch` (default
   * 0) and advances by one each time it is iterated. The consumer disposes of the tensors, as `fitDataset`
   * does. Images are already prefetched; the `prefetch` of tf.data would leave tensors behind.
   *
   * @throws PackageMissingError - without `@tensorflow/tfjs-data`
   */
  readonly toTfData: (epoch?: number) => Promise<TfDataset>;
  /** The bad images so far, each once. */
  readonly skipped: readonly DataError[];
}

/** What `fitDataset` takes. */
export type TfDataset = Dataset<Pick<TensorBatch, 'xs' | 'ys'>>;

/**
 * Makes batches of a source. At most `(prefetch + 2)·batchSize + concurrency` transformed images are in memory,
 * and the tensors of one batch.
 *
 * The next image in the order of the epoch replaces a skipped one, so that batches keep their size
 * and only the last may be smaller. The records of the source still list skipped images: count classes after
 * {@link withoutBadImages}.
 *
 * @throws InputTypeError, InputRangeError - a bad option, a source without an image
 * @example
 * ```ts
 * import { arrayImages, imageDataset, toFloat } from 'class-rectification/data';
 *
 * const size = { width: 1, height: 1 };
 * const source = arrayImages({ size, channels: 1, pixels: Uint8Array.of(0, 51, 255), labels: [0, 1, 1] });
 * const data = imageDataset(source, { batchSize: 2, transform: toFloat(), seed: 7 });
 * const sizes = [];
 * for await (const { xs } of data.epoch(0)) sizes.push(xs.shape);
 * sizes; // → [[2, 1, 1, 1], [1, 1, 1, 1]]
 * ```
 */
export function imageDataset(source: ImageSource, options: ImageDatasetOptions): ImageDataset {
  const settings = readDatasetOptions(source, options);
  const { batchSize, dropLast } = settings;
  const { samples, bad } = epochSamples(source, settings);

  async function* batches(epoch: number): AsyncGenerator<Batch, void, void> {
    wholeNumber('epoch', epoch, 0);
    let full = 0;
    let waiting: Sample[] = [];
    for await (const sample of samples(epoch)) {
      waiting.push(sample);
      if (waiting.length < batchSize) continue;
      const batch = batchOf(waiting, source.classes.length);
      waiting = []; // frees them while the batch is trained on
      full += 1;
      yield batch;
    }
    if (waiting.length > 0 && !dropLast) yield batchOf(waiting, source.classes.length);
    else if (full === 0) throw noneGood();
  }

  function noneGood(): DataError {
    const [first] = bad.values() as Iterable<DataError>;
    const expected = `at least ${dropLast ? batchSize : 1} good of ${source.records.length} images`;
    const got = `${bad.size} bad, first: ${first?.message}`;
    return dataError({
      code: 'images-missing',
      file: first?.file ?? 'images',
      expected,
      got: described(got),
    });
  }

  async function* epochTensors(epoch: number): AsyncGenerator<TensorBatch, void, void> {
    for await (const batch of batches(epoch)) {
      const tensors = batchTensors(batch);
      try {
        yield tensors;
      } finally {
        tensors.xs.dispose();
        tensors.ys.dispose();
      }
    }
  }

  async function toTfData(from = 0): Promise<TfDataset> {
    const { generator } = await importOptional('@tensorflow/tfjs-data', () =>
      import('@tensorflow/tfjs-data').catch(rethrow),
    );
    let epoch = wholeNumber('epoch', from, 0);
    return generator<Pick<TensorBatch, 'xs' | 'ys'>>(async function* () {
      // counted at the first pull: fitDataset requests one iterator more than it uses
      for await (const batch of batches(epoch++)) {
        const { xs, ys } = batchTensors(batch);
        yield { xs, ys };
      }
    });
  }

  return {
    batches,
    epoch: epochTensors,
    toTfData,
    get skipped() {
      return [...bad.values()];
    },
  };
}
