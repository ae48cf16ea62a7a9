import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../../backends/tfjs/index.js';
import { Optimiser } from './optimiser.js';

const lossOf = (w: tf.Variable) => () => tf.sum(tf.square(tf.sub(w, [3, -1]))) as tf.Scalar;

describe('an optimiser', () => {
  beforeAll(() => loadEngine('cpu'));

  it.each([
    [{ kind: 'sgd', weightDecay: 0 }, () => tf.train.sgd(0.1)],
    [{ kind: 'momentum', momentum: 0.9, weightDecay: 0 }, () => tf.train.momentum(0.1, 0.9)],
    [{ kind: 'adam', weightDecay: 0 }, () => tf.train.adam(0.1)],
  ] as const)('%j takes the steps of tfjs', (config, theirs) => {
    const [ours, reference] = [tf.variable(tf.tensor1d([1, 1])), tf.variable(tf.tensor1d([1, 1]))];
    const [optimiser, other] = [new Optimiser(config, [ours]), theirs()];
    for (let step = 0; step < 5; step++) {
      optimiser.minimise(lossOf(ours), 0.1);
      other.minimize(lossOf(reference), false, [reference]);
    }
    const [a, b] = [Array.from(ours.dataSync()), Array.from(reference.dataSync())];
    a.forEach((value, at) => {
      expect(value).toBeCloseTo(b[at] as number, 5);
    });
    expect(a[0]).not.toBe(1);
  });

  it('scales gradients whose norm, over all variables, is larger than clipNorm', () => {
    const [a, b] = [tf.variable(tf.tensor1d([0])), tf.variable(tf.tensor2d([[0, 0]]))];
    // a gradient of (3, 0, 4), of norm 5
    const loss = () => tf.add(tf.sum(tf.mul(a, 3)), tf.sum(tf.mul(b, [[0, 4]]))) as tf.Scalar;
    new Optimiser({ kind: 'sgd', weightDecay: 0, clipNorm: 1 }, [a, b]).minimise(loss, 1);
    expect([...a.dataSync(), ...b.dataSync()].map((x) => Number(x.toFixed(5)))).toEqual([-0.6, 0, -0.8]);
    new Optimiser({ kind: 'sgd', weightDecay: 0, clipNorm: 6 }, [a, b]).minimise(loss, 1);
    expect([...a.dataSync(), ...b.dataSync()].map((x) => Number(x.toFixed(5)))).toEqual([-3.6, 0, -4.8]);
  });

  it('lets kernels decay beside the step of the gradient, and no biases', () => {
    const [kernel, bias] = [tf.variable(tf.tensor2d([[2]])), tf.variable(tf.tensor1d([2]))];
    const loss = () => tf.add(tf.sum(kernel), tf.sum(bias)) as tf.Scalar;
    new Optimiser({ kind: 'sgd', weightDecay: 0.5 }, [kernel, bias]).minimise(loss, 0.1);
    // 2·(1 − 0.1·0.5) − 0.1·1, and 2 − 0.1·1
    expect(kernel.dataSync()[0]).toBeCloseTo(1.8, 6);
    expect(bias.dataSync()[0]).toBeCloseTo(1.9, 6);
  });

  it('keeps no tensor but its state', () => {
    const w = tf.variable(tf.tensor1d([1, 1]));
    const optimiser = new Optimiser({ kind: 'adam', weightDecay: 0.1, clipNorm: 1 }, [w]);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 3; step++) optimiser.minimise(lossOf(w), 0.1);
    expect(tf.memory().numTensors).toBe(before);
    optimiser.dispose();
    expect(tf.memory().numTensors).toBe(before - 2);
  });
});
