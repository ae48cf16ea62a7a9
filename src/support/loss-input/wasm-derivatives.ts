/**
 * A helpful error where tfjs's engine `wasm` lacks the kernels that train a convolution.
 *
 * tfjs computes derivatives after the loss has returned, inside `minimize` or `fit`, so no loss can catch its
 * error (`Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'`). Each missing kernel is therefore
 * replaced by a stand-in that throws an error with the remedy.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { CannotTrainError } from '../cannot-train-error.js';

/** Kernels that tfjs 4.22 lacks and `class-rectification/wasm-convolution` adds. */
const MISSING = [
  tf.Conv2DBackpropFilter,
  tf.DepthwiseConv2dNativeBackpropFilter,
  tf.DepthwiseConv2dNativeBackpropInput,
];

const standIns = new WeakSet<tf.KernelFunc>();

/** Whether a kernel is a stand-in, so that the real one may replace it. */
export function isStandIn({ kernelFunc }: Pick<tf.KernelConfig, 'kernelFunc'>): boolean {
  return standIns.has(kernelFunc);
}

/** Registers a stand-in for each kernel that is missing. */
export function explainMissingKernels(): void {
  for (const kernelName of MISSING) {
    if (tf.getKernel(kernelName, 'wasm') !== undefined) continue;
    const kernelFunc = () => {
      throw new CannotTrainError(
        `the engine wasm has no kernel ${kernelName}, so this model's convolutions cannot be trained on it: ` +
          "import 'class-rectification/wasm-convolution', which adds it, or use another engine",
      );
    };
    standIns.add(kernelFunc);
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  }
}
