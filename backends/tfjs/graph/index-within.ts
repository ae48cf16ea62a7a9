/**
 * Indices that are computed from numbers which may be NaN.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Numbers as indices of `count` places (int32), fractions cut off. NaN becomes some index: TensorFlow makes
 * −2³¹ of it, which its `gather` and `scatterND` refuse, and the message would name neither a sample nor a score.
 * What is computed beside the index stays NaN, and so does the loss.
 */
export function indexWithin<R extends tf.Rank>(numbers: tf.Tensor<R>, count: number): tf.Tensor<R> {
  const index = tf.cast(numbers, 'int32');
  return tf.minimum(tf.maximum(index, tf.scalar(0, 'int32')), tf.scalar(count - 1, 'int32'));
}
