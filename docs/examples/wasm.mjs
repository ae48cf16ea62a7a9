/**
 * Trains a small net on imbalanced synthetic data with CRL on the engine `wasm`.
 *
 * npm install class-rectification @tensorflow/tfjs @tensorflow/tfjs-backend-wasm
 * node wasm.mjs
 */
import * as tf from '@tensorflow/tfjs';
import { classRectificationLoss } from 'class-rectification';
import { loadEngine } from 'class-rectification/backends/tfjs';

const ENGINE = process.argv[2] ?? 'wasm';
await loadEngine(ENGINE);

// 180 samples of class 0, 30 of class 1 and 6 of class 2, in two dimensions
const labels = [...Array(180).fill(0), ...Array(30).fill(1), ...Array(6).fill(2)];
const centres = [
  [0, 0],
  [2, 0],
  [0, 2],
];
const noise = tf.randomNormal([labels.length, 2], 0, 0.5, 'float32', 7);
const x = noise.add(tf.tensor2d(labels.map((label) => centres[label])));
const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat();

const model = tf.sequential({
  layers: [
    tf.layers.dense({ units: 16, activation: 'relu', inputShape: [2] }),
    tf.layers.dense({ units: 3 }), // logits: the loss computes the softmax
  ],
});
const loss = classRectificationLoss({
  attributes: [3],
  trainingLabels: labels,
  eta: 0.2,
  kappa: 5,
  fromLogits: true,
});
model.compile({ optimizer: tf.train.adam(0.02), loss });

const { history } = await model.fit(x, y, { epochs: 12, batchSize: 54, verbose: 0 });
const predicted = await model.predict(x).argMax(1).array();
const recalls = [0, 1, 2].map((label) => {
  const own = predicted.filter((_, i) => labels[i] === label);
  return own.filter((found) => found === label).length / own.length;
});
console.log(
  `engine ${tf.getBackend()}, loss ${history.loss[0].toFixed(3)} → ${history.loss.at(-1).toFixed(3)}`,
);
console.log(`recall per class: ${recalls.map((recall) => recall.toFixed(2)).join(', ')}`);
