/**
 * How long a step of training takes, on `cpu` and on `wasm`: `npm run convolution-step`.
 *
 * A small convolutional net on random images, the engines in turn in one process, so that what else
 * runs on the machine hits both.
 *
 * @module
 */
import { cpus } from 'node:os';
import * as tf from '@tensorflow/tfjs';
import { loadEngine } from '../../backends/tfjs/index.js';
import { classRectificationLoss } from '../../src/index.js';
import '../../src/wasm-convolution/index.js';

const [BATCH, SIZE, CLASSES] = [128, 28, 10];
const [WARM, SAMPLES] = [1, { cpu: 3, wasm: 30 }] as const;

function smallNet(): tf.LayersModel {
  const convolution = (filters: number, more: object = {}) =>
    tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', ...more });
  return tf.sequential({
    layers: [
      convolution(8, { inputShape: [SIZE, SIZE, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      convolution(16),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: CLASSES }),
    ],
  });
}

/** Milliseconds of each step. */
async function stepTimes(engine: 'cpu' | 'wasm'): Promise<number[]> {
  await loadEngine(engine);
  const model = smallNet();
  const loss = classRectificationLoss({ attributes: [CLASSES], alpha: 0.1, fromLogits: true });
  model.compile({ optimizer: tf.train.adam(0.002), loss });
  const x = tf.randomUniform([BATCH, SIZE, SIZE, 1]);
  const labels = Array.from({ length: BATCH }, (_, i) => Math.floor((i / BATCH) ** 3 * CLASSES));
  const y = tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES), 'float32');
  const times: number[] = [];
  for (let step = 0; step < WARM + SAMPLES[engine]; step++) {
    const start = performance.now();
    await model.trainOnBatch(x, y); // it reads the loss: the step is over
    times.push(performance.now() - start);
  }
  tf.dispose([x, y]);
  model.dispose();
  return times.slice(WARM);
}

const found = new Map<'cpu' | 'wasm', number[]>();
for (let round = 0; round < 3; round++) {
  for (const engine of ['cpu', 'wasm'] as const) {
    found.set(engine, [...(found.get(engine) ?? []), ...(await stepTimes(engine))]);
  }
}
const median = (times: readonly number[]) =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] as number;
for (const [engine, times] of found) {
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const range = `${least.toFixed(0)} to ${most.toFixed(0)}`;
  process.stdout.write(
    `${engine}: median ${median(times).toFixed(0)} ms per step, of ${times.length} (${range})\n`,
  );
}
const [cpu, wasm] = [...found.values()].map(median) as [number, number];
process.stdout.write(
  `cpu / wasm: ${(cpu / wasm).toFixed(0)}, on ${cpus().length} cores, Node ${process.version}\n`,
);
