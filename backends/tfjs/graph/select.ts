/**
 * Chooses between two tensors, number by number.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * The first of two tensors where the mask is not 0, and the second elsewhere. All three have one shape. `tf.where`
 * says the same, but copies each of them to broadcast it: four operations instead of one.
 */
export function select<R extends tf.Rank>(
  mask: tf.Tensor<R>,
  chosen: tf.Tensor<R>,
  otherwise: tf.Tensor<R>,
): tf.Tensor<R> {
  const condition = mask.dtype === 'bool' ? mask : tf.cast(mask, 'bool');
  return tf.engine().runKernel(tf.Select, { condition, t: chosen, e: otherwise }) as tf.Tensor<R>;
}
