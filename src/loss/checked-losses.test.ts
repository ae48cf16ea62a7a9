import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { fusedBackend, tfjsBackend } from '../../backends/tfjs/backend.js';
import { loadEngine } from '../../backends/tfjs/index.js';
import {
  classBalancedLoss,
  crossEntropyLoss,
  focalLoss,
  ldamLoss,
  logitAdjustedLoss,
  weightedCrossEntropyLoss,
} from '../rivals/index.js';
import { classRectificationLoss } from './class-rectification-loss.js';
import { trainStep } from './train-step.js';
import { trainableBackend } from './training-loss.js';

type Loss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** Every loss of the package for three classes, from logits. */
const LOSSES: [string, (engine: string) => Promise<Loss> | Loss][] = [
  ['CRL', () => classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true })],
  [
    'CRL at instance level',
    () => {
      const loss = classRectificationLoss({
        attributes: [3],
        alpha: 0.1,
        fromLogits: true,
        level: 'instance',
      });
      return (y, z) => loss(y, z, tf.ones([z.shape[0] ?? 1, 2]));
    },
  ],
  [
    'CRL of the graph',
    async (engine) => {
      const backend = await tfjsBackend({ engine });
      return classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true, backend });
    },
  ],
  [
    'CRL of the fused backend',
    async (engine) => {
      const backend = await fusedBackend({ engine });
      return classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true, backend });
    },
  ],
  [
    'CRL of a host backend',
    () => {
      const backend = trainableBackend(referenceBackend());
      return classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true, backend });
    },
  ],
  ['cross entropy', () => crossEntropyLoss()],
  ['weighted cross entropy', () => weightedCrossEntropyLoss({ counts: [5, 2, 1] })],
  ['focal', () => focalLoss()],
  ['focal with α', () => focalLoss({ alpha: [1, 2, 3] })],
  ['class-balanced', () => classBalancedLoss({ counts: [5, 2, 1] })],
  ['logit-adjusted', () => logitAdjustedLoss({ counts: [5, 2, 1] })],
  ['LDAM', () => ldamLoss({ counts: [5, 2, 1] })],
];

/** Losses that take any number of columns, since nothing tells them how many classes there are. */
const OF_ANY_WIDTH = ['cross entropy', 'focal'];

const oneHot = (classes: readonly number[], depth = 3) =>
  tf.tidy(() => tf.tensor2d(classes.map((k) => Array.from({ length: depth }, (_, c) => +(c === k)))));
const classes = [0, 1, 2, -1, 0, 0];
const logits = () =>
  tf.tensor2d(
    classes.map((_, i) => [Math.sin(3 * i) - 2, Math.cos(i), 0.5 * i]),
    [6, 3],
  );

