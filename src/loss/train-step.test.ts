import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { tfjsBackend } from '../../backends/tfjs/backend.js';
import { loadEngine } from '../../backends/tfjs/index.js';
import { balancedLoss, createBatch, type OptionsInput } from '../../spec/index.js';
import { type ClassRectificationOptions, classRectificationLoss } from './class-rectification-loss.js';
import { trainStep } from './train-step.js';
import { trainableBackend } from './training-loss.js';

// class 1 of the first attribute has three members, class 1 of the second four: |T_j| differ
const labels = Array.from({ length: 12 }, (_, i) => [i < 3 ? 1 : i < 7 ? 2 : 0, i % 3 === 0 ? 1 : 0]);
const inputs = labels.map(([a, b], i) => [
  (a as number) + Math.sin(i),
  Math.cos(3 * i) - (b as number),
  Math.sin(5 * i),
]);
const oneHot = (j: number, classes: number) =>
  tf
    .oneHot(
      tf.tensor1d(
        labels.map((row) => row[j] as number),
        'int32',
      ),
      classes,
    )
    .toFloat();

/** A trunk of features and two heads, of 3 and 2 classes. */
function twoHeads(regularizer?: ReturnType<typeof tf.regularizers.l2>): tf.LayersModel {
  const dense = (seed: number, more: { units: number; [key: string]: unknown }) =>
    tf.layers.dense({ kernelInitializer: tf.initializers.glorotUniform({ seed }), ...more });
  const x = tf.input({ shape: [3] });
  const trunk = dense(3, {
    units: 4,
    activation: 'tanh',
    name: 'trunk',
    ...(regularizer ? { kernelRegularizer: regularizer } : {}),
  }).apply(x);
  const heads = [dense(5, { units: 3 }).apply(trunk), dense(7, { units: 2 }).apply(trunk)];
  return tf.model({ inputs: x, outputs: heads as tf.SymbolicTensor[] });
}

/** Scores, features and the specification's batch of a model as it stands. */
function specBatch(model: tf.LayersModel) {
  const [scores, features] = tf.tidy(() => {
    const trunk = tf.model({ inputs: model.inputs, outputs: (model.layers[1] as tf.layers.Layer).output });
    const heads = model.predict(tf.tensor2d(inputs)) as tf.Tensor[];
    const found = [tf.concat(heads, 1), trunk.predict(tf.tensor2d(inputs)) as tf.Tensor2D];
    return found.map((t) => t.arraySync() as number[][]);
  }) as unknown as [number[][], number[][]];
  return createBatch({ attributes: [3, 2], fromLogits: true, labels, scores, features });
}

const lossOf = (choices: Partial<ClassRectificationOptions>) =>
  classRectificationLoss({ attributes: [3, 2], fromLogits: true, alpha: 0.6, ...choices });

