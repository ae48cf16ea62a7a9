/**
 * Trains with CRL in a page that Vite bundles. In this folder:
 *
 * npm install class-rectification @tensorflow/tfjs vite
 * npx vite build
 */
import * as tf from '@tensorflow/tfjs';
import { classRectificationLoss } from 'class-rectification';

await tf.setBackend('cpu'); // or leave it to tfjs, which takes webgl where there is one
const labels = [0, 0, 0, 0, 0, 0, 1, 1, 2, 2];
const x = tf.tensor2d(labels.map((label, i) => [label === 1 ? 1 : 0, label === 2 ? 1 : 0, (i % 3) / 3]));
const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat();
const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [3] })] });
const loss = classRectificationLoss({ attributes: [3], trainingLabels: labels, eta: 0.2, fromLogits: true });
model.compile({ optimizer: tf.train.adam(0.05), loss });
const { history } = await model.fit(x, y, { epochs: 20, verbose: 0 });
const [first, last] = [history.loss[0], history.loss.at(-1)];
document.querySelector('#result').textContent =
  `engine ${tf.getBackend()}, loss ${first.toFixed(3)} → ${last.toFixed(3)}`;
