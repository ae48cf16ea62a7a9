/**
 * A batch's labels, scores and features as tensors, in the form in which training has them.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import ndarray, { type NdArray } from 'ndarray';
import type { Batch } from '../../spec/contract.js';

/** The batch's scores, n×S, in float32. */
export function scoreTensor(batch: Batch): tf.Tensor2D {
  return tf.tensor2d(toFloat32(batch.scores), [batch.size, batch.scoreWidth]);
}

/** The batch's features: 1×n×d if they are shared, else J×n×d. Undefined if there are none. */
export function featureTensor({ features, size }: Batch): tf.Tensor3D | undefined {
  if (features === undefined) return undefined;
  const { matrices, width } = features;
  return tf.stack(matrices.map((matrix) => tf.tensor2d(toFloat32(matrix), [size, width]))) as tf.Tensor3D;
}

/** Labels as `Backend.tensorLoss` takes them: one-hot, or 0/1 with −1 for unlabelled. */
export function labelTensor(batch: Batch): tf.Tensor2D {
  const { size, encoding, membership, labelled, presence } = batch;
  if (encoding !== 'multi-label') return tf.tensor2d(toFloat32(membership), [size, batch.columns.length]);
  const labels = ndarray(new Float32Array(size * batch.scoreWidth), [size, batch.scoreWidth]);
  for (let i = 0; i < size; i++) {
    for (let l = 0; l < batch.scoreWidth; l++) {
      labels.set(i, l, labelled.get(i, l) === 0 ? -1 : membership.get(i, presence[l] as number));
    }
  }
  return tf.tensor2d(labels.data as Float32Array, [size, batch.scoreWidth]);
}

/** The numbers row by row, for any layout in memory. */
function toFloat32(a: NdArray): Float32Array {
  const [rows, columns] = a.shape as [number, number];
  return Float32Array.from({ length: rows * columns }, (_, at) =>
    a.get(Math.floor(at / columns), at % columns),
  );
}
