import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { tfjsBackend } from '../../backends/tfjs/backend.js';
import { loadEngine } from '../../backends/tfjs/index.js';
import { balancedLoss, createBatch } from '../../spec/index.js';
import { crossEntropyLoss, focalLoss, ldamLoss, type RivalLoss } from '../rivals/index.js';
import { CannotTrainError } from '../support/cannot-train-error.js';
import { type ClassRectificationOptions, classRectificationLoss } from './class-rectification-loss.js';
import { trainStep } from './train-step.js';
import { trainableBackend } from './training-loss.js';

const labels = [0, 0, 1, 1, 1, 2, 2, 0, -1, 1];
const rows = labels.map((k, i) => [Math.fround(k + Math.sin(i)), Math.fround(Math.cos(3 * i)), 0.25 * k]);
const classWeight = { 0: 0.5, 1: 0, 2: 4 };
const sampleWeights = labels.map((_, i) => [0, 1.5, 0.25, 3][i % 4] as number);
const oneHot = () => tf.tensor2d(labels.map((k) => [0, 1, 2].map((c) => +(c === k))));
const batch = createBatch({
  attributes: [3],
  labels: labels.map((k) => [k]),
  scores: rows,
  fromLogits: true,
});
const made = (choices: Partial<ClassRectificationOptions> = {}) =>
  classRectificationLoss({ attributes: [3], alpha: 0.5, fromLogits: true, ...choices });
/** A model whose kernel is the identity and whose bias is 0: its logits are its inputs. */
const identity = (labelled = rows) => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [3] })] });
  model.setWeights([tf.eye(3), tf.zeros([3])]);
  return { model, x: tf.tensor2d(labelled), bias: () => Array.from(model.getWeights()[1]?.dataSync() ?? []) };
};
/** Σ_i of each column of a gradient: what the bias moves by, negated, at a learning rate of 1. */
const sums = (gradient: { get(i: number, k: number): number }) =>
  [0, 1, 2].map((k) => labels.reduce((sum, _, i) => sum + gradient.get(i, k), 0));

