/**
 * Trains a small net with CRL in tfjs, for parity.py to repeat in PyTorch.
 *
 * `node parity.mjs SETTING`, where SETTING is JSON as in parity.py, prints one line of JSON: the first weights, the
 * batches, and the loss of each step. Arrays are float32, little-endian, in base64.
 */
import * as tf from '@tensorflow/tfjs';
import { classRectificationLoss } from 'class-rectification';
import { loadEngine } from 'class-rectification/backends/tfjs';

const setting = JSON.parse(process.argv[2]);
const { engine, seed, steps, rate, samples, inputs, hidden, encoding, attributes, instance } = setting;
await loadEngine(engine);

/** Numbers that are drawn once, the same in every run. */
let draws = 0;
const uniform = (shape) => tf.randomUniform(shape, 0, 1, 'float32', seed + draws++);
const normal = (shape, deviation) => tf.randomNormal(shape, 0, deviation, 'float32', seed + draws++);
const width = encoding === 'multi-label' ? attributes.length : attributes[0];
/** Class 0 has the most samples; label 0 is present most often. */
const drawLabels = () =>
  encoding === 'multi-label'
    ? uniform([samples, width])
        .less(tf.linspace(0.4, 0.1, width))
        .toFloat()
    : tf.oneHot(uniform([samples]).square().mul(width).floor().toInt(), width).toFloat();

const centres = normal([width, inputs], 1);
const batches = Array.from({ length: steps }, () => {
  const y = drawLabels();
  return { x: tf.matMul(y, centres).add(normal([samples, inputs], 1)), y };
});
const weights = [
  normal([inputs, hidden], inputs ** -0.5),
  tf.zeros([hidden]),
  normal([hidden, width], hidden ** -0.5),
  tf.zeros([width]),
].map((first) => tf.variable(first));

const wire = (tensor) => ({
  shape: tensor.shape,
  data: Buffer.from(tensor.dataSync().slice().buffer).toString('base64'),
});
const told = { weights: weights.map(wire), batches: batches.map(({ x, y }) => ({ x: wire(x), y: wire(y) })) };

const { alpha, kappa, comparison } = setting;
const level = instance ? 'instance' : 'class';
const loss = classRectificationLoss({
  attributes,
  encoding,
  fromLogits: true,
  alpha,
  kappa,
  level,
  comparison,
});
const [w1, b1, w2, b2] = weights;
const optimizer = tf.train.sgd(rate);
const losses = batches.map(({ x, y }) => {
  const value = optimizer.minimize(() => {
    const features = tf.tanh(tf.matMul(x, w1).add(b1));
    const logits = tf.matMul(features, w2).add(b2);
    return tf.mean(instance ? loss(y, logits, features) : loss(y, logits));
  }, true);
  return value.dataSync()[0];
});
// threads of the wasm engine would keep the process alive
process.stdout.write(`${JSON.stringify({ ...told, losses })}\n`, () => process.exit(0));
