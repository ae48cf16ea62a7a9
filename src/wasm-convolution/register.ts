/**
 * Registers what `wasm` lacks for training a convolution.
 *
 * @module
 */
// what is wrapped or replaced must be registered first: tfjs registers gradients, its engine registers kernels
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { depthwiseFilterDerivative, filterDerivative } from './filter-derivative.js';
import { depthwiseInputDerivative, inputDerivative } from './input-derivative.js';
import { registerKernels } from './kernels.js';
import { type ConvolutionAttributes, windowOf } from './window.js';

let registered = false;

/**
 * Makes `conv2d`, `depthwiseConv2d`, their fused forms and everything made of them (`conv1d`, `separableConv2d`,
 * `conv2dTranspose`) differentiable on `wasm`, for any stride and padding, in `NHWC`.
 *
 * Importing `class-rectification/wasm-convolution` calls it; calling it again does nothing. On `wasm`, `conv2d` and
 * `depthwiseConv2d` become differentiable with a dilation too, which tfjs refuses on every other engine. A
 * `conv2d` layer with a dilation needs the activation `relu`: with any other, tfjs runs `fused.conv2d`, which
 * refuses dilations in a place that cannot be changed.
 *
 * @example
 * ```ts
 * import 'class-rectification/wasm-convolution';
 * import { loadEngine } from 'class-rectification/backends/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * await loadEngine('wasm');
 * const ofFilter = tf.grad((f: tf.Tensor4D) => tf.conv2d(tf.ones<tf.Rank.R4>([1, 2, 2, 1]), f, 1, 'same'));
 * Array.from(ofFilter(tf.ones([1, 2, 1, 1])).dataSync()); // → [4, 2]
 * ```
 */
export function registerConvolutionGradients(): void {
  if (registered) return;
  registered = true;
  registerKernels();
  differentiateDilated(tf.Conv2D, filterDerivative, inputDerivative);
  differentiateDilated(tf.DepthwiseConv2dNative, depthwiseFilterDerivative, depthwiseInputDerivative);
}

/** Wraps tfjs's own gradient, which still serves every case except a dilation on `wasm`. */
function differentiateDilated(
  kernelName: string,
  ofFilter: typeof filterDerivative,
  ofInput: typeof inputDerivative,
): void {
  const own = tf.getGradient(kernelName);
  tf.registerGradient({
    ...own,
    gradFunc(dy, saved, attrs) {
      const attributes = attrs as unknown as ConvolutionAttributes;
      const dilations = attributes.dilations ?? 1; // a depthwise layer without any gives null
      if (tf.getBackend() !== 'wasm' || [dilations].flat().every((d) => d === 1)) {
        return own.gradFunc(dy, saved, attrs);
      }
      const [x, filter] = saved as [tf.Tensor4D, tf.Tensor4D];
      const window = windowOf(x.shape, filter.shape, attributes);
      return {
        x: () => ofInput(dy as tf.Tensor4D, filter, window),
        filter: () => ofFilter(x, dy as tf.Tensor4D, window),
      };
    },
  });
}
