import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../../backends/tfjs/index.js';
import { retrainedLayer } from './index.js';

/** 90 of class 0 and 6 of class 1, in one dimension, where each class has the same two values 0 and 1. */
const counts = [90, 6] as const;
const values = [
  ...Array.from({ length: counts[0] }, (_, i) => (i % 3 === 0 ? 1 : 0)), // a third of class 0 has 1
  ...Array.from({ length: counts[1] }, (_, i) => (i % 3 === 0 ? 0 : 1)), // two thirds of class 1 have 1
];
const labels = [...new Array(counts[0]).fill(0), ...new Array(counts[1]).fill(1)] as number[];
const features = () => tf.tensor2d(values.map((x) => [x]));
const numbers = ({ kernel, bias }: { kernel: tf.Tensor; bias: tf.Tensor }) =>
  [kernel, bias].map((tensor) => Array.from(tensor.dataSync()));

describe('classifier re-training', () => {
  beforeAll(() => loadEngine('cpu'));

  it('learns from classes drawn equally often what their odds would be if they were as large', async () => {
    const options = { classes: 2, epochs: 60, batchSize: 24, learningRate: 0.1 };
    const [kernel, bias] = numbers(await retrainedLayer(features(), labels, options)) as [number[], number[]];
    const odds = (x: number) =>
      x * ((kernel[1] as number) - (kernel[0] as number)) + (bias[1] as number) - (bias[0] as number);
    // P(1 | class 1) : P(1 | class 0) is 2/3 : 1/3, and P(0 | …) is 1/3 : 2/3; the sizes have no part in it
    expect(odds(1)).toBeCloseTo(Math.log(2), 1);
    expect(odds(0)).toBeCloseTo(-Math.log(2), 1);
  });

  it('is decided by its seed, and leaves no tensor but the new layer', async () => {
    const xs = features();
    const before = tf.memory().numTensors;
    const first = await retrainedLayer(xs, labels, { classes: 2, epochs: 2, seed: 3 });
    expect(tf.memory().numTensors).toBe(before + 2);
    const again = await retrainedLayer(xs, labels, { classes: 2, epochs: 2, seed: 3 });
    const other = await retrainedLayer(xs, labels, { classes: 2, epochs: 2, seed: 4 });
    expect(numbers(again)).toEqual(numbers(first));
    expect(numbers(other)).not.toEqual(numbers(first));
  });

  it('lets the learning rate fall to 0 along half a cosine', async () => {
    const learningRate = 0.001;
    const xs = tf.tensor2d([[0], [0]]);
    const [, bias] = numbers(
      await retrainedLayer(xs, [0, 0], { classes: 2, epochs: 10, batchSize: 2, learningRate }),
    ) as [number[], number[]];
    // the gradient hardly changes, so that each step of Adam is as long as its learning rate
    const steps = Array.from({ length: 10 }, (_, step) => (1 + Math.cos((Math.PI * step) / 10)) / 2);
    const total = steps.reduce((sum, rate) => sum + rate, 0); // 5.5, where a constant rate gives 10
    expect((bias[0] as number) / learningRate).toBeCloseTo(total, 1);
  });

  it('never draws an unlabelled sample', async () => {
    const xs = tf.tensor2d([[1], [1], [Number.NaN]]);
    const [kernel] = numbers(await retrainedLayer(xs, [0, 1, -1], { classes: 2, batchSize: 2 })) as [
      number[],
    ];
    expect(kernel.every(Number.isFinite)).toBe(true);
  });

  it('of several labels ends in a sigmoid for each', async () => {
    const xs = tf.tensor2d([
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
    const rows = [[0], [1], [0, 1]];
    const options = { classes: 2, epochs: 80, batchSize: 3, learningRate: 0.1 };
    const { kernel, bias } = await retrainedLayer(xs, rows, options);
    const present = tf.greater(tf.add(tf.matMul(xs, kernel), bias), 0);
    expect(await present.array()).toEqual([
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
  });

  it('ends with what onStep throws, and says how many steps there are', async () => {
    const xs = features();
    const before = tf.memory().numTensors;
    const seen: number[][] = [];
    const onStep = (step: number, steps: number) => {
      seen.push([step, steps]);
      if (step === 2) throw new Error('stopped');
    };
    await expect(retrainedLayer(xs, labels, { classes: 2, onStep })).rejects.toThrow('stopped');
    expect(seen).toEqual([
      [0, 30],
      [1, 30],
      [2, 30],
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what it cannot learn from', async () => {
    const xs = features();
    const refused = (message: string, ...given: readonly unknown[]) =>
      expect(retrainedLayer(...(given as Parameters<typeof retrainedLayer>))).rejects.toThrow(message);
    await refused('features: expected a float32 tensor, 95×d', xs, labels.slice(1), { classes: 2 });
    await refused('features: expected a float32 tensor', values, labels, { classes: 2 });
    await refused('options.classes: expected an integer ≥ 2, got 1', xs, labels, { classes: 1 });
    await refused(
      'labels[90]: expected a class index below 2, got 2',
      xs,
      labels.map((k) => 2 * k),
      {
        classes: 2,
      },
    );
    await refused('options.epoch: expected', xs, labels, { classes: 2, epoch: 3 });
    await refused('options.epochs: expected an integer ≥ 1', xs, labels, { classes: 2, epochs: 0 });
    await refused('options.batchSize', xs, labels, { classes: 2, batchSize: 0 });
    await refused('options.learningRate', xs, labels, { classes: 2, learningRate: 0 });
    const endless = tf.tensor2d(values.map((x) => [x === 1 ? Number.POSITIVE_INFINITY : 0]));
    await refused('new weights stay finite', endless, labels, { classes: 2 });
    await refused('labels: expected a list', xs, null, { classes: 2 });
    await refused('options.onStep: expected a function', xs, labels, { classes: 2, onStep: 3 });
    const mixed = labels.map((k, i) => (i === 1 ? [k] : k));
    await refused('labels[1]: expected a class index for every sample', xs, mixed, { classes: 2 });
  });
});
