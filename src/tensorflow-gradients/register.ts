/**
 * Registers derivatives that TensorFlow has as one operation, where tfjs makes them of many.
 *
 * @module
 */
// what is wrapped must be registered first: tfjs registers gradients and makes the layers
import * as layers from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { normaliseWith } from './batch-normalisation.js';
import { registerOperations, runOperation, TENSORFLOW } from './kernels.js';

let registered = false;

/**
 * Makes the derivatives of `relu`, of a bias that is added, and of batch normalisation one operation each on the
 * engine `tensorflow`. They agree with tfjs's own but for the last digits of float32 sums.
 *
 * Importing `class-rectification/tensorflow-gradients` calls it; calling it again does nothing. No other engine is
 * changed. Where x is NaN or dy infinite, the derivative of `relu` is 0 for x ≤ 0 and for NaN, where tfjs gives NaN.
 */
export function registerTensorFlowGradients(): void {
  if (registered) return;
  registered = true;
  registerOperations();
  differentiate(tf.Relu, (dy, [x]) => {
    if (x?.dtype !== 'float32') return undefined;
    return { x: () => runOperation('ReluGrad', { dy, x })[0] as tf.Tensor };
  });
  differentiate(tf.Add, (dy, saved, own) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const derivatives = own();
    return {
      a: isBias(a, dy) ? () => biasDerivative(a, dy) : (derivatives.a as () => tf.Tensor),
      b: isBias(b, dy) ? () => biasDerivative(b, dy) : (derivatives.b as () => tf.Tensor),
    };
  });
  normaliseWith(Object.getPrototypeOf(layers.layers.batchNormalization()), isCurrent);
}

function isCurrent(): boolean {
  return tf.getBackend() === TENSORFLOW;
}

/** Whether a tensor is added to every row of the last axis, and nothing else. */
function isBias(x: tf.Tensor, dy: tf.Tensor): boolean {
  return (
    dy.dtype === 'float32' &&
    dy.rank > 1 &&
    x.size === dy.shape.at(-1) &&
    x.shape.at(-1) === x.size &&
    x.size < dy.size
  );
}

function biasDerivative(bias: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  return tf.reshape(runOperation('BiasAddGrad', { dy })[0] as tf.Tensor, bias.shape);
}

type Derivatives = Readonly<Record<string, () => tf.Tensor>>;

/** Wraps tfjs's own gradient, which still serves other engines and every case that `find` leaves to it. */
function differentiate(
  kernelName: string,
  find: (dy: tf.Tensor, saved: readonly tf.Tensor[], own: () => Derivatives) => Derivatives | undefined,
): void {
  const before = tf.getGradient(kernelName);
  tf.registerGradient({
    ...before,
    gradFunc(dy, saved, attrs) {
      const own = () => before.gradFunc(dy, saved, attrs) as Derivatives;
      return { ...((isCurrent() && find(dy as tf.Tensor, saved, own)) || own()) };
    },
  });
}
