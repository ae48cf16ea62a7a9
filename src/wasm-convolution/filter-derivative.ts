/**
 * The derivative of a convolution with respect to its filter, as a convolution.
 *
 * dF[a] = Σ_i x[i·stride + a·dilation − before] · dy[i]. This is x convolved by dy, with the roles of stride and
 * dilation exchanged. Batch and channels are exchanged too, so that the sum runs over the batch.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Window } from './window.js';

/**
 * The filter's derivative of `conv2d`.
 *
 * @param x - n×H×W×C
 * @param dy - n×H'×W'×O
 * @returns height×width×C×O
 */
export function filterDerivative(x: tf.Tensor4D, dy: tf.Tensor4D, window: Window): tf.Tensor4D {
  const { stride, dilation, filter } = window;
  const channelsFirst = tf.transpose(x, [3, 1, 2, 0]); // C×H×W×n
  const asFilter = tf.transpose(dy, [1, 2, 0, 3]); // H'×W'×n×O
  const all = tf.conv2d(channelsFirst, asFilter, [...dilation], padding(window), 'NHWC', [...stride]);
  const taps = tf.slice(all, [0, 0, 0, 0], [-1, filter[0], filter[1], -1]);
  return tf.transpose(taps, [1, 2, 0, 3]);
}

/**
 * The filter's derivative of `depthwiseConv2d`. The channels of all samples are laid side by side, each is
 * convolved by its own dy, and the results are summed over samples.
 *
 * @param x - n×H×W×C
 * @param dy - n×H'×W'×CM
 * @returns height×width×C×M
 */
export function depthwiseFilterDerivative(x: tf.Tensor4D, dy: tf.Tensor4D, window: Window): tf.Tensor4D {
  const { stride, dilation, input, output, filter } = window;
  const [n, C] = [x.shape[0], x.shape[3]];
  const M = dy.shape[3] / C;
  const sideBySide = tf.reshape(tf.transpose(x, [1, 2, 0, 3]), [1, ...input, n * C]);
  const asFilter = tf.reshape(tf.transpose(dy, [1, 2, 0, 3]), [...output, n * C, M]);
  const all = tf.depthwiseConv2d(
    sideBySide as tf.Tensor4D,
    asFilter as tf.Tensor4D,
    [...dilation],
    padding(window),
    'NHWC',
    [...stride],
  );
  const taps = tf.slice(all, [0, 0, 0, 0], [-1, filter[0], filter[1], -1]);
  return tf.reshape(tf.sum(tf.reshape(taps, [...filter, n, C * M]), 2), [...filter, C, M]);
}

/**
 * Pads x with zeros up to the last tap of the last window. Where the windows end before x does (a stride may
 * leave a remainder), the convolution gives more places than there are taps; the caller cuts them off.
 */
function padding({
  stride,
  dilation,
  before,
  input,
  filter,
  output,
}: Window): tf.backend_util.ExplicitPadding {
  const [height, width] = ([0, 1] as const).map((axis): [number, number] => {
    const reach = (output[axis] - 1) * stride[axis] + (filter[axis] - 1) * dilation[axis] + 1;
    return [before[axis], Math.max(0, reach - input[axis] - before[axis])];
  }) as [[number, number], [number, number]];
  return [[0, 0], height, width, [0, 0]];
}
