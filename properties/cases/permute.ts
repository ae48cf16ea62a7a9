/**
 * Batches with their samples, and matrices with their rows or columns, in another order.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import type { Batch, Features } from '../../spec/index.js';
import { shuffled } from './shuffle.js';

/** A permutation of 0…n−1 drawn from a number: new place → old place. */
export function permutation(n: number, shuffle: number): number[] {
  return shuffled([...Array(n).keys()], shuffle);
}

/** The batch with sample `order[i]` in place i; of fewer samples, if `order` has fewer. */
export function permuteSamples(batch: Batch, order: readonly number[]): Batch {
  return {
    ...batch,
    size: order.length,
    membership: permuteRows(batch.membership, order) as Batch['membership'],
    labelled: permuteRows(batch.labelled, order) as Batch['labelled'],
    scores: permuteRows(batch.scores, order) as Batch['scores'],
    ...(batch.features
      ? {
          features: {
            ...batch.features,
            matrices: batch.features.matrices.map((m) => permuteRows(m, order) as Batch['scores']),
          },
        }
      : {}),
  };
}

/** Half of the samples, each twice: a batch of the same size with other class sizes. */
export function halfTwice(batch: Batch, shuffle: number): Batch {
  const order = permutation(batch.size, shuffle);
  return permuteSamples(
    batch,
    order.map((_, i) => order[i >> 1] as number),
  );
}

/** The batch with one sample, which is neither the first nor the last if there are others, replaced by the next. */
export function oneReplaced(batch: Batch, shuffle: number): Batch {
  const inner = Math.max(1, batch.size - 2);
  const place = Math.min(batch.size - 2, 1 + (shuffle % inner));
  return permuteSamples(
    batch,
    Array.from({ length: batch.size }, (_, i) => (i === place ? i + 1 : i)),
  );
}

/** The batch with the scores of its first few samples for all: no engine may rank equal rows of logits differently. */
export function withRepeatedScores(batch: Batch, rows: number): Batch {
  const order = Array.from({ length: batch.size }, (_, i) => i % rows);
  return { ...batch, scores: permuteRows(batch.scores, order) as Batch['scores'] };
}

/** The parts of a batch that change from one step of training to the next. */
export type BatchPart = 'labels' | 'scores' | 'features' | 'later-features';

/** The first batch with some parts of the second, which has as many samples and the same schema. */
export function withParts(batch: Batch, other: Batch, parts: readonly BatchPart[]): Batch {
  const { membership, labelled, scores, features } = other;
  return {
    ...batch,
    ...(parts.includes('labels') ? { membership, labelled } : {}),
    ...(parts.includes('scores') ? { scores } : {}),
    ...(parts.includes('features') && features ? { features } : {}),
    ...(parts.includes('later-features') && features ? { features: withFirstMatrix(features, batch) } : {}),
  };
}

/** Features of which the matrix of the first attribute is that of another batch, if there is one per attribute. */
function withFirstMatrix(features: Features, batch: Batch): Features {
  const [first] = batch.features?.matrices ?? [];
  if (first === undefined || !features.perAttribute || features.matrices.length === 1) return features;
  return { ...features, matrices: [first, ...features.matrices.slice(1)] };
}

/** Overwrites the numbers of a batch with those of another one, of as many samples and the same schema. */
export function refill(batch: Batch, other: Batch): void {
  for (const name of ['membership', 'labelled', 'scores'] as const) overwrite(batch[name], other[name]);
  batch.features?.matrices.forEach((matrix, j) => {
    overwrite(matrix, other.features?.matrices[j] as NdArray);
  });
}

function overwrite(array: NdArray, other: NdArray): void {
  const [n, width] = array.shape as [number, number];
  for (let i = 0; i < n; i++) for (let c = 0; c < width; c++) array.set(i, c, other.get(i, c));
}

/** The first samples only. */
export function firstSamples(batch: Batch, size: number): Batch {
  const { membership, labelled, scores, features } = batch;
  return {
    ...batch,
    size,
    membership: membership.hi(size),
    labelled: labelled.hi(size),
    scores: scores.hi(size),
    ...(features ? { features: { ...features, matrices: features.matrices.map((m) => m.hi(size)) } } : {}),
  };
}

/** The array with row `order[i]` in place i, and as many rows as `order` has. */
export function permuteRows(a: NdArray, order: readonly number[]): NdArray {
  return build(a, order.length, (i, c) => a.get(order[i] as number, c));
}

/** The array with column `order[c]` in place c. */
export function permuteColumns(a: NdArray, order: readonly number[]): NdArray {
  return build(a, a.shape[0] as number, (i, c) => a.get(i, order[c] as number));
}

function build(like: NdArray, n: number, at: (i: number, c: number) => number): NdArray {
  const width = like.shape[1] as number;
  const data = new (like.data.constructor as Float64ArrayConstructor)(n * width);
  const built = ndarray(data, [n, width]);
  for (let i = 0; i < n; i++) for (let c = 0; c < width; c++) built.set(i, c, at(i, c));
  return built;
}
