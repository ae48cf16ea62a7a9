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

  const images = imageTensor(set);
  const labels = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d([...set.labels], 'int32'), CLASSES), 'float32'));
  let steps = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled([...set.labels.keys()], seed * 1000 + epoch);
    for (let start = 0; start + batchSize <= order.length; start += batchSize) {
      const rows = order.slice(start, start + batchSize);
      const [x, y] = tf.tidy(() => [tf.gather(images, rows), tf.gather(labels, rows)]) as [
        tf.Tensor,
        tf.Tensor,
      ];
      await model.trainOnBatch(x, y);
      tf.dispose([x, y]);
      steps += 1;
    }
    training.onEpoch?.();
  }
  const minorityShare = Array.from(await survived.data(), (count) => count / steps);
  tf.dispose([images, labels, survived]);
  optimizer.dispose();

  return {
    minorityShare,
    evaluate: (held) => {
      const x = imageTensor(held);
      const scores = tf.tidy(() => (model.predict(x) as tf.Tensor2D).arraySync());
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

function imageTensor({ images, labels }: DigitSet): tf.Tensor2D {
  return tf.tensor2d(images, [labels.length, PIXELS]);
}
