/**
 * A small dense classifier of digits. The same seed gives the same numbers on the same engine.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { shuffled } from '../../properties/cases/shuffle.js';
import {
  type Backend,
  type ClassBalancedAccuracy,
  classBalancedAccuracy,
  predictedClasses,
} from '../../spec/index.js';
import { classRectificationLoss } from '../loss/class-rectification-loss.js';
import { CLASSES, type DigitSet, PIXELS } from './data.js';

/** How a classifier is trained. */
export interface Training {
  /** Decides the initial weights and the order of the samples. */
  readonly seed: number;
  /** α of the balanced loss; 0 is plain cross entropy. */
  readonly alpha: number;
  readonly hidden: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly kappa: number;
  /** The verified backend, whose loss it trains with. */
  readonly backend: Backend;
  /** Called after each epoch. */
  readonly onEpoch?: () => void;
}

/** A trained classifier. Call `dispose` to free its tensors. */
export interface TrainedClassifier {
  readonly evaluate: (set: DigitSet) => ClassBalancedAccuracy;
  /** For each class, the share of batches in which it was a surviving minority class. */
  readonly minorityShare: readonly number[];
  readonly dispose: () => void;
}

/** Trains a classifier with L = α·L_crl + (1−α)·L_ce from logits. */
export async function trainClassifier(set: DigitSet, training: Training): Promise<TrainedClassifier> {
  const { seed, alpha, kappa, epochs, batchSize } = training;
  const model = tf.sequential({
    layers: [
      dense(training.hidden, 2 * seed + 1, { activation: 'relu', inputShape: [PIXELS] }),
      dense(CLASSES, 2 * seed + 2, {}),
    ],
  });
  // counted on the device, read once at the end: no read-back in a step
  const survived = tf.variable(tf.zeros([CLASSES]), false);
  const loss = classRectificationLoss({
    attributes: [CLASSES],
    fromLogits: true,
    alpha,
    kappa,
    backend: training.backend,
    observe: ({ surviving }) => survived.assign(tf.add(survived, surviving)),
  });
  const optimizer = tf.train.adam(training.learningRate);
  model.compile({ optimizer, loss });

  let steps = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled([...set.labels.keys()], seed * 1000 + epoch);
    for (let start = 0; start + batchSize <= order.length; start += batchSize) {
      const [x, y] = batchOf(set, order.slice(start, start + batchSize));
      await model.trainOnBatch(x, y);
      tf.dispose([x, y]);
      steps += 1;
    }
    training.onEpoch?.();
  }
  const minorityShare = Array.from(await survived.data(), (count) => count / steps);
  survived.dispose();
  optimizer.dispose();

  return {
    minorityShare,
    evaluate: (held) => {
      const x = imageTensor(held);
      const whole = { batchSize: held.labels.length }; // cut into batches it would be copied through the host
      const scores = tf.tidy(() => (model.predict(x, whole) as tf.Tensor2D).arraySync());
      x.dispose();
      return classBalancedAccuracy(held.labels, predictedClasses(scores, CLASSES), CLASSES);
    },
    dispose: () => model.dispose(),
  };
}

/** A dense layer whose initial weights the seed decides; tfjs takes a seed of 0 for none. */
function dense(units: number, seed: number, more: object): tf.layers.Layer {
  return tf.layers.dense({
    units,
    kernelInitializer: tf.initializers.glorotUniform({ seed }),
    ...more,
  });
}

/** Images and one-hot labels of some samples: copied here, which is many times faster than `tf.gather` of rows. */
function batchOf({ images, labels }: DigitSet, samples: readonly number[]): [x: tf.Tensor2D, y: tf.Tensor2D] {
  const pixels = new Float32Array(samples.length * PIXELS);
  const classes = new Float32Array(samples.length * CLASSES);
  samples.forEach((sample, row) => {
    pixels.set(images.subarray(sample * PIXELS, (sample + 1) * PIXELS), row * PIXELS);
    classes[row * CLASSES + (labels[sample] as number)] = 1;
  });
  return [tf.tensor2d(pixels, [samples.length, PIXELS]), tf.tensor2d(classes, [samples.length, CLASSES])];
}

function imageTensor({ images, labels }: DigitSet): tf.Tensor2D {
  return tf.tensor2d(images, [labels.length, PIXELS]);
}
