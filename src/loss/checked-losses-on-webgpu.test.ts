import * as tf from '@tensorflow/tfjs';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadEngine } from '../../backends/tfjs/index.js';
import { crossEntropyLoss } from '../rivals/index.js';
import { classRectificationLoss } from './class-rectification-loss.js';
import { WATCHED_STEPS } from './minority-watch.js';
import { trainStep } from './train-step.js';

const absent = await loadEngine('webgpu').then(
  () => undefined,
  (error: Error) => error.message,
);

const right = () => tf.tensor2d([0, 0, 1, 1, 1, 2].map((k) => [0, 1, 2].map((c) => +(c === k))));
const severalOnes = () => tf.tensor2d([0, 0, 1, 1, 1, 2].map((k) => [0, 1, 2].map((c) => +(c >= k))));
const z = () => tf.tensor2d([0, 1, 2, 3, 4, 5].map((i) => [Math.sin(i), 2 * Math.cos(i), 1]));
type Loss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;
type Check = 'first' | 'always' | 'never';
const LOSSES: [string, (check?: Check) => Loss][] = [
  [
    'CRL',
    (check) =>
      classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true, ...(check && { check }) }),
  ],
  ['a rival', (check) => crossEntropyLoss(check && { check })],
];

/** Waits until reads that were begun have arrived. */
async function arrived(): Promise<void> {
  const last = tf.tidy(() => tf.ones([1]).add(1));
  await last.data();
  last.dispose();
  await new Promise((resolve) => setImmediate(resolve));
}

describe.skipIf(absent)(`losses on webgpu${absent ? `, skipped: ${absent}` : ''}`, () => {
  beforeAll(async () => {
    await loadEngine('webgpu');
  });

  describe.each(LOSSES)('%s', (_, make) => {
    it('refuses wrong shapes at once', () => {
      const loss = make();
      for (const [labels, scores] of [
        [
          [6, 3],
          [2, 3, 3],
        ],
        [
          [8, 3],
          [6, 3],
        ],
        [
          [6, 2],
          [6, 3],
        ],
        [[5], [6, 3]],
      ] as const) {
        expect(() => loss(tf.zeros([...labels]), tf.zeros([...scores]))).toThrow(
          expect.objectContaining({ code: 'wrong-shape' }),
        );
      }
    });

    it('tells of wrong labels in its next call, without waiting', async () => {
      for (const [labels, where] of [
        [severalOnes(), 'labels[0]'],
        [tf.mul(right(), 0.9), 'labels[0][0]'],
        [tf.tensor1d([0, 3, 0, 0, 0, 0]), 'labels[1][0]'],
      ] as const) {
        const loss = make();
        loss(labels, z()).dispose();
        await arrived();
        expect(() => loss(right(), z())).toThrow(
          expect.objectContaining({ code: 'label-out-of-range', where }),
        );
        loss(right(), z()).dispose(); // it is told once
      }
    });

    it('checks the first 10 batches, all of them, or none', async () => {
      const found = async (check: Check | undefined, batch: number) => {
        const loss = make(check);
        for (let at = 0; at < batch; at++) loss(right(), z()).dispose();
        loss(severalOnes(), z()).dispose();
        await arrived();
        try {
          loss(right(), z()).dispose();
          return false;
        } catch {
          return true;
        }
      };
      expect(await found(undefined, 9)).toBe(true);
      expect(await found(undefined, 10)).toBe(false);
      expect(await found('always', 10)).toBe(true);
      expect(await found('never', 0)).toBe(false);
    });

    it('takes class indices, and leaves no tensor behind', async () => {
      const loss = make();
      const [indices, rows, scores] = [tf.tensor1d([0, 0, 1, 1, 1, 2], 'int32'), right(), z()];
      const before = tf.memory().numTensors;
      const [a, b] = [loss(indices, scores), loss(rows, scores)];
      const [own, other] = await Promise.all([a.data(), b.data()]);
      expect(own).toEqual(other);
      expect(own).toHaveLength(6);
      tf.dispose([a, b]);
      await arrived();
      expect(tf.memory().numTensors).toBe(before);
    });
  });

  it('tells of logits that are taken for probabilities', async () => {
    const loss = classRectificationLoss({ attributes: [3], alpha: 0.1 });
    loss(right(), z()).dispose();
    await arrived();
    expect(() => loss(right(), z())).toThrow('scores[0][1]: expected a probability in [0, 1], got 2');
  });

  it('a step tells of wrong labels and weights in the next one', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [3] })] });
    const made = () => classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true });
    const step = trainStep(model, tf.train.sgd(0.1), made());
    step(z(), severalOnes()).dispose();
    await arrived();
    expect(() => step(z(), right())).toThrow('labels[0]: expected at most one 1 per attribute');
    const weighted = trainStep(model, tf.train.sgd(0.1), made());
    weighted(z(), right(), { weights: tf.tensor1d([1, 1, -2, 1, 1, 1]) }).dispose();
    await arrived();
    expect(() => weighted(z(), right())).toThrow('weights[2]: expected a finite number ≥ 0, got -2');
    expect(() => weighted(z(), right(), { weights: [1, -1, 1, 1, 1, 1] })).toThrow('weights[1]');
  });

  describe('warnings', () => {
    const warn = vi.spyOn(console, 'warn');
    beforeEach(() => {
      warn.mockReset();
    });

    it('of probabilities arrive without waiting', async () => {
      for (const [, make] of LOSSES) make()(right(), tf.softmax(z())).dispose();
      await arrived();
      expect(
        warn.mock.calls.map(String).filter((text) => /looks like probabilities/.test(text)),
      ).toHaveLength(2);
    });

    it('of no minority count every step on the device', async () => {
      const alone = tf.eye(3);
      const scores = tf.tensor2d([0, 1, 2].map((i) => [Math.sin(i), 2 * Math.cos(i), 1]));
      const made = () => classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true });
      const train = async (loss: ReturnType<typeof made>, labels: tf.Tensor, steps: number) => {
        const given = labels.shape[0] === 3 ? scores : z();
        for (let step = 0; step < steps; step++) {
          tf.tidy(() =>
            tf
              .grad((x: tf.Tensor) => loss.mean(labels, x))(given)
              .dispose(),
          );
          if (step === 0) await arrived();
        }
        await arrived();
      };
      const told = () => warn.mock.calls.map(String).filter((text) => /surviving minority/.test(text));
      const never = made();
      await train(never, alone, WATCHED_STEPS - 1);
      expect(told()).toEqual([]);
      await train(never, alone, 2);
      expect(told()).toHaveLength(1);
      const late = made();
      await train(late, alone, WATCHED_STEPS - 1);
      await train(late, right(), 1);
      await train(late, alone, 3);
      expect(told()).toHaveLength(1);
    });
  });
});
