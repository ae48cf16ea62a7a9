/**
 * The sign of numbers, correct on every engine.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** sign(x). tfjs's own `sign` does not serve: on wasm it is 0 for all |x| below about 1e-7. */
export function signOf(x: tf.Tensor): tf.Tensor {
  return tf.sub(tf.cast(tf.greater(x, 0), 'float32'), tf.cast(tf.less(x, 0), 'float32'));
}
