import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { tfjsBackend } from '../../backends/tfjs/backend.js';
import { loadEngine } from '../../backends/tfjs/index.js';
import { crossEntropyLoss, focalLoss } from '../rivals/index.js';
import { classRectificationLoss } from './class-rectification-loss.js';
import { WATCHED_STEPS } from './minority-watch.js';
import { trainableBackend } from './training-loss.js';

const y = () => tf.tensor2d([0, 0, 1, 1, 1, 2].map((k) => [0, 1, 2].map((c) => +(c === k))));
const z = () => tf.tensor2d([0, 1, 2, 3, 4, 5].map((i) => [Math.sin(i), 2 * Math.cos(i), 1]));

describe('the loss warns once', () => {
  const warn = vi.spyOn(console, 'warn');
  const warned = () => warn.mock.calls.map(([message]) => String(message));
  beforeEach(async () => {
    await loadEngine('wasm');
    warn.mockReset();
  });
  afterEach(() => warn.mockReset());

  it('of a softmax output with fromLogits', () => {
    const loss = classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true });
    for (let call = 0; call < 3; call++) loss(y(), tf.softmax(z()));
    expect(warned()).toHaveLength(1);
    expect(warned()[0]).toMatch(
      /^class-rectification: the loss expects logits.*probabilities.*fromLogits: false/,
    );
    for (const rival of [crossEntropyLoss(), focalLoss()]) rival(y(), tf.softmax(z()));
    expect(warned()).toHaveLength(3);
  });

  it('of sigmoids with fromLogits, where each column has one', () => {
    const present = tf.tensor2d([1, 0, 0, 1, 1, 0].map((l, i) => [l, 1 - l, i % 2]));
    for (const [attributes, encoding] of [
      [[2, 2, 2], 'multi-label'],
      [[3], 'one-attribute'],
    ] as const) {
      const loss = classRectificationLoss({ attributes, encoding, alpha: 0.1, fromLogits: true });
      loss(present, tf.sigmoid(z()));
    }
    crossEntropyLoss({ severalLabels: true })(present, tf.sigmoid(z()));
    expect(warned()).toHaveLength(3);
  });

  it('and not of logits, of probabilities that are meant, or of a single class', () => {
    classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true })(y(), z());
    classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true })(y(), tf.zeros([6, 3]));
    classRectificationLoss({ attributes: [3], alpha: 0.1 })(y(), tf.softmax(z()));
    classRectificationLoss({ attributes: [1], alpha: 0.1, fromLogits: true })(
      tf.ones([6, 1]),
      tf.ones([6, 1]),
    );
    const onlyFirst = classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true });
    onlyFirst(y(), z());
    onlyFirst(y(), tf.softmax(z()));
    expect(warned()).toEqual([]);
  });

  it('of features at class level', () => {
    const loss = classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true });
    for (let call = 0; call < 3; call++) loss(y(), z(), tf.ones([6, 2]));
    expect(warned()).toHaveLength(1);
    expect(warned()[0]).toMatch(/given features, which class level does not use/);
  });

  it('of training labels of 1 and −1 without any 0', () => {
    const made = (trainingLabels: number[][]) =>
      classRectificationLoss({ attributes: [2, 2], encoding: 'multi-label', trainingLabels });
    made([
      [1, -1],
      [-1, 0],
      [1, 1],
    ]);
    expect(warned()).toHaveLength(1);
    expect(warned()[0]).toMatch(/label 0 is 1 or -1 in every row and never 0.*multi-label.*CelebA/);
    made([
      [1, -1],
      [0, 0],
      [-1, 1],
    ]);
    expect(warned()).toHaveLength(1);
  });

  describe('of a training without a surviving minority', () => {
    const alone = () => tf.tensor2d([0, 1, 2].map((k) => [0, 1, 2].map((c) => +(c === k)))); // one sample a class
    const scores = () => tf.tensor2d([0, 1, 2].map((i) => [Math.sin(i), 2 * Math.cos(i), 1]));
    const train = (loss: ReturnType<typeof classRectificationLoss>, labels: tf.Tensor, steps: number) => {
      const given = labels.shape[0] === 3 ? scores() : z();
      for (let step = 0; step < steps; step++) {
        tf.tidy(() =>
          tf
            .grad((x: tf.Tensor) => loss.mean(labels, x))(given)
            .dispose(),
        );
      }
    };
    const backends = [
      ['the default loss', async () => undefined],
      ['the graph', () => tfjsBackend({ engine: 'wasm' })],
      ['a host backend', async () => trainableBackend(referenceBackend())],
    ] as const;
    it.each(backends)(`after ${WATCHED_STEPS} steps, through %s`, async (_, make) => {
      const backend = await make();
      const own = backend === undefined ? {} : { backend };
      const loss = classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true, ...own });
      train(loss, alone(), WATCHED_STEPS - 1);
      expect(warned()).toEqual([]);
      loss(alone(), scores()); // validation is not counted
      expect(warned()).toEqual([]);
      train(loss, alone(), 1);
      expect(warned()).toHaveLength(1);
      expect(warned()[0]).toMatch(/no class was a surviving minority.*larger batches/);
      train(loss, alone(), WATCHED_STEPS);
      expect(warned()).toHaveLength(1);
    });

    it('and not if there was one, or nothing to rectify', () => {
      const loss = classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true });
      train(loss, alone(), WATCHED_STEPS - 1);
      train(loss, y(), 1);
      train(loss, alone(), WATCHED_STEPS);
      const plain = classRectificationLoss({ attributes: [3], alpha: 0, fromLogits: true });
      train(plain, alone(), WATCHED_STEPS + 1);
      expect(warned()).toEqual([]);
    });
  });
});
