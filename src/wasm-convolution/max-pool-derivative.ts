/**
 * The derivative of max pooling: each dy goes to the largest input of its window. Of equal inputs the last gets
 * it, as on `wasm` itself; on `cpu` the first does.
 *
 * The kernel that `wasm` has loses the derivative of every window without a positive value, since it starts
 * its search at the smallest positive float (tfjs 4.22). `maxPoolWithArgmax`, which finds the place, does the
 * same, so here it gets positive numbers in the same order as the inputs.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** What tfjs's pooling kernels receive besides tensors. */
export interface PoolingAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
}

/**
 * The input's derivative of `maxPool`.
 *
 * @param x - n×H×W×C
 * @param dy - n×H'×W'×C
 * @returns n×H×W×C
 */
export function maxPoolDerivative(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  attributes: PoolingAttributes,
): tf.Tensor4D {
  const { filterSize, strides, pad } = attributes;
  const [, places] = tf.engine().runKernel(
    tf.MaxPoolWithArgmax,
    { x: positive(x) },
    { filterSize, strides, pad: pad as number, includeBatchInIndex: true }, // the places are indices into all of x
  ) as [tf.Tensor, tf.Tensor];
  const flat = tf.scatterND(tf.reshape(places, [-1, 1]), tf.reshape(dy, [-1]), [x.size]);
  return tf.reshape(flat, x.shape);
}

/**
 * Positive numbers in the order of x: above 1.5 for x > 0, and below it, by their reciprocals, for x < 0. The order
 * is exact, except that neighbouring negative floats may become equal, and so may numbers beyond 2⁻⁶² and 2⁶².
 */
function positive(x: tf.Tensor4D): tf.Tensor {
  const above = tf.mul(x, 2 ** 64);
  const below = tf.div(-(2 ** -63), x);
  return tf.where(
    tf.greater(x, 0),
    above,
    tf.where(tf.less(x, 0), below, tf.fill(x.shape, 1.5) as tf.Tensor4D),
  );
}
