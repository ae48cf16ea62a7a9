/**
 * Batch normalisation in training as one operation of TensorFlow, and its derivative as another. tfjs makes them of
 * forty operations, most of them over the whole input.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { runOperation } from './kernels.js';

/** A normalised batch, and what the moving averages are taken of. */
export interface Normalised {
  readonly value: tf.Tensor4D;
  /** Per channel. */
  readonly mean: tf.Tensor1D;
  /** Per channel: the mean of the squared differences from the mean, not divided by n − 1. */
  readonly variance: tf.Tensor1D;
}

/**
 * Normalises a batch over all but its last axis: scale·(x − mean)/√(variance + epsilon) + offset.
 *
 * @param x - n×H×W×C, float32
 * @param scale - C numbers
 * @param offset - C numbers
 */
export function normaliseBatch(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  epsilon: number,
): Normalised {
  let moments: tf.Tensor[] = [];
  const normalised = tf.customGrad((...given) => {
    const [input, factor, shift, save] = given as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      (tensors: tf.Tensor[]) => void,
    ];
    const none = tf.tensor1d([]); // in training, TensorFlow computes mean and variance itself
    const [value, mean, variance, first, second, third] = runOperation(
      'FusedBatchNormV3',
      { x: input, scale: factor, offset: shift, noMean: none, noVariance: none },
      { epsilon },
    ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    moments = [mean, variance].map((each) => tf.keep(tf.clone(each)));
    save([input, factor, first, second, third]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [savedX, savedScale, ...reserved] = saved as [tf.Tensor, tf.Tensor, ...tf.Tensor[]];
        const [one, two, three] = reserved as [tf.Tensor, tf.Tensor, tf.Tensor];
        return runOperation(
          'FusedBatchNormGradV3',
          { dy: dy as tf.Tensor, x: savedX, scale: savedScale, first: one, second: two, third: three },
          { epsilon },
        ).slice(0, 3);
      },
    };
  });
  const value = normalised(x, scale, offset) as tf.Tensor4D;
  const [mean, variance] = moments as [tf.Tensor1D, tf.Tensor1D];
  // TensorFlow gives the variance with n − 1 in its denominator, and tfjs keeps the other
  const n = x.size / scale.size;
  const population = tf.mul(variance, Math.max(1, n - 1) / n) as tf.Tensor1D;
  const copy = tf.clone(mean); // which belongs to the caller's tidy, as every other tensor does
  tf.dispose(moments);
  return { value, mean: copy, variance: population };
}

/** What is used of the layer of tfjs-layers. */
interface BatchNormalizationLayer {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma: Weight | null;
  readonly beta: Weight | null;
  readonly movingMean: Weight;
  readonly movingVariance: Weight;
  call(inputs: tf.Tensor | tf.Tensor[], options: { training?: boolean }): tf.Tensor | tf.Tensor[];
}

interface Weight {
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}

/**
 * Makes a class of layers normalise with {@link normaliseBatch} in training, on an engine and for inputs that it
 * is for; in all other cases it computes as before.
 *
 * @param layers - the prototype of tfjs's `BatchNormalization`
 */
export function normaliseWith(layers: object, isEngine: () => boolean): void {
  const prototype = layers as BatchNormalizationLayer;
  const before = prototype.call;
  prototype.call = function (this: BatchNormalizationLayer, inputs, options) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const { gamma, beta, axis } = this;
    const suits =
      options?.training === true &&
      isEngine() &&
      x?.rank === 4 &&
      x.dtype === 'float32' &&
      (axis === -1 || axis === 3) &&
      gamma != null &&
      beta != null;
    if (!suits) return before.call(this, inputs, options);
    return tf.tidy(() => {
      const { value, mean, variance } = normaliseBatch(
        x as tf.Tensor4D,
        gamma.read() as tf.Tensor1D,
        beta.read() as tf.Tensor1D,
        this.epsilon,
      );
      move(this.movingMean, mean, this.momentum);
      move(this.movingVariance, variance, this.momentum);
      return value;
    });
  };
}

/** As the layer of tfjs moves its averages. */
function move(average: Weight, value: tf.Tensor, momentum: number): void {
  tf.tidy(() => {
    const old = average.read();
    average.write(tf.sub(old, tf.mul(tf.sub(old, value), 1 - momentum)));
  });
}
