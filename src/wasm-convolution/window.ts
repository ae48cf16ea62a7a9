/**
 * The positions of the windows of a convolution.
 *
 * Along an axis, output i multiplies tap a of the filter with input i·stride + a·dilation − before. All four
 * derivatives follow from this.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { outOfRange } from '../../spec/errors.js';

/** One number per spatial axis: height, width. */
export type Pair = readonly [number, number];

/** The windows of a convolution of n×H×W×channels, `NHWC`. */
export interface Window {
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Zeros above and to the left of the input. */
  readonly before: Pair;
  /** H, W. */
  readonly input: Pair;
  /** Taps of the filter. */
  readonly filter: Pair;
  readonly output: Pair;
}

/** What tfjs's convolution kernels receive besides tensors. */
export interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
}

/**
 * The windows as tfjs itself places them.
 *
 * @param filter - height×width×inputs×outputs (depthwise: ×multiplier)
 * @throws InputRangeError - on NCHW, which `wasm` cannot convolve either
 */
export function windowOf(
  input: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode, dataFormat = 'NHWC' }: ConvolutionAttributes,
): Window {
  if (dataFormat !== 'NHWC') outOfRange('option-out-of-range', 'dataFormat', 'NHWC', dataFormat);
  const info = tf.backend_util.computeConv2DInfo(
    input as [number, number, number, number],
    filter as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  return {
    stride: [info.strideHeight, info.strideWidth],
    dilation: [info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.top, info.padInfo.left],
    input: [info.inHeight, info.inWidth],
    filter: [info.filterHeight, info.filterWidth],
    output: [info.outHeight, info.outWidth],
  };
}
