/**
 * The sign of numbers, right on every engine.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** sign(x), right for every x: wasm's own `sign` calls everything nearer to 0 than about 1e-7 zero. */
export function signOf(x: tf.Tensor): tf.Tensor {
  return tf.sub(tf.cast(tf.greater(x, 0), 'float32'), tf.cast(tf.less(x, 0), 'float32'));
}
