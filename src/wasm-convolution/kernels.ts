/**
 * The derivatives as tfjs kernels of the engine `wasm`.
 *
 * They are kernels and not gradients, since tfjs's fused convolution (a layer without an activation, as before
 * a batch normalisation) calls these kernels directly and ignores registered gradients.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { isStandIn } from '../support/loss-input/wasm-derivatives.js';
import { depthwiseFilterDerivative, filterDerivative } from './filter-derivative.js';
import { depthwiseInputDerivative, inputDerivative } from './input-derivative.js';
import { maxPoolDerivative, type PoolingAttributes } from './max-pool-derivative.js';
import { type ConvolutionAttributes, windowOf } from './window.js';

type Shape = [number, number, number, number];
type Inputs = Record<'x' | 'dy' | 'filter' | 'input', tf.Tensor4D>;
type Kernel = (inputs: Inputs, attributes: KernelAttributes) => tf.Tensor4D;
interface KernelAttributes extends ConvolutionAttributes, PoolingAttributes {
  readonly strides: number | [number, number];
  readonly pad: ConvolutionAttributes['pad'];
  readonly filterShape: Shape;
  readonly inputShape: Shape;
}

const onFilter =
  (derivative: typeof filterDerivative): Kernel =>
  ({ x, dy }, attributes) =>
    derivative(x, dy, windowOf(x.shape, attributes.filterShape, attributes));

const onInput =
  (derivative: typeof inputDerivative): Kernel =>
  ({ dy, filter }, attributes) =>
    derivative(dy, filter, windowOf(attributes.inputShape, filter.shape, attributes));

const KERNELS: Record<string, Kernel> = {
  [tf.Conv2DBackpropFilter]: onFilter(filterDerivative),
  [tf.Conv2DBackpropInput]: onInput(inputDerivative),
  [tf.DepthwiseConv2dNativeBackpropFilter]: onFilter(depthwiseFilterDerivative),
  [tf.DepthwiseConv2dNativeBackpropInput]: onInput(depthwiseInputDerivative),
  [tf.MaxPoolGrad]: ({ input, dy }, attributes) => maxPoolDerivative(input, dy, attributes),
};

/**
 * Kernels that are replaced although `wasm` has them: the first is several times slower than a convolution that
 * gives the same bits, the second is wrong. If a later `wasm` has one of the others, its own is kept.
 */
const REPLACED: readonly string[] = [tf.Conv2DBackpropInput, tf.MaxPoolGrad];

/** Registers the kernels that `wasm` lacks, and replaces two that it has. */
export function registerKernels(): void {
  for (const [kernelName, kernel] of Object.entries(KERNELS)) {
    const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) =>
      tf.tidy(() => kernel(inputs as unknown as Inputs, attrs as unknown as KernelAttributes));
    const own = tf.getKernel(kernelName, 'wasm');
    if (own === undefined) tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
    // replaced in place: registering again warns, and tfjs 4.22 cannot unregister a kernel
    else if (REPLACED.includes(kernelName) || isStandIn(own)) own.kernelFunc = kernelFunc;
  }
}
