/**
 * Post-hoc corrections of a trained classifier: a new last layer, computed without training.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { described, outOfRange, readClassCounts, wrongType } from '../../spec/rules.js';
import { logOdds, logPriors } from './logit-adjustment.js';
import { readOption } from './read-option.js';
import { refuseUnknown } from './rival-loss.js';
import type { SeveralLabelsOption } from './several-labels.js';

/** The weights of a dense layer that gives the logits: z = x·kernel + bias. */
export interface LastLayer {
  /** d×K. */
  readonly kernel: tf.Tensor2D;
  /** K. Default: no bias. */
  readonly bias?: tf.Tensor1D;
}

/** What {@link priorAdjustedLayer} takes. */
export interface PriorAdjustmentOptions extends SeveralLabelsOption {
  /** n_k ≥ 1: training counts by class. */
  readonly counts: readonly number[];
  /** τ from 0, which leaves the layer as it is, to 10. Default 1. */
  readonly tau?: number;
}

/**
 * Post-hoc logit adjustment: predictions by z_k − τ·log π_k, with π_k = n_k/N (Menon et al., ICLR 2021, Eq. 9), as
 * another bias of the last layer. With several labels per sample, z_k − τ·log(n_k/(N − n_k)).
 *
 * @returns K numbers, the new bias; the caller disposes of them
 * @throws InputTypeError, InputRangeError - on bad options, counts of another number of classes than the kernel's, or
 * a layer of other shapes; the numbers of a layer are not read
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { priorAdjustedLayer } from 'class-rectification/rivals';
 * const layer = { kernel: tf.tensor2d([[1, 2]]), bias: tf.tensor1d([0, 0]) };
 * const { bias } = priorAdjustedLayer(layer, { counts: [3, 1] });
 * Array.from(bias.dataSync(), (b) => b.toFixed(4)); // → ['0.2877', '1.3863']
 * ```
 */
export function priorAdjustedLayer(layer: LastLayer, options: PriorAdjustmentOptions): Required<LastLayer> {
  refuseUnknown(options, ['counts', 'tau', 'samples']);
  const { counts, tau = 1, samples } = options;
  readCorrectionStrength(tau);
  const priors =
    samples === undefined ? logPriors(readClassCounts(counts, 'counts', 1)) : logOdds(counts, samples);
  refuseOtherLayer(layer);
  refuseOtherWidth(layer, counts.length);
  return tf.tidy(() => {
    const shift = tf.tensor1d(priors.map((prior) => -tau * prior));
    return {
      kernel: tf.clone(layer.kernel),
      bias: (layer.bias ? tf.add(layer.bias, shift) : shift) as tf.Tensor1D,
    };
  });
}

/** What {@link normalisedLayer} takes. */
export interface NormalisationOptions {
  /** τ from 0, which leaves the kernel as it is, to 10; 1 makes all columns as long. Default 1. */
  readonly tau?: number;
}

/**
 * τ-normalisation: w_k / ‖w_k‖^τ for the column w_k of each class, and no bias (Kang, Xie, Rohrbach, Yan, Gordo, Feng,
 * Kalantidis: *Decoupling Representation and Classifier for Long-Tailed Recognition*, ICLR 2020, Eq. 3). The columns
 * of frequent classes grow longer in training. A column of zeros stays one.
 *
 * @returns the new kernel, and a bias of zeros; the caller disposes of them
 * @throws InputTypeError, InputRangeError - on bad options, or a layer of other shapes
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { normalisedLayer } from 'class-rectification/rivals';
 * const { kernel } = normalisedLayer({ kernel: tf.tensor2d([[3, 0], [4, 2]]) }, { tau: 1 });
 * Array.from(kernel.dataSync(), (w) => w.toFixed(1)); // → ['0.6', '0.0', '0.8', '1.0']
 * ```
 */
export function normalisedLayer(layer: LastLayer, options: NormalisationOptions = {}): Required<LastLayer> {
  refuseUnknown(options, ['tau']);
  const { tau = 1 } = options;
  readCorrectionStrength(tau);
  refuseOtherLayer(layer);
  const { kernel } = layer;
  return tf.tidy(() => {
    const length = tf.norm(kernel, 'euclidean', 0);
    const scale = tf.where(tf.greater(length, 0), tf.pow(length, -tau), tf.onesLike(length));
    return { kernel: tf.mul(kernel, scale) as tf.Tensor2D, bias: tf.zeros([kernel.shape[1]]) as tf.Tensor1D };
  });
}

/** The largest τ of a correction. Above it, the weights of common layers overflow; the papers use about 1. */
const MOST_TAU = 10;

/** @throws InputRangeError - a τ outside [0, 10] */
export function readCorrectionStrength(tau: number): number {
  return readOption('tau', tau, `a number from 0 to ${MOST_TAU}`, (t) => t >= 0 && t <= MOST_TAU);
}

function refuseOtherLayer(layer: LastLayer): void {
  if (typeof layer !== 'object' || layer === null) {
    wrongType('wrong-type', 'layer', 'an object with kernel and bias, tensors', layer);
  }
  const { kernel, bias } = layer;
  refuseOtherTensor('layer.kernel', kernel, 'a float32 tensor, d×K', 2);
  if (bias === undefined) return;
  refuseOtherTensor('layer.bias', bias, 'a float32 tensor of K numbers, or none', 1);
  if (bias.shape[0] !== kernel.shape[1]) {
    const expected = `${kernel.shape[1]} numbers, one per column of the kernel`;
    outOfRange('wrong-shape', 'layer.bias', expected, bias.shape[0]);
  }
}

function refuseOtherTensor(where: string, given: unknown, expected: string, rank: number): void {
  if (!(given instanceof tf.Tensor)) wrongType('wrong-type', where, expected, given);
  const { shape, dtype, isDisposed } = given;
  if (isDisposed) wrongType('wrong-type', where, expected, described('a disposed tensor'));
  if (dtype !== 'float32') wrongType('wrong-type', where, expected, described(`a tensor of ${dtype}`));
  if (shape.length !== rank)
    outOfRange('wrong-shape', where, expected, described(`shape [${shape.join(', ')}]`));
}

function refuseOtherWidth({ kernel }: LastLayer, classes: number): void {
  const [, width] = kernel.shape;
  if (width !== classes)
    outOfRange(
      'option-out-of-range',
      'options.counts',
      `${width} counts, one per column of the kernel`,
      classes,
    );
}
