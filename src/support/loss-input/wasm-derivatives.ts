/**
 * What tfjs's engine `wasm` says when a convolution is differentiated without its kernels.
 *
 * The derivative is asked for after the loss has returned, by whatever called `minimize` or `fit`, so no
 * loss can catch tfjs's error (`Kernel 'Conv2DBackpropFilter' not registered for backend 'wasm'`). In the
 * place of each kernel that is missing stands one that throws an error with the remedy.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { CannotTrainError } from '../cannot-train-error.js';

/** Kernels that `class-rectification/wasm-convolution` brings and tfjs 4.22 lacks. */
const MISSING = [
  tf.Conv2DBackpropFilter,
  tf.DepthwiseConv2dNativeBackpropFilter,
  tf.DepthwiseConv2dNativeBackpropInput,
];

const standIns = new WeakSet<tf.KernelFunc>();

/** Whether a kernel only says that it is missing, so that the right one may replace it. */
export function isStandIn({ kernelFunc }: Pick<tf.KernelConfig, 'kernelFunc'>): boolean {
  return standIns.has(kernelFunc);
}

/** Registers the kernels that say what is missing, where nothing is registered. */
export function explainMissingKernels(): void {
  for (const kernelName of MISSING) {
    if (tf.getKernel(kernelName, 'wasm') !== undefined) continue;
    const kernelFunc = () => {
      throw new CannotTrainError(
        `the engine wasm has no kernel ${kernelName}, so this model's convolutions cannot train on it: ` +
          "import 'class-rectification/wasm-convolution', which brings it, or take another engine",
      );
    };
    standIns.add(kernelFunc);
    tf.registerKernel({ kernelName, backendName: 'wasm', kernelFunc });
  }
}
