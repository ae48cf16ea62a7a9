/**
 * A batch's labels, scores and features as arrays of jax-js.
 *
 * @module
 */
import { numpy as np } from '@jax-js/jax';
import type { Batch } from '../../spec/contract.js';
import { featureArrays, labelArray, scoreArray } from '../padded/batch-arrays.js';
import type { PaddedLists } from '../padded/hard-samples.js';
import { counted } from './live-arrays.js';
import type { JaxArray } from './operations.js';

/** A batch as arrays. */
export type BatchArrays = {
  /** n×S, as `Backend.tensorLoss` takes them. */
  labels: JaxArray;
  /** n×S. At instance level there may be none: they are NaN then. */
  scores: JaxArray;
  /** n×d if all attributes share them, else J×n×d. */
  features?: JaxArray;
};

/** The specification's hard samples as arrays: lists of samples, and which of their places are taken. */
export type HardArrays = {
  positives: { index: JaxArray; valid: JaxArray };
  negatives: { index: JaxArray; valid: JaxArray };
};

/** The lists of both sides. @param rows - the axes before that of the lists: G×n, or C */
export function hardArrays(
  { positives, negatives }: Record<'positives' | 'negatives', PaddedLists>,
  rows: number[],
): HardArrays {
  const side = ({ k, index, valid }: PaddedLists) => ({
    index: counted(np.array(index as never, { shape: [...rows, k] })),
    valid: counted(np.array(valid as never, { shape: [...rows, k] })),
  });
  return { positives: side(positives), negatives: side(negatives) };
}

/** The batch's numbers. */
export function arraysOf(batch: Batch): BatchArrays {
  const { size, scoreWidth, features } = batch;
  const shape = [size, scoreWidth];
  return {
    labels: counted(np.array(labelArray(batch) as never, { shape })),
    scores: counted(np.array(scoreArray(batch) as never, { shape })),
    ...(features ? { features: featuresOf(features, featureArrays(batch), size) } : {}),
  };
}

function featuresOf(
  { width, perAttribute }: NonNullable<Batch['features']>,
  matrices: readonly Float32Array[],
  size: number,
): JaxArray {
  const flat = new Float32Array(matrices.length * size * width);
  matrices.forEach((matrix, at) => {
    flat.set(matrix, at * size * width);
  });
  return counted(np.array(flat, { shape: perAttribute ? [matrices.length, size, width] : [size, width] }));
}
