/**
 * Scores that are not finite, on engines that may lose them on the way.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * A loss, or losses, but NaN if a score is not finite (ruling: probabilities).
 *
 * Shading languages let compilers assume that there is no NaN: `max(NaN, x)` may be anything. So a GPU
 * looks at the scores themselves, by their bits; on other engines NaN reaches the loss by arithmetic.
 */
export function nanUnlessFinite<R extends tf.Rank>(scores: tf.Tensor2D, loss: tf.Tensor<R>): tf.Tensor<R> {
  if (!['webgpu', 'webgl'].includes(tf.getBackend())) return loss;
  return tf.where(tf.all(tf.isFinite(scores)), loss as tf.Tensor, Number.NaN) as tf.Tensor<R>;
}
