import { grad, jit, numpy as np, valueAndGrad } from '@jax-js/jax';
import { describe, expect, it } from 'vitest';
import { balancedLoss, createBatch, resolveOptions } from '../../spec/index.js';
import { classRectificationLoss, type JaxClassRectificationLoss } from './class-rectification-loss.js';
import type { JaxArray } from './operations.js';

const LABELS = [[0], [0], [1], [1], [1], [2], [2], [2], [2]];
const LOGITS = LABELS.map((_, i) => [0, 1, 2].map((k) => ((i * 7 + k * 5) % 11) / 4 - 1));
const ONE_HOT = LABELS.map(([label]) => [0, 1, 2].map((k) => +(k === label)));

const expected = (alpha: number) => {
  const batch = createBatch({ attributes: [3], labels: LABELS, scores: LOGITS, fromLogits: true });
  return balancedLoss(batch, { ...resolveOptions(batch), alpha });
};

const made = () => classRectificationLoss({ attributes: [3], alpha: 0.5, fromLogits: true });
const arrays = () => [np.array(ONE_HOT), np.array(LOGITS)] as const;

function expectGradient(found: JaxArray, alpha: number) {
  for (const [at, g] of expected(alpha).gradient.data.entries())
    expect((found.ref.js() as number[][]).flat()[at]).toBeCloseTo(g, 6);
  found.dispose();
}

describe('classRectificationLoss for jax-js', () => {
  it('is differentiated by grad, and by grad inside jit', () => {
    const loss = made();
    const [labels, logits] = arrays();
    const step = (scores: JaxArray) => loss(labels.ref, scores);
    const [value, gradient] = valueAndGrad(step)(logits.ref);
    expect(value.js()).toBeCloseTo(expected(0.5).loss, 6);
    expectGradient(gradient, 0.5);
    expectGradient(jit(grad(step))(logits), 0.5);
    labels.dispose();
  });

  it('takes another α in every step, and compiles nothing for it', () => {
    const loss = made();
    for (const alpha of [0, 0.25, 1]) {
      const [labels, logits] = arrays();
      expect(loss(labels, logits, undefined, alpha).js()).toBeCloseTo(expected(alpha).loss, 6);
    }
  });

  it('weighs samples: weights of 1 are the loss itself', () => {
    const loss = made();
    expect(loss.weighted(...arrays(), np.ones([LABELS.length])).js()).toBeCloseTo(expected(0.5).loss, 6);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is NaN if a score is %d', (wrong) => {
    const loss = classRectificationLoss({ attributes: [3], alpha: 0.5 });
    const scores = Float32Array.from({ length: 3 * LABELS.length }, (_, at) => (at === 4 ? wrong : 0.25));
    const found = loss(np.array(ONE_HOT), np.array(scores, { shape: [LABELS.length, 3] }));
    expect(found.js()).toBeNaN();
  });

  it('takes ownership of its arguments, and of nothing else', () => {
    const loss = made();
    const [labels, logits] = arrays();
    loss(labels.ref, logits.ref).dispose();
    expect([labels.refCount, logits.refCount]).toEqual([1, 1]);
  });

  it('computes α from the labels of the training set', () => {
    const { options, omega } = classRectificationLoss({
      attributes: [2],
      trainingLabels: Uint8Array.of(0, 0, 0, 1),
      eta: 0.3,
    });
    expect(omega).toBeCloseTo(1 / 3, 12);
    expect(options.alpha).toBeCloseTo(0.1, 12);
  });

  it.each<[string, () => JaxClassRectificationLoss]>([
    [
      'options: expected trainingLabels (for α = η·Ω) or alpha, got neither',
      () => classRectificationLoss({ attributes: [2] }),
    ],
    [
      'options.eta: expected no value where alpha is given, got 0.1',
      () => classRectificationLoss({ attributes: [2], alpha: 0.1, eta: 0.1 }),
    ],
    [
      'options.trainingLabels: expected class indices, [0, 2, 1, …]: the place of the 1, not one-hot rows',
      () => classRectificationLoss({ attributes: [3], trainingLabels: ONE_HOT }),
    ],
    ['gamma', () => classRectificationLoss({ attributes: [2], alpha: 0.1, gamma: 2 } as never)],
  ])('refuses: %s', (message, call) => {
    expect(call).toThrow(message);
  });

  it('refuses arrays of a wrong shape, and names the argument', () => {
    const loss = made();
    expect(() => loss(np.array(ONE_HOT), np.ones([9, 4]))).toThrow('scores: expected n×3');
  });
});
