/**
 * The batches of an epoch: decided by seed and epoch alone, so that a run can go on with any of them.
 *
 * @module
 */
import type { TensorBatch } from '../data/batch.js';
import { imageDataset } from '../data/image-dataset.js';
import { singleLabels } from '../data/label-rows.js';
import { drawBelow, keyedRandom } from '../data/random.js';
import { type ImageSource, subset } from '../data/sources/source.js';
import { classAwareBatches } from '../rivals/index.js';
import type { TrainConfig } from './config/config.js';
import type { TrainData } from './data/load-data.js';

/** Batches to train on. */
export interface TrainBatches {
  /** Steps an epoch: a last, smaller batch is left out, since CRL's minorities depend on a batch's size. */
  readonly steps: number;
  readonly epoch: (epoch: number) => AsyncGenerator<TensorBatch, void, void>;
}

/** Batches of the training set, by the sampling that the config asks for. */
export function trainingBatches(
  { training, chains, encoding }: Pick<TrainData, 'training' | 'chains' | 'encoding'>,
  { sampling, batchSize, seed }: Pick<TrainConfig, 'sampling' | 'batchSize' | 'seed'>,
): TrainBatches {
  const count = training.records.length;
  const steps = Math.max(1, Math.floor(count / batchSize));
  const options = { batchSize, transform: chains.train, seed };
  if (sampling.kind === 'plain') {
    const data = imageDataset(training, { ...options, dropLast: count >= batchSize });
    return { steps, epoch: data.epoch };
  }
  const { by, perClass } = sampling;
  const labels =
    encoding === 'categorical' ? singleLabels(training) : training.records.map((record) => record.labels);
  return {
    steps,
    epoch: (epoch) => {
      const drawn = drawBelow(keyedRandom(seed, 'class-aware', epoch), 2 ** 31);
      const batches = classAwareBatches(labels, { batchSize, by, perClass, seed: drawn });
      const indices = Array.from({ length: steps }, () => batches.next().value).flat();
      return imageDataset(drawnAnew(training, indices), { ...options, shuffle: false }).epoch(epoch);
    },
  };
}

/** Images that may come several times, each time with an id of its own, from which transforms draw. */
function drawnAnew(source: ImageSource, indices: readonly number[]): ImageSource {
  const drawn = subset(source, indices);
  return { ...drawn, records: drawn.records.map((record, at) => ({ ...record, id: `${record.id}#${at}` })) };
}
