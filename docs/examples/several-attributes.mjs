/**
 * Trains a model with two heads, of which the second is multi-label, with one loss for each head.
 *
 * npm install class-rectification @tensorflow/tfjs
 * node several-attributes.mjs
 */
import * as tf from '@tensorflow/tfjs';
import { classRectificationLoss } from 'class-rectification';

const N = 96;
const colour = Array.from({ length: N }, (_, i) => (i % 12 === 0 ? 2 : i % 4 === 0 ? 1 : 0));
const tags = Array.from({ length: N }, (_, i) => [i % 16 === 0 ? 1 : 0, i % 6 === 0 ? 1 : 0]);
const x = tf.tensor2d(colour.map((c, i) => [c, tags[i][0], tags[i][1], (i % 7) / 7]));
const y = [tf.oneHot(tf.tensor1d(colour, 'int32'), 3).toFloat(), tf.tensor2d(tags)];

const input = tf.input({ shape: [4] });
const hidden = tf.layers.dense({ units: 12, activation: 'relu' }).apply(input);
const heads = [
  tf.layers.dense({ units: 3, name: 'colour' }).apply(hidden),
  tf.layers.dense({ units: 2, name: 'tags' }).apply(hidden),
];
const model = tf.model({ inputs: input, outputs: heads });
model.compile({
  optimizer: 'adam',
  loss: [
    classRectificationLoss({ attributes: [3], trainingLabels: colour, eta: 0.2, fromLogits: true }),
    // two attributes of two classes each, "has the tag" and "has it not", in one column per attribute
    classRectificationLoss({
      encoding: 'multi-label',
      attributes: [2, 2],
      trainingLabels: tags,
      eta: 0.2,
      fromLogits: true,
    }),
  ],
});
const { history } = await model.fit(x, y, { epochs: 10, batchSize: 32, verbose: 0 });
const [first, last] = [history.loss[0], history.loss.at(-1)];
console.log(`loss of both heads ${first.toFixed(3)} → ${last.toFixed(3)}`);