describe.each(['cpu', 'wasm'])('every loss on %s', (engine) => {
  describe.each(LOSSES)('%s', (name, make) => {
    let loss: Loss;
    beforeEach(async () => {
      await loadEngine(engine);
      loss = await make(engine);
    });

    it('refuses shapes that do not fit, before it computes', () => {
      const wrong: [tf.Tensor, tf.Tensor, string][] = [
        [tf.zeros([6, 3]), tf.zeros([2, 3, 3]), 'yPred'],
        [tf.zeros([6, 3]), tf.zeros([6]), 'yPred'],
        [tf.zeros([8, 3]), tf.zeros([6, 3]), 'yTrue'],
        [tf.zeros([1, 3]), tf.zeros([6, 3]), 'yTrue'],
        [tf.zeros([6, 2]), tf.zeros([6, 3]), 'yTrue'],
        [tf.zeros([6, 3, 1]), tf.zeros([6, 3]), 'yTrue'],
        [tf.zeros([5]), tf.zeros([6, 3]), 'yTrue'],
      ];
      for (const [yTrue, yPred, where] of wrong) {
        expect(() => loss(yTrue, yPred)).toThrow(expect.objectContaining({ code: 'wrong-shape', where }));
      }
      expect(() => loss(tf.zeros([0, 3]), tf.zeros([0, 3]))).toThrow(
        expect.objectContaining({ code: 'empty-batch', where: 'yPred' }),
      );
      const wider = () => loss(tf.zeros([6, 4]), tf.zeros([6, 4]));
      if (OF_ANY_WIDTH.includes(name)) expect(wider().shape).toEqual([6]);
      else expect(wider).toThrow(expect.objectContaining({ code: 'wrong-shape', where: 'yPred' }));
    });

    it('refuses scores that are not floats, labels that are not numbers, and tensors that were disposed of', () => {
      const gone = logits();
      gone.dispose();
      const words = tf.tensor2d(classes.map(() => ['a', 'b', 'c']));
      for (const [yTrue, yPred, where] of [
        [oneHot(classes), tf.zeros([6, 3], 'int32'), 'yPred'],
        [oneHot(classes), tf.zeros([6, 3], 'bool'), 'yPred'],
        [words, logits(), 'yTrue'],
        [oneHot(classes), gone, 'yPred'],
        [gone, logits(), 'yTrue'],
      ] as const) {
        expect(() => loss(yTrue, yPred)).toThrow(expect.objectContaining({ code: 'wrong-type', where }));
      }
    });

    it('refuses invalid labels', () => {
      const rows = (row: number[]) =>
        tf.tensor2d([[1, 0, 0], row, [0, 0, 1], [0, 0, 0], [1, 0, 0], [1, 0, 0]]);
      for (const [row, where] of [
        [[0, 1, 1], 'labels[1]'],
        [[1, 1, 1], 'labels[1]'],
        [[0, 0.9, 0.1], 'labels[1][1]'],
        [[-1, 0, 0], 'labels[1][0]'],
        [[0, 0, Number.NaN], 'labels[1][2]'],
      ] as [number[], string][]) {
        expect(() => loss(rows(row), logits())).toThrow(
          expect.objectContaining({ code: 'label-out-of-range', where }),
        );
      }
      expect(() => loss(rows([0, 1, 1]), logits())).toThrow(
        name.startsWith('CRL') ? /encoding 'multi-label'/ : /severalLabels: true, or samples/,
      );
      for (const [index, where] of [
        [3, 'labels[1][0]'],
        [-2, 'labels[1][0]'],
        [0.5, 'labels[1][0]'],
        [Number.NaN, 'labels[1][0]'],
      ] as [number, string][]) {
        expect(() => loss(tf.tensor2d([0, index, 2, -1, 0, 0], [6, 1]), logits())).toThrow(
          expect.objectContaining({ code: 'label-out-of-range', where }),
        );
      }
    });

    it('takes class indices as it takes one-hot rows, with the same derivative', () => {
      const z = logits();
      const of = (y: tf.Tensor) => {
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => tf.mean(loss(y, x)))(z);
        return [...value.dataSync(), ...grad.dataSync()];
      };
      const expected = of(oneHot(classes));
      for (const y of [
        tf.tensor1d(classes, 'int32'),
        tf.tensor1d(classes),
        tf.tensor2d(classes, [6, 1], 'int32'),
        tf.tensor2d(classes, [6, 1]),
      ]) {
        expect(of(y)).toEqual(expected);
      }
    });

    it('takes labels of any type', () => {
      const z = logits();
      const expected = Array.from(loss(oneHot(classes), z).dataSync());
      for (const type of ['int32', 'bool'] as const) {
        expect(Array.from(loss(tf.cast(oneHot(classes), type), z).dataSync())).toEqual(expected);
      }
    });

    it('leaves no tensor behind', () => {
      const [y, indices, z] = [oneHot(classes), tf.tensor1d(classes, 'int32'), logits()];
      const slope = (labels: tf.Tensor) =>
        tf.tidy(() =>
          tf
            .grad((x: tf.Tensor) => tf.mean(loss(labels, x)))(z)
            .dataSync(),
        );
      slope(y);
      const before = tf.memory().numTensors;
      const int32 = tf.cast(y, 'int32');
      for (const labels of [y, indices, int32]) slope(labels);
      tf.dispose([loss(int32, z), int32]);
      tf.dispose(loss(indices, z));
      if (name !== 'CRL at instance level') expect(tf.memory().numTensors).toBe(before);
    });
  });

  it('of several labels per sample refuses what is not 0, 1 or unlabelled', async () => {
    await loadEngine(engine);
    const options = { attributes: [2, 2, 2], encoding: 'multi-label', alpha: 0.1, fromLogits: true } as const;
    const counts = { counts: [3, 2, 1], samples: 9 };
    for (const loss of [
      classRectificationLoss(options),
      classRectificationLoss({ ...options, backend: await tfjsBackend({ engine }) }),
      crossEntropyLoss({ severalLabels: true }),
      focalLoss({ severalLabels: true }),
      weightedCrossEntropyLoss(counts),
      classBalancedLoss(counts),
      logitAdjustedLoss(counts),
      ldamLoss(counts),
    ] as Loss[]) {
      expect(loss(tf.tensor2d([[1, 1, -1]]), tf.zeros([1, 3])).shape).toEqual([1]);
      for (const wrong of [2, 0.5, -2, Number.NaN]) {
        expect(() => loss(tf.tensor2d([[1, wrong, -1]]), tf.zeros([1, 3]))).toThrow(
          expect.objectContaining({ code: 'label-out-of-range', where: 'labels[0][1]' }),
        );
      }
      for (const labels of [[2, 1], [2], [2, 6]]) {
        expect(() => loss(tf.zeros(labels), tf.zeros([2, 3]))).toThrow(
          expect.objectContaining({ code: 'wrong-shape', where: 'yTrue' }),
        );
      }
    }
    const one = classRectificationLoss({ ...options, attributes: [3], encoding: 'one-attribute' });
    expect(() => one(tf.tensor2d([[1, -1, 0]]), tf.zeros([1, 3]))).toThrow(
      'labels[0][1]: expected 0 or 1, got -1',
    );
  });

  it('refuses logits that are taken for probabilities, with every backend', async () => {
    await loadEngine(engine);
    const given = { attributes: [3], alpha: 0.1 };
    for (const backend of [undefined, await tfjsBackend({ engine }), trainableBackend(referenceBackend())]) {
      const made = () => classRectificationLoss({ ...given, ...(backend && { backend }) });
      expect(() => made()(oneHot(classes), logits())).toThrow(
        expect.objectContaining({ code: 'score-out-of-range', where: 'scores[0][0]' }),
      );
      expect(() => made()(oneHot(classes), tf.fill([6, 3], Number.NaN))).toThrow(
        expect.objectContaining({ code: 'score-not-finite', where: 'scores[0][0]' }),
      );
    }
  });

  it('of several attributes takes one column of indices per attribute', async () => {
    await loadEngine(engine);
    const loss = classRectificationLoss({ attributes: [3, 2, 1], alpha: 0.3, fromLogits: true });
    const rows = [
      [1, 0, 0],
      [2, 1, 0],
      [0, -1, 0],
      [1, 1, -1],
    ];
    const z = tf.tensor2d(rows.map((_, i) => [0, 1, 2, 3, 4, 5].map((s) => Math.sin(i + 2 * s))));
    const wide = tf.concat(
      [oneHot([1, 2, 0, 1]), oneHot([0, 1, -1, 1], 2), tf.tensor2d([[1], [1], [1], [0]])],
      1,
    );
    expect(Array.from(loss(tf.tensor2d(rows), z).dataSync())).toEqual(Array.from(loss(wide, z).dataSync()));
    expect(() => loss(tf.tensor2d([[1, 2, 0]]), tf.zeros([1, 6]))).toThrow(
      'labels[0][1]: expected a class index from 0 to 1, or -1 (unlabelled), got 2',
    );
    expect(() => loss(tf.zeros([4, 3]), tf.zeros([4, 3]))).toThrow(/one|concatenate/);
  });

  it('advises a binary classifier of one output, and refuses weights in the place of features', async () => {
    await loadEngine(engine);
    const loss = classRectificationLoss({ attributes: [2], alpha: 0.1, fromLogits: true });
    expect(() => loss(tf.zeros([4, 1]), tf.zeros([4, 1]))).toThrow(
      "yPred: expected n×2 for attributes [2] (for a single sigmoid output, set encoding: 'multi-label'), got 4×1",
    );
    const [y, z] = [tf.tensor2d([[1, 0]]), tf.zeros([1, 2])];
    for (const weights of [[1], { weights: [1] }, null]) {
      expect(() => loss.mean(y, z, weights as never)).toThrow('features: expected a tensor, or undefined');
    }
  });

  it('leaves no tensor behind where it refuses', async () => {
    await loadEngine(engine);
    const loss = classRectificationLoss({ attributes: [3], alpha: 0.1, level: 'instance', fromLogits: true });
    const [indices, z, features] = [tf.tensor1d(classes, 'int32'), logits(), tf.ones([5, 2])];
    const before = tf.memory().numTensors;
    expect(() => loss(indices, z)).toThrow('features');
    expect(() => loss(indices, z, features)).toThrow('features');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('checks the features of instance level', async () => {
    await loadEngine(engine);
    const loss = classRectificationLoss({
      attributes: [3, 2],
      alpha: 0.1,
      fromLogits: true,
      level: 'instance',
    });
    const [y, z] = [tf.tensor2d([[1, 0, 0, 1, 0]]), tf.zeros([1, 5])];
    for (const features of [
      [1, 4],
      [1, 1, 4],
      [2, 1, 4],
    ]) {
      expect(loss(y, z, tf.ones(features)).shape).toEqual([1]);
    }
    for (const features of [[2, 4], [4], [3, 1, 4], [1, 0], [2, 2, 4]]) {
      expect(() => loss(y, z, tf.ones(features))).toThrow(
        expect.objectContaining({ code: 'wrong-shape', where: 'features' }),
      );
    }
    expect(() => loss(y, z)).toThrow(/model\.fit has none to give.*trainStep/);
  });
});

describe('trainStep', () => {
  const model = (units = 3) => tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [2] })] });
  const loss = () => classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true });
  const x = () => tf.ones([6, 2]);

  beforeEach(() => loadEngine('cpu'));

  it('names its arguments', () => {
    expect(() => trainStep(model(), 'adam' as never, loss())).toThrow(
      'optimizer: expected a tf.Optimizer, such as tf.train.adam(0.01), got "adam"',
    );
    expect(() => trainStep(undefined as never, tf.train.sgd(1), loss())).toThrow('model: expected a built');
    expect(() => trainStep(model(), tf.train.sgd(1), crossEntropyLoss() as never)).toThrow(
      'loss: expected what classRectificationLoss returns',
    );
    expect(() => trainStep(model(), tf.train.sgd(1), loss(), { feature: 'x' } as never)).toThrow(
      'options.feature: expected one of features',
    );
    const step = trainStep(model(), tf.train.sgd(1), loss());
    expect(() => step([] as never, oneHot(classes))).toThrow('x: expected a tensor');
    expect(() => step(x(), oneHot(classes), [1, 1, 1, 1, 1, 1] as never)).toThrow(
      'options: expected an object with weights',
    );
  });

  it('names labels that do not fit its batch', () => {
    const step = trainStep(model(), tf.train.sgd(1), loss());
    for (const shape of [[5, 3], [6, 4], [6, 3, 1], [7], []]) {
      expect(() => step(x(), tf.zeros(shape))).toThrow(
        expect.objectContaining({ code: 'wrong-shape', where: 'labels' }),
      );
    }
    expect(() => step(x(), [[1, 0, 0]] as never)).toThrow('labels: expected');
    expect(() => step(x(), tf.tensor1d([0, 1, 3, 0, 0, 0]))).toThrow('labels[2][0]: expected a class index');
  });

  it('takes class indices, of one head or of each', () => {
    const indices = [0, 1, 2, 0, 0, 1];
    const value = (y: tf.Tensor | tf.Tensor[], heads = 1) => {
      const input = tf.input({ shape: [2] });
      const outputs = Array.from({ length: heads }, (_, seed) =>
        tf.layers
          .dense({ units: 3, kernelInitializer: tf.initializers.glorotUniform({ seed: seed + 1 }) })
          .apply(input),
      ) as tf.SymbolicTensor[];
      const attributes = outputs.map(() => 3);
      const ofAll = classRectificationLoss({ attributes, alpha: 0.1, fromLogits: true });
      const step = trainStep(tf.model({ inputs: input, outputs }), tf.train.sgd(1), ofAll);
      return step(tf.tensor2d(indices.map((k, i) => [k, i])), y).dataSync()[0];
    };
    const expected = value(oneHot(indices));
    expect(value(tf.tensor1d(indices, 'int32'))).toBe(expected);
    expect(value([tf.tensor2d(indices, [6, 1])])).toBe(expected);
    const both = value([oneHot(indices), oneHot(indices)], 2);
    expect(value([tf.tensor1d(indices), tf.tensor2d(indices, [6, 1])], 2)).toBe(both);
    expect(value(tf.tensor2d(indices.map((k) => [k, k])), 2)).toBe(both);
    expect(() => value([oneHot(indices), tf.tensor1d(indices)], 2)).toThrow(
      'labels[1]: expected one-hot rows, as other heads have',
    );
    expect(() => value([oneHot(indices), oneHot([0, 1])], 2)).toThrow('labels[1]: expected 6×3');
  });
});
