/**
 * Makes a loss NaN where a score is not finite, on engines that may lose NaN on the way.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * The loss or losses, or NaN if a score is not finite (ruling: probabilities).
 *
 * Shading languages let compilers assume that there is no NaN, so that `max(NaN, x)` may be anything. On a
 * GPU the bits of the scores are therefore checked; on other engines NaN reaches the loss by arithmetic.
 */
export function nanUnlessFinite<R extends tf.Rank>(scores: tf.Tensor2D, loss: tf.Tensor<R>): tf.Tensor<R> {
  if (!['webgpu', 'webgl'].includes(tf.getBackend())) return loss;
  return tf.where(tf.all(tf.isFinite(scores)), loss as tf.Tensor, Number.NaN) as tf.Tensor<R>;
}
