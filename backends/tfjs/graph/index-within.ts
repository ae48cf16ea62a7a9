/**
 * Indices that are computed from numbers which may be NaN.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Numbers as indices into `count` places: int32, rounded towards 0. NaN becomes some valid index. TensorFlow casts
 * it to −2³¹, which its `gather` and `scatterND` refuse with a message that names neither sample nor score. Other
 * values that are computed from the NaN stay NaN, and so does the loss.
 */
export function indexWithin<R extends tf.Rank>(numbers: tf.Tensor<R>, count: number): tf.Tensor<R> {
  const index = tf.cast(numbers, 'int32');
  return tf.minimum(tf.maximum(index, tf.scalar(0, 'int32')), tf.scalar(count - 1, 'int32'));
}
