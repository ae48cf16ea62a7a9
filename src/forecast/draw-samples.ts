/**
 * Batches of sample indices, drawn with a seed.
 *
 * @module
 */

import { drawBelow, keyedRandom } from '../data/random.js';
import { classAwareBatches } from '../rivals/class-aware-batches.js';
import type { Lists, TrainingSet } from './training-set.js';

/** How batches are drawn. */
export type Sampler =
  | { readonly kind: 'plain' }
  | { readonly kind: 'class-aware'; readonly by: 'class' | 'sample'; readonly perClass: number };

/**
 * How many batches of a size can be drawn for some work. A unit of work is one sample; finding the minority
 * classes takes about as long as 30 samples for each class that is there.
 */
export function batchesFor(
  { schema }: TrainingSet,
  batchSize: number,
  work: number,
  least: number,
  most: number,
): number {
  const present = schema.attributes.reduce(
    (sum, { columns }) => sum + Math.min(batchSize, columns.length),
    0,
  );
  return Math.max(least, Math.min(most, Math.round(work / (batchSize + 30 * present))));
}

/** Draws one batch after the other. The indices are valid until the next batch is drawn. */
export type DrawBatch = () => ArrayLike<number>;

/** The batches that a sampler makes of a training set. */
export function drawnBatches(set: TrainingSet, sampler: Sampler, batchSize: number, seed: number): DrawBatch {
  if (sampler.kind === 'plain') {
    return shuffledStarts(set.size, batchSize, seed);
  }
  const { by, perClass } = sampler;
  const drawn = drawBelow(keyedRandom(seed, 'forecast', 'class-aware'), 2 ** 31);
  const batches = classAwareBatches(listed(set.members, set.size), { batchSize, by, perClass, seed: drawn });
  return () => batches.next().value;
}

/** The first samples of an epoch, which is shuffled anew each time. */
function shuffledStarts(size: number, count: number, seed: number): DrawBatch {
  const random = keyedRandom(seed, 'forecast', 'plain');
  const order = Int32Array.from({ length: size }, (_, i) => i);
  const start = order.subarray(0, count);
  return () => {
    for (let i = 0; i < count; i++) {
      const at = i + drawBelow(random, size - i);
      const other = order[at] as number;
      order[at] = order[i] as number;
      order[i] = other;
    }
    return start;
  };
}

function listed({ starts, values }: Lists, size: number): number[][] {
  return Array.from({ length: size }, (_, i) => [...values.subarray(starts[i], starts[i + 1])]);
}
