import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../../backends/tfjs/index.js';
import { classRectificationLoss } from '../loss/class-rectification-loss.js';
import './index.js';

const [SIZE, CLASSES, BATCH] = [9, 3, 12];

/** All that a small residual net is made of; weights and dropout from seeds. */
function residualNet(): tf.LayersModel {
  let seed = 0;
  const initial = () => tf.initializers.glorotUniform({ seed: ++seed });
  const convolution = (filters: number, more: object = {}) =>
    tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', kernelInitializer: initial(), ...more });
  const input = tf.input({ shape: [SIZE, SIZE, 2] });
  // no activation: tfjs fuses it with its bias, and asks for kernels instead of gradients
  const stem = tf.layers.batchNormalization().apply(convolution(4).apply(input));
  const pooled = tf.layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(stem);
  const branch = tf.layers
    .reLU()
    .apply(
      tf.layers
        .batchNormalization()
        .apply(convolution(4, { useBias: false }).apply(pooled as tf.SymbolicTensor)),
    );
  const sum = tf.layers.add().apply([pooled, branch] as tf.SymbolicTensor[]);
  const second = convolution(4, { activation: 'relu' }).apply(sum);
  const separable = tf.layers
    .separableConv2d({
      filters: 6,
      kernelSize: 3,
      depthMultiplier: 2,
      strides: 2,
      depthwiseInitializer: initial(),
      pointwiseInitializer: initial(),
    })
    .apply(second as tf.SymbolicTensor);
  const smooth = tf.layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }).apply(separable);
  const flat = tf.layers.globalAveragePooling2d({}).apply(smooth);
  const dropped = tf.layers.dropout({ rate: 0.25, seed: 7 }).apply(flat);
  const logits = tf.layers.dense({ units: CLASSES, kernelInitializer: initial() }).apply(dropped);
  return tf.model({ inputs: input, outputs: logits as tf.SymbolicTensor });
}

/** Losses of some steps on one batch, whose classes differ in the place of a bright spot. */
async function train(engine: string, optimizer: () => tf.Optimizer, steps: number) {
  await loadEngine(engine);
  const model = residualNet();
  const loss = classRectificationLoss({ attributes: [CLASSES], alpha: 0.1, fromLogits: true });
  model.compile({ optimizer: optimizer(), loss });
  const labels = Array.from({ length: BATCH }, (_, i) => (i < 6 ? 0 : i < 9 ? 1 : 2));
  const pixel = (i: number, at: number) =>
    Math.sin(i * 31 + at * 7) / 4 + (Math.floor(at / 54) === labels[i] ? 1 : 0);
  const x = tf.tensor4d(
    labels.flatMap((_, i) => Array.from({ length: SIZE * SIZE * 2 }, (_, at) => pixel(i, at))),
    [BATCH, SIZE, SIZE, 2],
  );
  const y = tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES), 'float32');
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push((await model.trainOnBatch(x, y)) as number);
  const weights = model.getWeights().map((w) => Array.from(w.dataSync()));
  tf.dispose([x, y]);
  model.dispose();
  return { losses, weights };
}

describe('a residual net on wasm', () => {
  afterAll(() => tf.disposeVariables());

  it('takes the steps that it takes on cpu', async () => {
    // not Adam, which makes a step of full size of the rounding of a derivative that is zero
    const sgd = () => tf.train.sgd(0.2);
    const [wasm, cpu] = [await train('wasm', sgd, 4), await train('cpu', sgd, 4)];
    const [ours, theirs] = [wasm, cpu].map(({ losses, weights }) => [...losses, ...weights.flat()]);
    expect(ours?.length).toBeGreaterThan(400);
    const apart = ours?.map((value, at) => Math.abs(value - (theirs?.[at] as number))) as number[];
    expect(Math.max(...apart)).toBeLessThan(1e-5);
  });

  it('learns', async () => {
    const { losses } = await train('wasm', () => tf.train.adam(0.02), 40);
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 3);
  });
});
