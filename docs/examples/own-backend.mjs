/**
 * A backend of your own: verified by the property suite, then used as the loss of a training.
 *
 * npm install class-rectification class-rectification-cli @tensorflow/tfjs
 * node own-backend.mjs
 */
import * as tf from '@tensorflow/tfjs';
import { classRectificationLoss } from 'class-rectification';
import { referenceBackend } from 'class-rectification/backends/reference';
import { trainableBackend, verify } from 'class-rectification/verify';

// replace the stages that you write yourself
const mine = () => ({ ...referenceBackend(), name: 'mine' });

const report = await verify(mine, { runs: 10, seed: 1 });
const counted = (verdict) => report.properties.filter((property) => property.verdict === verdict).length;
console.log(
  `${report.backend}: ${report.passed ? 'passed' : 'not passed'}; ${counted('passed')} properties passed, ` +
    `${counted('failed')} failed, ${counted('skipped')} were skipped`,
);
if (!report.passed) process.exit(1);

const labels = [0, 0, 0, 0, 0, 0, 1, 1, 2, 2];
const x = tf.randomNormal([10, 4], 0, 1, 'float32', 3);
const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat();
const model = tf.sequential({
  layers: [tf.layers.dense({ units: 3, activation: 'softmax', inputShape: [4] })],
});
const backend = trainableBackend(mine());
model.compile({
  optimizer: 'adam',
  loss: classRectificationLoss({ attributes: [3], trainingLabels: labels, eta: 0.2, backend }),
});
const { history } = await model.fit(x, y, { epochs: 3, verbose: 0 });
console.log(`losses ${history.loss.map((loss) => loss.toFixed(4)).join(', ')}`);
