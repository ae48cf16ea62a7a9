/**
 * The derivative of a convolution with respect to its input, as a convolution.
 *
 * dx[h] = Σ_a dy[(h + before − a·dilation) / stride] · F[a], over those a for which the division leaves no
 * remainder. This is dy, with stride − 1 zeros after each place, convolved by the reversed filter.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Window } from './window.js';

/**
 * The input's derivative of `conv2d`.
 *
 * @param dy - n×H'×W'×O
 * @param filter - height×width×C×O
 * @returns n×H×W×C
 */
export function inputDerivative(dy: tf.Tensor4D, filter: tf.Tensor4D, window: Window): tf.Tensor4D {
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
  return tf.conv2d(spread(dy, window), turned, 1, 'valid', 'NHWC', [...window.dilation]);
}

/**
 * The input's derivative of `depthwiseConv2d`.
 *
 * @param dy - n×H'×W'×CM
 * @param filter - height×width×C×M
 * @returns n×H×W×C
 */
export function depthwiseInputDerivative(dy: tf.Tensor4D, filter: tf.Tensor4D, window: Window): tf.Tensor4D {
  const [height, width, C, M] = filter.shape;
  const turned = tf.reshape(tf.reverse(filter, [0, 1]), [height, width, C * M, 1]) as tf.Tensor4D;
  const each = tf.depthwiseConv2d(spread(dy, window), turned, 1, 'valid', 'NHWC', [...window.dilation]);
  if (M === 1) return each;
  return tf.reshape(tf.sum(tf.reshape(each, [-1, C, M]), 2), [dy.shape[0], ...window.input, C]);
}

/** dy with its zeros, cut or padded so that a `valid` convolution gives one place per place of x. */
function spread(dy: tf.Tensor4D, { stride, dilation, before, input, filter }: Window): tf.Tensor4D {
  const [n, H, W, channels] = dy.shape;
  const [down, right] = [H * stride[0], W * stride[1]];
  // zeros after a column are appended to its channels, zeros after a row to its columns
  const rows = tf.reshape(padEnd(dy, (stride[1] - 1) * channels), [n, H, right * channels]);
  const full = tf.reshape(padEnd(rows, (stride[0] - 1) * right * channels), [n, down, right, channels]);
  const [top, left] = ([0, 1] as const).map((axis) => (filter[axis] - 1) * dilation[axis] - before[axis]) as [
    number,
    number,
  ];
  const bottom = input[0] + before[0] - down;
  const end = input[1] + before[1] - right;
  const kept = tf.slice(
    full,
    [0, cut(top), cut(left), 0],
    [n, down - cut(top) - cut(bottom), right - cut(left) - cut(end), channels],
  );
  return tf.pad(kept, [
    [0, 0],
    [Math.max(0, top), Math.max(0, bottom)],
    [Math.max(0, left), Math.max(0, end)],
    [0, 0],
  ]) as tf.Tensor4D;
}

/** Appends zeros along the last axis. */
function padEnd<T extends tf.Tensor>(t: T, zeros: number): T {
  if (zeros === 0) return t;
  return tf.pad(
    t,
    t.shape.map((_, axis) => [0, axis === t.rank - 1 ? zeros : 0] as [number, number]),
  );
}

function cut(padding: number): number {
  return Math.max(0, -padding);
}
