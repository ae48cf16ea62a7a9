/**
 * Classifier re-training: a new last layer, trained on the features of a trained net.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { described, outOfRange, wrongType } from '../../spec/rules.js';
import { learningRateAt } from '../support/learning-rate.js';
import { Optimiser } from '../support/optimiser.js';
import { classAwareBatches } from './class-aware-batches.js';
import { crossEntropyLoss } from './cross-entropy.js';
import type { LastLayer } from './post-hoc.js';
import { readOption } from './read-option.js';
import { refuseUnknown } from './rival-loss.js';

/** What {@link retrainedLayer} takes. */
export interface RetrainingOptions {
  /** K ≥ 2: the number of classes. */
  readonly classes: number;
  /** The number of epochs, of n/batchSize steps each. Default 10. */
  readonly epochs?: number;
  /** The number of samples in a batch. Default 32. */
  readonly batchSize?: number;
  /** The learning rate of Adam at the first step; it falls to 0 along half a cosine. Default 0.01. */
  readonly learningRate?: number;
  /** A 32-bit integer that decides the batches. Default 0. */
  readonly seed?: number;
  /** Called before each step, with its number from 0 and the number of all steps; what it throws ends the training. */
  readonly onStep?: (step: number, steps: number) => void | Promise<void>;
}

const OPTIONS = ['classes', 'epochs', 'batchSize', 'learningRate', 'seed', 'onStep'];

/**
 * Classifier re-training, cRT: the features of a trained net stay as they are, and a new last layer is trained on
 * them by cross entropy in class-balanced batches (Kang, Xie, Rohrbach, Yan, Gordo, Feng, Kalantidis: *Decoupling
 * Representation and Classifier for Long-Tailed Recognition*, ICLR 2020, section 4.1).
 *
 * As in the paper, the learning rate falls along half a cosine over 10 epochs. The paper steps by momentum from
 * random weights; here Adam steps, since the lengths of features differ from net to net, and the weights begin at 0:
 * the loss is convex in them, so that a random beginning adds nothing.
 *
 * @param features - n×d, the inputs of the net's last layer for the training set
 * @param labels - the class index of each sample, or −1 (unlabelled); or, where a sample may have several labels, a
 * list of them per sample: the layer then ends in a sigmoid per label, and a sample without labels is never drawn
 * @returns the new kernel and bias; the caller disposes of them
 * @throws InputTypeError, InputRangeError - on bad options, labels that do not fit the features, or a training whose
 * weights became NaN or infinite
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { retrainedLayer } from 'class-rectification/rivals';
 * const features = tf.tensor2d([[1, 0], [1, 0], [1, 0], [0, 1]]);
 * const { kernel, bias } = await retrainedLayer(features, [0, 0, 0, 1], { classes: 2, batchSize: 4 });
 * const logits = tf.add(tf.matMul(features, kernel), bias);
 * Array.from(tf.argMax(logits, 1).dataSync()); // → [0, 0, 0, 1]
 * ```
 */
export async function retrainedLayer(
  features: tf.Tensor2D,
  labels: ArrayLike<number> | ArrayLike<readonly number[]>,
  options: RetrainingOptions,
): Promise<Required<LastLayer>> {
  const read = readRetraining(labels, options);
  refuseOtherFeatures(features, labels.length);
  const rowsOf = (samples: readonly number[]) => tf.gather(features, tf.tensor1d([...samples], 'int32'));
  return layerTrainedOn({ width: features.shape[1], rowsOf }, labels, read);
}

/** Features of which a batch is read at a time, so that not all of them need to be tensors. */
export interface FeatureRows {
  /** d. */
  readonly width: number;
  /** The features of some samples: a tensor of one row per sample, made within a `tf.tidy`. */
  readonly rowsOf: (samples: readonly number[]) => tf.Tensor2D;
}

/**
 * {@link retrainedLayer} on features that are read batch by batch.
 *
 * @param read - options that {@link readRetraining} has checked for these labels
 * @returns the new kernel and bias; the caller disposes of them
 * @throws InputRangeError - on a training whose weights became NaN or infinite
 */
