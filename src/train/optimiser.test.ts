import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../../backends/tfjs/index.js';
import { Optimiser } from './optimiser.js';

const lossOf = (w: tf.Variable) => () => tf.sum(tf.square(tf.sub(w, [3, -1]))) as tf.Scalar;

describe('an optimiser', () => {
  beforeAll(() => loadEngine('cpu'));

  it.each([
    [{ kind: 'sgd' }, () => tf.train.sgd(0.1)],
    [{ kind: 'momentum', momentum: 0.9 }, () => tf.train.momentum(0.1, 0.9)],
    [{ kind: 'adam' }, () => tf.train.adam(0.1)],
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

  it('keeps no tensor but its state', () => {
    const w = tf.variable(tf.tensor1d([1, 1]));
    const optimiser = new Optimiser({ kind: 'adam' }, [w]);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 3; step++) optimiser.minimise(lossOf(w), 0.1);
    expect(tf.memory().numTensors).toBe(before);
    optimiser.dispose();
    expect(tf.memory().numTensors).toBe(before - 2);
  });
});