describe('trainStep', () => {
  beforeAll(() => loadEngine('wasm'));

  it('has the loss of the whole batch, |T| pooled over the heads, unlike a sum of one loss per head', async () => {
    const model = twoHeads();
    const loss = lossOf({});
    const batch = specBatch(model);
    const expected = balancedLoss(batch, loss.options);
    const byHead = [0, 1].map((j) => {
      const [from, to] = j === 0 ? [0, 3] : [3, 5];
      const rows = Array.from({ length: 12 }, (_, i) =>
        Array.from({ length: to - from }, (_, s) => batch.scores.get(i, from + s)),
      );
      const own = createBatch({
        attributes: [to - from],
        fromLogits: true,
        labels: labels.map((row) => [row[j] as number]),
        scores: rows,
      });
      return balancedLoss(own, { ...loss.options, margin: [0.5] });
    });
    const [first, second] = byHead.map(({ statistics }) => statistics.triplets) as [number, number];
    expect(first).not.toBe(second);
    expect(
      Math.abs((byHead[0]?.loss as number) + (byHead[1]?.loss as number) - expected.loss),
    ).toBeGreaterThan(0.01);

    const head = model.layers[3] as tf.layers.Layer; // the second
    const bias = () => Array.from(head.getWeights()[1]?.dataSync() as Float32Array);
    const before = bias();
    const step = trainStep(model, tf.train.sgd(1), loss);
    const value = step(tf.tensor2d(inputs), [oneHot(0, 3), oneHot(1, 2)]);
    expect(value.dataSync()[0]).toBeCloseTo(expected.loss, 5);
    // the bias moves by minus the sum of its logits' gradient
    bias().forEach((b, k) => {
      const slope = labels.reduce((sum, _, i) => sum + expected.gradient.get(i, 3 + k), 0);
      expect(b - (before[k] as number)).toBeCloseTo(-slope, 5);
    });
  });

  const levels: [string, OptionsInput][] = (['relative', 'absolute', 'distribution'] as const).map(
    (comparison) => [comparison, { level: 'instance', comparison, range: [0, 4] }],
  );
  it.each(levels)(
    'at instance level trains through features and scores of one run: %s',
    async (_, choices) => {
      for (const backend of [
        undefined,
        await tfjsBackend({ engine: 'wasm' }),
        trainableBackend(referenceBackend()),
      ]) {
        const model = twoHeads();
        const trunk = model.layers[1] as tf.layers.Layer;
        const loss = lossOf({ ...choices, ...(backend ? { backend } : {}) });
        const batch = specBatch(model);
        const expected = balancedLoss(batch, loss.options);
        expect(expected.rectification).toBeGreaterThan(0);
        let runs = 0;
        const call = trunk.call.bind(trunk);
        trunk.call = (...given) => {
          runs += 1;
          return call(...given);
        };
        const heads = model.layers.slice(2).map((head) => (head.getWeights()[0] as tf.Tensor2D).arraySync());
        const bias = () => Array.from(trunk.getWeights()[1]?.dataSync() as Float32Array);
        const before = bias();
        const step = trainStep(model, tf.train.sgd(1), loss, { features: 'trunk' });
        const value = step(tf.tensor2d(inputs), [oneHot(0, 3), oneHot(1, 2)]).dataSync()[0];
        expect(value).toBeCloseTo(expected.loss, 5);
        expect(runs).toBe(1);
        // ∂L/∂f through the heads and by L_crl itself, then through tanh
        bias().forEach((b, t) => {
          const slope = labels.reduce((sum, _, i) => {
            const f = batch.features?.matrices[0]?.get(i, t) as number;
            const weights = [0, 1, 2, 3, 4].map(
              (s) => (s < 3 ? heads[0]?.[t]?.[s] : heads[1]?.[t]?.[s - 3]) as number,
            );
            const throughScores = weights.reduce((all, w, s) => all + w * expected.gradient.get(i, s), 0);
            const own = expected.featureGradient?.get(i, t) as number;
            return sum + (1 - f * f) * (throughScores + own);
          }, 0);
          expect(b - (before[t] as number)).toBeCloseTo(-slope, 4);
        });
      }
    },
  );

  it('takes the penultimate layer of a sequential model, and dropout as in training', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [3], kernelInitializer: 'ones', name: 'penultimate' }),
        tf.layers.dropout({ rate: 0.999, seed: 1 }),
        tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }) }),
      ],
    });
    const loss = classRectificationLoss({ attributes: [3], alpha: 0, level: 'instance', fromLogits: true });
    const step = trainStep(model, tf.train.sgd(0.1), loss, { features: 'penultimate' });
    // all dropped: every class alike
    expect(step(tf.tensor2d(inputs), oneHot(0, 3)).dataSync()[0]).toBeCloseTo(Math.log(3), 5);
  });

  it('adds the regularisers of the layers, as fit does', () => {
    const value = (factor?: number) => {
      const model = twoHeads(factor === undefined ? undefined : tf.regularizers.l2({ l2: factor }));
      const trunk = (model.layers[1] as tf.layers.Layer).getWeights()[0] as tf.Tensor;
      const penalty = (factor ?? 0) * (tf.sum(tf.square(trunk)).dataSync()[0] as number);
      const step = trainStep(model, tf.train.sgd(1), lossOf({}));
      return {
        penalty,
        loss: step(tf.tensor2d(inputs), [oneHot(0, 3), oneHot(1, 2)]).dataSync()[0] as number,
      };
    };
    const [plain, regular] = [value(), value(0.5)];
    expect(regular.penalty).toBeGreaterThan(0.1);
    expect(regular.loss - plain.loss).toBeCloseTo(regular.penalty, 5);
  });

  it('leaks no tensor over 10 steps', () => {
    const model = twoHeads();
    const step = trainStep(model, tf.train.adam(0.01), lossOf({ level: 'instance' }), {
      features: 'trunk',
    });
    const x = tf.tensor2d(inputs);
    const y = [oneHot(0, 3), oneHot(1, 2)];
    step(x, y).dispose();
    const before = tf.memory().numTensors;
    for (let at = 0; at < 10; at++) step(x, y).dispose();
    expect(() => step(x, y.slice(1))).toThrow(
      'labels: expected 2 tensors, one per head, or one tensor, got 1',
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses heads, layers and levels that do not fit, by name', () => {
    const model = twoHeads();
    const sgd = tf.train.sgd(1);
    const swapped = classRectificationLoss({ attributes: [2, 3], alpha: 0.1 });
    expect(() => trainStep(model, sgd, swapped)).toThrow(
      'model.outputs: expected heads of 2, 3 units, got 3, 2',
    );
    const wide = classRectificationLoss({ attributes: [4], alpha: 0.1 });
    expect(() =>
      trainStep(tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [3] })] }), sgd, wide),
    ).toThrow('model.outputs: expected 4 units in all, got 3');
    const instance = lossOf({ level: 'instance' });
    expect(() => trainStep(model, sgd, instance)).toThrow('options.features: expected the name of a layer');
    expect(() => trainStep(model, sgd, lossOf({}), { features: 'trunk' })).toThrow(
      'options.features: expected none at class level (say level: \'instance\'), got "trunk"',
    );
    expect(() => trainStep(model, sgd, instance, { features: 'trank' })).toThrow(/one of input.*got "trank"/);
  });

  it('refuses a layer whose output is an image, and a loss that is handed no features', () => {
    const image = tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 2, kernelSize: 1, inputShape: [2, 2, 1], name: 'map' }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3 }),
      ],
    });
    const instance = classRectificationLoss({ attributes: [3], alpha: 0.1, level: 'instance' });
    expect(() => trainStep(image, tf.train.sgd(1), instance, { features: 'map' })).toThrow(
      'output of map: expected n×d, got n×2×2×2',
    );
    expect(() => instance(oneHot(0, 3), tf.fill([12, 3], 1 / 3))).toThrow('features: expected n×d');
  });
});

