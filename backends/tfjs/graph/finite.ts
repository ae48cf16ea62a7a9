/**
 * Makes a loss NaN where a score or feature is not finite, and NaN or infinity may be lost on the way.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/**
 * The loss or losses, or NaN if a score or feature is not finite (rulings: probabilities, non-finite features).
 *
 * A NaN of the scores reaches the loss by arithmetic, except on a GPU. One of the features may not, since a sample
 * that is not mined has no share in the loss.
 */
export function nanUnlessFinite<R extends tf.Rank>(
  scores: tf.Tensor2D,
  features: tf.Tensor3D | undefined,
  loss: tf.Tensor<R>,
): tf.Tensor<R> {
  const given = [...(losesNan() ? [scores] : []), ...(features ? [features] : [])];
  return given.reduce((checked, numbers) => nanUnlessAllFinite(numbers, checked), loss);
}

/** The same tensor, or NaN in its place if one of the numbers is NaN or infinite. */
export function nanUnlessAllFinite<R extends tf.Rank>(numbers: tf.Tensor, loss: tf.Tensor<R>): tf.Tensor<R> {
  if (losesNan())
    return tf.where(tf.all(tf.isFinite(numbers)), loss as tf.Tensor, Number.NaN) as tf.Tensor<R>;
  return tf.add(loss, tf.sum(tf.mul(numbers, 0))); // 0·x is 0, and NaN if x is not finite
}

/**
 * Whether NaN may be lost in arithmetic. Shading languages let compilers assume that there is no NaN, so that
 * `max(NaN, x)` may be anything. On a GPU the bits of numbers are therefore checked.
 */
function losesNan(): boolean {
  return ['webgpu', 'webgl'].includes(tf.getBackend());
}
