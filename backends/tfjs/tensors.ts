/**
 * A batch's labels, scores and features as tensors, in the form in which training has them.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../spec/contract.js';
import { featureArrays, labelArray, scoreArray } from '../padded/batch-arrays.js';

/** The batch's scores, n×S, in float32. */
export function scoreTensor(batch: Batch): tf.Tensor2D {
  return tf.tensor2d(scoreArray(batch), [batch.size, batch.scoreWidth]);
}

/** The batch's features: 1×n×d if they are shared, else J×n×d. Undefined if there are none. */
export function featureTensor(batch: Batch): tf.Tensor3D | undefined {
  const { features, size } = batch;
  if (features === undefined) return undefined;
  const matrices = featureArrays(batch).map((matrix) => tf.tensor2d(matrix, [size, features.width]));
  return tf.stack(matrices) as tf.Tensor3D;
}

/** Labels as `Backend.tensorLoss` takes them: one-hot, or 0/1 with −1 for unlabelled. */
export function labelTensor(batch: Batch): tf.Tensor2D {
  return tf.tensor2d(labelArray(batch), [batch.size, batch.scoreWidth]);
}