describe('the loss', () => {
  beforeAll(() => loadEngine('wasm'));

  it('of heads joined to one output pools |T| in model.fit', async () => {
    const heads = twoHeads();
    const output = tf.layers.concatenate().apply(heads.outputs) as tf.SymbolicTensor;
    const model = tf.model({ inputs: heads.inputs, outputs: output });
    const loss = lossOf({});
    const expected = balancedLoss(specBatch(heads), loss.options);
    model.compile({ optimizer: tf.train.sgd(0.1), loss });
    const y = tf.concat([oneHot(0, 3), oneHot(1, 2)], 1);
    const { history } = await model.fit(tf.tensor2d(inputs), y, { batchSize: 12, epochs: 1, verbose: 0 });
    expect(history.loss?.[0]).toBeCloseTo(expected.loss, 5);
  });

  it('of multi-label data trains in a loop of your own', () => {
    const present = labels.map(([a, b], i) => [+(a === 1), i === 4 ? -1 : (b as number), +(i % 2 === 0)]);
    const loss = classRectificationLoss({
      attributes: [2, 2, 2],
      encoding: 'multi-label',
      alpha: 0.4,
      fromLogits: true,
    });
    const weights = tf.variable(tf.tensor2d(inputs).transpose().slice([0, 0], [3, 3]) as tf.Tensor2D);
    const x = tf.tensor2d(inputs);
    const y = tf.tensor2d(present);
    const logits = tf.matMul(x, weights) as tf.Tensor2D;
    const expected = balancedLoss(
      createBatch({
        attributes: [2, 2, 2],
        encoding: 'multi-label',
        fromLogits: true,
        labels: present.map((row) => row.map((l) => (l < 0 ? null : l))),
        scores: logits.arraySync(),
      }),
      loss.options,
    );
    expect(expected.statistics.triplets).toBeGreaterThan(0);
    const slope = tf.matMul(x, tf.tensor2d(Array.from(expected.gradient.data), [12, 3]), true).dataSync();
    const before = weights.dataSync().slice();
    const value = tf.train.sgd(1).minimize(() => tf.mean(loss(y, tf.matMul(x, weights))), true);
    expect(value?.dataSync()[0]).toBeCloseTo(expected.loss, 5);
    weights.dataSync().forEach((w, at) => {
      expect(w - (before[at] as number)).toBeCloseTo(-(slope[at] as number), 4);
    });
  });
});
