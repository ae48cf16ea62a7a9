/**
 * The derivative of max pooling: each dy goes to the largest input of its window, of equals to the last
 * (`wasm`'s own choice; `cpu` takes the first).
 *
 * `wasm` has a kernel of its own for it, and loses the derivative of every window without a positive
 * value: it looks for the largest from the smallest positive float on (tfjs 4.22). Its search for the
 * place, `maxPoolWithArgmax`, does so too, so it is given positive numbers in the inputs' order.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** What tfjs's pooling kernels get beside tensors. */
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
    { filterSize, strides, pad: pad as number, includeBatchInIndex: true }, // an index into all of x
  ) as [tf.Tensor, tf.Tensor];
  const flat = tf.scatterND(tf.reshape(places, [-1, 1]), tf.reshape(dy, [-1]), [x.size]);
  return tf.reshape(flat, x.shape);
}

/**
 * Positive numbers in the order of x: of x > 0 those above 1.5, of x < 0, by their reciprocals, those
 * below. Exact, but that neighbouring floats below 0 may fall together, as do all beyond 2⁻⁶² and 2⁶².
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
