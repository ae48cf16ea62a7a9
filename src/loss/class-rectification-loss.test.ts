import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { loadEngine } from '../../backends/tfjs/index.js';
import { composeBackend } from '../../properties/wrong-backends/compose.js';
import type { Backend } from '../../spec/index.js';
import { balancedLoss, createBatch, resolveOptions } from '../../spec/index.js';
import { CannotTrainError } from '../support/cannot-train-error.js';
import { classRectificationLoss } from './class-rectification-loss.js';
import { trainableBackend } from './training-loss.js';

const labels = [0, 0, 1, 1, 1, 2, 2, 0, 1, 1];
const inputs = labels.map((k, i) => [k + Math.sin(i), Math.cos(3 * i), k * 0.5 - 0.3]);

function model(activation: 'softmax' | 'linear'): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.dense({
        units: 3,
        activation,
        inputShape: [3],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
      }),
    ],
  });
}

describe('classRectificationLoss', () => {
  beforeAll(() => loadEngine('wasm'));

  it('refuses invalid labels instead of taking them for unlabelled', () => {
    const loss = classRectificationLoss({ attributes: [3], alpha: 0.5 });
    const scores = tf.fill([2, 3], 1 / 3);
    expect(() =>
      loss(
        tf.tensor2d([
          [1, 0, 0],
          [0, 0.9, 0.1],
        ]),
        scores,
      ),
    ).toThrow('labels[1][1]: expected 0 or 1');
    // tfjs's wasm engine writes whole numbers into a float32 tensor here
    const oneHot = tf.oneHot(tf.tensor1d([0, 2], 'int32'), 3, 1, 0, 'float32');
    expect(() => loss(oneHot, scores)).toThrow('labels[0][0]');
    const binary = classRectificationLoss({ attributes: [2, 2], encoding: 'multi-label', alpha: 0.5 });
    expect(() => binary(tf.tensor2d([[0, 0.5]]), tf.fill([1, 2], 0.5))).toThrow(
      'labels[0][1]: expected 0 or 1, or -1 (unlabelled), got 0.5',
    );
  });

  it.each(['softmax', 'linear'] as const)(
    'model.compile and fit with %s outputs take the specification’s gradient',
    async (activation) => {
      const fromLogits = activation === 'linear';
      const net = model(activation);
      const loss = classRectificationLoss({ attributes: [3], alpha: 0.5, fromLogits });
      net.compile({ optimizer: tf.train.sgd(1), loss });
      const x = tf.tensor2d(inputs);
      const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat();
      const bias = () => net.getWeights()[1]?.dataSync() as Float32Array;
      const before = Float32Array.from(bias());
      const logits = tf.tidy(() =>
        tf.add(tf.matMul(x, net.getWeights()[0] as tf.Tensor), net.getWeights()[1] as tf.Tensor),
      ) as tf.Tensor2D;
      const expected = balancedLoss(
        createBatch({
          attributes: [3],
          labels: labels.map((k) => [k]),
          scores: logits.arraySync(),
          fromLogits: true,
        }),
        loss.options,
      );
      expect(expected.statistics.triplets).toBeGreaterThan(0);
      const history = await net.fit(x, y, {
        epochs: 1,
        batchSize: labels.length,
        shuffle: false,
        verbose: 0,
      });
      expect(history.history.loss?.[0]).toBeCloseTo(expected.loss, 5);
      // the bias moves by minus the sum of the logits' gradient
      const step = Array.from(bias(), (b, k) => b - (before[k] as number));
      step.forEach((moved, k) => {
        const slope = labels.reduce((sum, _, i) => sum + expected.gradient.get(i, k), 0);
        expect(moved).toBeCloseTo(-slope, 5);
      });
    },
  );

  it('leaks no tensor over 20 training steps', async () => {
    const net = model('softmax');
    net.compile({
      optimizer: tf.train.sgd(0.1),
      loss: classRectificationLoss({ attributes: [3], trainingLabels: labels, eta: 0.5 }),
    });
    const x = tf.tensor2d(inputs);
    const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat();
    await net.trainOnBatch(x, y);
    const before = tf.memory().numTensors;
    for (let step = 0; step < 20; step++) await net.trainOnBatch(x, y);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes α from η and Ω of the training labels', () => {
    const loss = classRectificationLoss({ attributes: [2], trainingLabels: [0, 0, 0, 1], eta: 0.3 });
    expect(loss.omega).toBeCloseTo(1 / 3, 15);
    expect(loss.options.alpha).toBeCloseTo(0.1, 15);
    expect(classRectificationLoss({ attributes: [2], trainingLabels: [[0], [1]] }).options.alpha).toBe(0);
    expect(classRectificationLoss({ attributes: [2], imbalance: 0.5, eta: 0.5 }).options.alpha).toBe(0.25);
  });

  it('gives the same through a host backend as through the graph', () => {
    const scores = tf.softmax(tf.tensor2d(inputs));
    const y = tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat();
    const value = (backend?: Backend) => {
      const loss = classRectificationLoss({ attributes: [3], alpha: 0.5, ...(backend ? { backend } : {}) });
      const { value, grad } = tf.valueAndGrad((p: tf.Tensor) => loss.mean(y, p))(scores);
      return [...value.dataSync(), ...grad.dataSync()];
    };
    const graph = value();
    for (const [at, x] of value(trainableBackend(referenceBackend())).entries())
      expect(x).toBeCloseTo(graph[at] as number, 5);
  });

  it('shows what each step found, on the device', () => {
    let triplets: tf.Tensor | undefined;
    const loss = classRectificationLoss({
      attributes: [3],
      alpha: 1,
      observe: (found) => {
        triplets = tf.keep(found.triplets.clone());
      },
    });
    const scores = tf.softmax(tf.tensor2d(inputs));
    loss(tf.oneHot(tf.tensor1d(labels, 'int32'), 3).toFloat(), scores);
    const batch = createBatch({
      attributes: [3],
      labels: labels.map((k) => [k]),
      scores: scores.arraySync() as number[][],
    });
    const expected = balancedLoss(batch, { ...resolveOptions(batch), alpha: 1 });
    expect(triplets?.dataSync()[0]).toBe(expected.statistics.triplets);
  });

  it('refuses contradictions, unknown options and backends that cannot train', () => {
    expect(() => classRectificationLoss({ attributes: [2] })).toThrow(
      'options: expected trainingLabels (for α = η·Ω) or alpha',
    );
    expect(() => classRectificationLoss({ attributes: [2], alpha: 0.1, eta: 0.1 })).toThrow(
      'options.eta: expected no value where alpha is given, got 0.1',
    );
    expect(() => classRectificationLoss({ attributes: [2], alpha: 1.5 })).toThrow(
      'alpha: expected a number in [0, 1], got 1.5',
    );
    expect(() => classRectificationLoss({ attributes: [2], alpha: 0.1, kapa: 2 } as never)).toThrow(
      'options.kapa',
    );
    expect(() =>
      classRectificationLoss({ attributes: [2], alpha: 0.1, backend: composeBackend('slow', {}) }),
    ).toThrow(CannotTrainError);
    expect(() =>
      classRectificationLoss({ attributes: [2], alpha: 0.1, backend: referenceBackend() }),
    ).toThrow('give trainableBackend(backend) instead, from class-rectification/verify');
    expect(() => classRectificationLoss({ attributes: [2], trainingLabels: [0, 5] })).toThrow(
      'options.trainingLabels[1]: expected an integer from -1 to 1',
    );
  });
});
