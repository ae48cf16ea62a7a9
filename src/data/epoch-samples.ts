/**
 * The samples of an epoch in its order, and the bad images that were left out.
 *
 * @module
 */
import type { Sample } from './batch.js';
import type { DatasetSettings } from './dataset-options.js';
import type { DataError } from './errors.js';
import { inOrder } from './in-order.js';
import { CommonShape, loadSample } from './load-sample.js';
import { drawOrder, keyedRandom } from './random.js';
import type { ImageRecord, ImageSource } from './sources/source.js';

/** The epochs of a source, as samples. */
export interface EpochSamples {
  readonly samples: (epoch: number) => AsyncGenerator<Sample, void, void>;
  /** The bad images so far, by index; they are not tried again. */
  readonly bad: ReadonlyMap<number, DataError>;
}

/**
 * The order of an epoch depends on the seed and the epoch. What the transforms of an image draw depends on
 * these and its id: not on the other images, nor on how fast they are decoded.
 */
export function epochSamples(source: ImageSource, settings: DatasetSettings): EpochSamples {
  const { seed, shuffle, transform, skipBad, concurrency, prefetch, batchSize } = settings;
  const bounds = { concurrency, ahead: Math.max(prefetch * batchSize, concurrency) };
  const shape = new CommonShape(settings.shape);
  const bad = new Map<number, DataError>();

  async function* samples(epoch: number): AsyncGenerator<Sample, void, void> {
    const all = [...source.records.keys()];
    const order = shuffle ? drawOrder(all, keyedRandom(seed, 'order', epoch)) : all;
    const load = async (at: number) => {
      const random = keyedRandom(seed, 'image', epoch, (source.records[at] as ImageRecord).id);
      return { at, ...(await loadSample(source, at, transform, random)) };
    };
    const known = order.filter((at) => !bad.has(at));
    for await (const { at, ...loaded } of inOrder(known, load, bounds)) {
      const error = 'bad' in loaded ? loaded.bad : shape.refusal(loaded.sample.image, loaded.record);
      if ('sample' in loaded && error === undefined) yield loaded.sample;
      else if (!skipBad) throw error;
      else bad.set(at, error as DataError);
    }
  }
  return { samples, bad };
}