describe.each(['cpu', 'wasm'])('sample weights on %s', (engine) => {
  beforeEach(() => loadEngine(engine));

  it('classWeight of model.fit weighs samples, and not L_crl by class', async () => {
    const known = labels.map((k) => Math.max(k, 0)); // tfjs takes the argMax of a row of zeros for class 0
    const weights = known.map((k) => classWeight[k as 0 | 1 | 2]);
    for (const alpha of [0, 0.5, 1]) {
      const expected = balancedLoss(batch, { ...made().options, alpha }, weights);
      expect(expected.statistics.triplets).toBeGreaterThan(0);
      const { model, x, bias } = identity();
      model.compile({ optimizer: tf.train.sgd(1), loss: made({ alpha }) });
      const { history } = await model.fit(x, oneHot(), {
        batchSize: 10,
        shuffle: false,
        classWeight,
        verbose: 0,
      });
      expect(history.loss?.[0]).toBeCloseTo(expected.loss, 5);
      sums(expected.gradient).forEach((slope, k) => {
        expect(bias()[k]).toBeCloseTo(-slope, 5);
      });
    }
  });

  it('model.evaluate gives L, and fit without weights what it gave as a scalar', async () => {
    const expected = balancedLoss(batch, made().options).loss;
    const { model, x } = identity();
    model.compile({ optimizer: tf.train.sgd(0), loss: made() });
    const scalar = model.evaluate(x, oneHot(), { batchSize: 10 }) as tf.Scalar;
    expect(scalar.dataSync()[0]).toBeCloseTo(expected, 5);
    const { history } = await model.fit(x, oneHot(), { batchSize: 10, verbose: 0 });
    expect(history.loss?.[0]).toBeCloseTo(expected, 5);
  });

  it('trainStep takes them as numbers or as a tensor', () => {
    const expected = balancedLoss(batch, made().options, sampleWeights);
    for (const weights of [sampleWeights, Float32Array.from(sampleWeights), tf.tensor1d(sampleWeights)]) {
      const { model, x, bias } = identity();
      const value = trainStep(model, tf.train.sgd(1), made())(x, oneHot(), { weights });
      expect(value.shape).toEqual([]);
      expect(value.dataSync()[0]).toBeCloseTo(expected.loss, 5);
      sums(expected.gradient).forEach((slope, k) => {
        expect(bias()[k]).toBeCloseTo(-slope, 5);
      });
    }
  });

  it('all 0 give L = 0 and move nothing', () => {
    const { model, x, bias } = identity();
    const value = trainStep(model, tf.train.sgd(1), made())(x, oneHot(), { weights: labels.map(() => 0) });
    expect(value.dataSync()[0]).toBe(0);
    expect(bias().map(Math.abs)).toEqual([0, 0, 0]);
  });

  it('weigh the features of instance level by their mean', () => {
    const features = tf.tensor2d(rows.map(([a, b]) => [a as number, b as number]));
    const own = createBatch({
      attributes: [3],
      labels: labels.map((k) => [k]),
      scores: rows,
      fromLogits: true,
      features: features.arraySync(),
    });
    const loss = made({ level: 'instance', margin: 1 });
    const expected = balancedLoss(own, loss.options, sampleWeights);
    expect(expected.rectification).toBeGreaterThan(0);
    const { value, grads } = tf.valueAndGrads((z: tf.Tensor, f: tf.Tensor) =>
      loss.mean(oneHot(), z, f, sampleWeights),
    )([tf.tensor2d(rows), features]);
    expect(value.dataSync()[0]).toBeCloseTo(expected.loss, 5);
    const [ofScores, ofFeatures] = grads.map((slope) => slope.dataSync());
    expected.gradient.data.forEach((slope, at) => {
      expect(ofScores?.[at]).toBeCloseTo(slope, 5);
    });
    expected.featureGradient?.data.forEach((slope, at) => {
      expect(ofFeatures?.[at]).toBeCloseTo(slope, 5);
    });
  });

  it('are refused by their place if negative, not finite, or of another number', () => {
    const { model, x } = identity();
    const step = trainStep(model, tf.train.sgd(1), made());
    for (const [wrong, code, where] of [
      [sampleWeights.with(3, -1), 'weight-out-of-range', 'weights[3]'],
      [sampleWeights.with(2, Number.NaN), 'weight-out-of-range', 'weights[2]'],
      [sampleWeights.with(0, Number.POSITIVE_INFINITY), 'weight-out-of-range', 'weights[0]'],
      [sampleWeights.slice(1), 'wrong-shape', 'weights'],
    ] as const) {
      for (const weights of [wrong, tf.tensor1d([...wrong])]) {
        expect(() => step(x, oneHot(), { weights })).toThrow(expect.objectContaining({ code, where }));
      }
    }
    expect(() => step(x, oneHot(), { weights: tf.zeros([10, 1]) })).toThrow(
      expect.objectContaining({ code: 'wrong-shape', where: 'weights' }),
    );
    expect(() => step(x, oneHot(), { weights: 2 as never })).toThrow(
      expect.objectContaining({ code: 'wrong-type', where: 'weights' }),
    );
  });

  it('weigh the samples of a rival', async () => {
    const rivals: RivalLoss[] = [crossEntropyLoss(), focalLoss(), ldamLoss({ counts: [5, 3, 2] })];
    for (const loss of rivals) {
      const perSample = Array.from(loss(oneHot(), tf.tensor2d(rows)).dataSync());
      expect(Math.abs(perSample[8] as number)).toBe(0); // unlabelled
      const known = labels.map((k) => classWeight[Math.max(k, 0) as 0 | 1 | 2]);
      const expected = perSample.reduce((sum, own, i) => sum + own * (known[i] as number), 0) / labels.length;
      const { model, x } = identity();
      model.compile({ optimizer: tf.train.sgd(0.1), loss });
      const { history } = await model.fit(x, oneHot(), {
        batchSize: 10,
        shuffle: false,
        classWeight,
        verbose: 0,
      });
      expect(history.loss?.[0]).toBeCloseTo(expected, 5);
    }
  });

  it('are known to a backend that declares so; a host backend stays a scalar', async () => {
    const graph = made({ backend: await tfjsBackend({ engine }) });
    expect(graph.weighsSamples).toBe(true);
    const expected = balancedLoss(batch, graph.options, sampleWeights).loss;
    const found = graph.mean(oneHot(), tf.tensor2d(rows), undefined, sampleWeights);
    expect(found.dataSync()[0]).toBeCloseTo(expected, 5);

    const host = made({ backend: trainableBackend(referenceBackend()) });
    expect(host.weighsSamples).toBe(false);
    expect(host(oneHot(), tf.tensor2d(rows)).shape).toEqual([]);
    const { model, x } = identity();
    const step = trainStep(model, tf.train.sgd(1), host);
    expect(step(x, oneHot()).shape).toEqual([]);
    expect(() => step(x, oneHot(), { weights: sampleWeights })).toThrow(CannotTrainError);
  });
});