export async function layerTrainedOn(
  { width, rowsOf }: FeatureRows,
  labels: ArrayLike<number> | ArrayLike<readonly number[]>,
  { batches, classes, epochs, batchSize, learningRate, onStep }: ReturnType<typeof readRetraining>,
): Promise<Required<LastLayer>> {
  const severalLabels = Array.isArray(labels[0]);
  const entropy = crossEntropyLoss({ severalLabels });
  const [kernel, bias] = tf.tidy(() => [
    tf.variable(tf.zeros<tf.Rank.R2>([width, classes])),
    tf.variable(tf.zeros<tf.Rank.R1>([classes])),
  ]) as [tf.Variable<tf.Rank.R2>, tf.Variable<tf.Rank.R1>];
  const optimiser = new Optimiser({ kind: 'adam', weightDecay: 0 }, [kernel, bias]);
  const perEpoch = Math.max(1, Math.floor(labels.length / batchSize));
  const rate = { learningRate, epochs, schedule: { kind: 'cosine', warmUp: 0 } } as const;
  try {
    for (let step = 0; step < epochs * perEpoch; step++) {
      await onStep?.(step, epochs * perEpoch);
      const drawn = batches.next().value;
      tf.tidy(() => {
        const xs = rowsOf(drawn);
        const ys = severalLabels
          ? multiHot(
              drawn.map((i) => labels[i] as readonly number[]),
              classes,
            )
          : tf.tensor1d(
              drawn.map((i) => labels[i] as number),
              'int32',
            );
        const loss = () => tf.mean(entropy(ys, tf.add(tf.matMul(xs, kernel), bias))) as tf.Scalar;
        optimiser.minimise(loss, learningRateAt(rate, step, perEpoch));
      });
    }
    await refuseDiverged(kernel, learningRate);
    return tf.tidy(() => ({ kernel: tf.clone(kernel), bias: tf.clone(bias) }));
  } finally {
    optimiser.dispose();
    tf.dispose([kernel, bias]);
  }
}

/**
 * Checks options and labels, which are known before there are features.
 *
 * @returns the options with their defaults, and the batches
 * @throws InputTypeError, InputRangeError
 */
export function readRetraining(
  labels: ArrayLike<number> | ArrayLike<readonly number[]>,
  options: RetrainingOptions,
) {
  refuseUnknown(options, OPTIONS);
  const { classes, epochs = 10, batchSize = 32, learningRate = 0.01, seed = 0, onStep } = options;
  const whole = (least: number) => (x: number) => Number.isSafeInteger(x) && x >= least;
  readOption('classes', classes, 'an integer ≥ 2', whole(2));
  readOption('epochs', epochs, 'an integer ≥ 1', whole(1));
  readOption('learningRate', learningRate, 'a number > 0', (x) => x > 0 && x < Number.POSITIVE_INFINITY);
  if (onStep !== undefined && typeof onStep !== 'function')
    wrongType('wrong-type', 'options.onStep', 'a function, or none', onStep);
  const list = 'a list: a class index, or a list of them, per sample';
  if (typeof labels?.length !== 'number' || typeof labels === 'string')
    wrongType('wrong-type', 'labels', list, labels);
  const batches = classAwareBatches(labels, { batchSize, seed });
  refuseOtherLabels(labels, classes);
  return { batches, classes, epochs, batchSize, learningRate, onStep };
}

/** Rows of 0 and 1. */
function multiHot(rows: readonly (readonly number[])[], classes: number): tf.Tensor2D {
  const data = new Float32Array(rows.length * classes);
  rows.forEach((row, i) => {
    for (const k of row) data[i * classes + k] = 1;
  });
  return tf.tensor2d(data, [rows.length, classes]);
}

function refuseOtherFeatures(features: tf.Tensor2D, samples: number): void {
  const expected = `a float32 tensor, ${samples}×d: one row per label`;
  if (!(features instanceof tf.Tensor)) wrongType('wrong-type', 'features', expected, features);
  const { shape, dtype, isDisposed } = features as tf.Tensor;
  if (isDisposed) wrongType('wrong-type', 'features', expected, described('a disposed tensor'));
  if (dtype !== 'float32') wrongType('wrong-type', 'features', expected, described(`a tensor of ${dtype}`));
  if (shape.length !== 2 || shape[0] !== samples)
    outOfRange('wrong-shape', 'features', expected, described(`shape [${shape.join(', ')}]`));
}

/** Labels that are not all of one kind, or of no class. */
function refuseOtherLabels(labels: ArrayLike<number> | ArrayLike<readonly number[]>, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const own = labels[i] as number | readonly number[];
    if (Array.isArray(own) !== Array.isArray(labels[0]))
      wrongType('wrong-type', `labels[${i}]`, 'a class index for every sample, or a list for every one', own);
    const above = [own].flat().find((k) => k >= classes);
    if (above !== undefined)
      outOfRange('label-out-of-range', `labels[${i}]`, `a class index below ${classes}`, above);
  }
}

/** Weights that are not finite would give every image the same class. */
async function refuseDiverged(kernel: tf.Tensor, learningRate: number): Promise<void> {
  const sum = tf.tidy(() => tf.sum(tf.abs(kernel)));
  const [total] = await sum.data();
  sum.dispose();
  if (!Number.isFinite(total))
    outOfRange(
      'option-out-of-range',
      'options.learningRate',
      'a number at which the new weights stay finite: take a smaller one, and check that all features are finite',
      learningRate,
    );
}
