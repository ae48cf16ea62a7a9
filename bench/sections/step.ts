/**
 * A training step of a small convolutional net: with CRL, compared with cross entropy alone.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { classRectificationLoss } from '../../src/loss/class-rectification-loss.js';
import { crossEntropyLoss } from '../../src/rivals/index.js';
import { trainingEngine } from '../../src/train/engine.js';
import { randomFrom } from '../batches.js';
import { timeInTurn } from '../in-turn.js';
import type { Row, Section } from '../section.js';

const BATCH = 128;
const CLASSES = 10;
const CROSS_ENTROPY = 'cross entropy';

export const step: Section = {
  id: 'step',
  title: 'A step of training: two convolutions, 28×28, batch 128',
  async run({ seconds, engine }) {
    await trainingEngine(engine);
    const random = randomFrom(9);
    const images = tf.tensor4d(Float32Array.from({ length: BATCH * 784 }, random), [BATCH, 28, 28, 1]);
    const drawn = Array.from({ length: BATCH }, () => Math.floor(CLASSES * random() ** 2));
    const labels = tf.cast(tf.oneHot(tf.tensor1d(drawn, 'int32'), CLASSES), 'float32');
    const crl = classRectificationLoss({ attributes: [CLASSES], fromLogits: true, alpha: 0.1 });
    const losses = { [CROSS_ENTROPY]: crossEntropyLoss(), CRL: crl.mean };
    const cases = Object.fromEntries(
      Object.entries(losses).map(([name, lossOf]) => {
        const net = smallNet();
        const optimizer = tf.train.sgd(0.01);
        const run = () => {
          const value = optimizer.minimize(
            () => tf.mean(lossOf(labels, net.apply(images, { training: true }) as tf.Tensor)),
            true,
          );
          const found = value?.dataSync()[0];
          value?.dispose();
          return found;
        };
        return [name, run];
      }),
    );
    const rows: Row[] = (await timeInTurn(cases, { seconds: 5 * seconds })).map((row) => ({
      setting: `batch ${BATCH} on ${engine}`,
      ...row,
    }));
    tf.dispose([images, labels]);
    return rows;
  },
};

function smallNet(): tf.Sequential {
  const convolution = (filters: number, seed: number, first: { inputShape?: number[] } = {}) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer: tf.initializers.heNormal({ seed }),
      ...first,
    });
  return tf.sequential({
    layers: [
      convolution(16, 1, { inputShape: [28, 28, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      convolution(32, 2),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: CLASSES, kernelInitializer: tf.initializers.heNormal({ seed: 3 }) }),
    ],
  });
}
