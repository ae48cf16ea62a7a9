/**
 * The batches of an epoch: decided by seed and epoch alone, so that a run can be resumed at any of them.
 *
 * @module
 */
import type { TensorBatch } from '../data/batch.js';
import { imageDataset } from '../data/image-dataset.js';
import { singleLabels } from '../data/label-rows.js';
import { drawBelow, drawOrder, keyedRandom } from '../data/random.js';
import { type ImageSource, subset } from '../data/sources/source.js';
import { classAwareBatches } from '../rivals/index.js';
import type { TrainConfig } from './config/config.js';
import type { TrainData } from './data/load-data.js';

/** Batches to train on. */
export interface TrainBatches {
  /** Steps per epoch: a last, smaller batch is left out, since CRL's minorities depend on a batch's size. */
  readonly steps: number;
  /**
   * The batches of an epoch.
   *
   * @param epoch - from 0
   * @param from - index of the first batch; the images of earlier ones are not loaded. Default 0
   */
  readonly epoch: (epoch: number, from?: number) => AsyncGenerator<TensorBatch, void, void>;
}

/** Batches of the training set, by the sampling that the config asks for. */
export function trainingBatches(
  { training, chains, encoding }: Pick<TrainData, 'training' | 'chains' | 'encoding'>,
  { sampling, batchSize, seed }: Pick<TrainConfig, 'sampling' | 'batchSize' | 'seed'>,
): TrainBatches {
  const steps = Math.max(1, Math.floor(training.records.length / batchSize));
  /** Each image at most once. */
  const shuffled = (epoch: number): ImageSource => {
    const order = drawOrder([...training.records.keys()], keyedRandom(seed, 'order', epoch));
    return subset(training, order.slice(0, steps * batchSize));
  };
  const drawn =
    sampling.kind === 'plain'
      ? shuffled
      : classAware({ training, encoding }, sampling, { batchSize, seed, steps });
  return {
    steps,
    epoch: async function* (epoch, from = 0) {
      if (from >= steps) return;
      const all = drawn(epoch);
      const rest = subset(all, [...all.records.keys()].slice(from * batchSize));
      yield* imageDataset(rest, { batchSize, transform: chains.train, seed, shuffle: false }).epoch(epoch);
    },
  };
}

/** Images drawn by class: some come several times. */
function classAware(
  { training, encoding }: Pick<TrainData, 'training' | 'encoding'>,
  { by, perClass }: Extract<TrainConfig['sampling'], { readonly kind: 'class-aware' }>,
  { batchSize, seed, steps }: { readonly batchSize: number; readonly seed: number; readonly steps: number },
): (epoch: number) => ImageSource {
  const labels =
    encoding === 'categorical' && training.attributes === undefined
      ? singleLabels(training)
      : training.records.map((record) => record.labels);
  return (epoch) => {
    const drawn = drawBelow(keyedRandom(seed, 'class-aware', epoch), 2 ** 31);
    const batches = classAwareBatches(labels, { batchSize, by, perClass, seed: drawn });
    return withOwnIds(subset(training, Array.from({ length: steps }, () => batches.next().value).flat()));
  };
}

/** Gives each image its own id, which seeds its transforms: an image that comes twice is transformed in two ways. */
function withOwnIds(source: ImageSource): ImageSource {
  return {
    ...source,
    records: source.records.map((record, at) => ({ ...record, id: `${record.id}#${at}` })),
  };
}
