import { grad, jit, numpy as np, valueAndGrad } from '@jax-js/jax';
import { describe, expect, it, vi } from 'vitest';
import { balancedLoss, createBatch, isInputError, resolveOptions } from '../../spec/index.js';
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

function caught(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

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

  it('keeps the digits of 1 − α where α is near 1', () => {
    // a batch without a minority: L is (1 − α)·L_ce
    const alpha = 0.999;
    const [label, logits] = [
      [1, 0, 0],
      [1, 1, 1],
    ];
    const loss = classRectificationLoss({ attributes: [3], alpha, fromLogits: true });
    const found = loss(np.array([label]), np.array([logits])).js() as number;
    expect(found / (0.001 * Math.log(3))).toBeCloseTo(1, 6);
    const given = classRectificationLoss({ attributes: [3], alpha: 0.5, fromLogits: true });
    const ofStep = given(np.array([label]), np.array([logits]), undefined, alpha).js() as number;
    expect(ofStep / (0.001 * Math.log(3))).toBeCloseTo(1, 6);
  });

  it('takes α as an array of one number', () => {
    const loss = made();
    const alpha = np.array(0.25) as unknown as number;
    expect(loss(...arrays(), undefined, alpha).js()).toBeCloseTo(expected(0.25).loss, 6);
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

  describe.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'a feature of %d',
    (wrong) => {
      const loss = classRectificationLoss({
        attributes: [3],
        alpha: 0.5,
        level: 'instance',
        fromLogits: true,
      });
      const FEATURES = LABELS.map((_, i) => [i / 8, ((i * 5) % 7) / 8]);
      const at = (place: number | undefined) =>
        np.array(
          FEATURES.map((row, i) =>
            row.map((x, k) => (place === undefined || 2 * i + k === place ? wrong : x)),
          ),
        );

      it.each([0, 17, undefined])(
        'makes the loss NaN, alone at %d or everywhere, with and without jit',
        (place) => {
          for (const call of [loss, jit(loss as never) as unknown as typeof loss]) {
            expect(call(...arrays(), np.array(FEATURES)).js()).toSatisfy(Number.isFinite);
            expect(call(...arrays(), at(place)).js()).toBeNaN();
          }
        },
      );

      it('makes every loss of a sample NaN', () => {
        expect(loss.perSample(...arrays(), at(3)).js()).toEqual(LABELS.map(() => Number.NaN));
      });
    },
  );

  const NINE = 'weights: expected an array of jax-js of shape [9], one weight per sample';
  it.each<[string, () => unknown]>([
    [`${NINE}, got an array of shape [9,1]`, () => np.ones([9, 1])],
    [`${NINE}, got an array of shape [1]`, () => np.ones([1])],
    [`${NINE}, got an array of shape []`, () => np.array(1)],
    [`${NINE}, got an array of shape [8]`, () => np.ones([8])],
    [`${NINE}, got 1`, () => 1],
    [`${NINE}, got undefined`, () => undefined],
    [`${NINE}, got [1,1]`, () => [1, 1]],
  ])('refuses sample weights, with and without jit: %s', (message, weights) => {
    const loss = made();
    const [labels, logits] = arrays();
    const call = (a: JaxArray, b: JaxArray) => loss.weighted(a, b, weights() as never);
    for (const weigh of [call, jit(call)]) {
      const refused = caught(() => weigh(labels.ref, logits.ref));
      expect(refused).toSatisfy(isInputError);
      expect((refused as Error).message).toBe(message);
    }
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a sample weight of %d outside of jit',
    (wrong) => {
      const weights = Float32Array.from(LABELS, (_, i) => (i === 2 ? wrong : 1));
      const refused = caught(() => made().weighted(...arrays(), np.array(weights)));
      expect(refused).toMatchObject({ code: 'weight-out-of-range', where: 'weights[2]', got: `${wrong}` });
    },
  );

  it('leaves its arguments alone where it refuses them', () => {
    const [labels, logits] = arrays();
    const weights = np.ones([8]);
    caught(() => made().weighted(labels, logits, weights));
    expect([labels.refCount, logits.refCount, weights.refCount]).toEqual([1, 1, 1]);
  });

  it.each<[unknown, object]>([
    [Number.NaN, { code: 'option-out-of-range', got: 'NaN' }],
    [2, { code: 'option-out-of-range', got: '2' }],
    [-1, { code: 'option-out-of-range', got: '-1' }],
    ['0.05', { code: 'wrong-type', got: '"0.05"' }],
    [[0.5], { code: 'wrong-type', got: '[0.5]' }],
  ])('refuses %s as α of a step', (alpha, error) => {
    const loss = made();
    const [labels, logits] = arrays();
    const wrong = alpha as number;
    const refusal = { ...error, where: 'alpha', expected: 'a number in [0, 1]' };
    expect(caught(() => loss(labels, logits, undefined, wrong))).toMatchObject(refusal);
    expect(caught(() => loss.perSample(labels, logits, undefined, wrong))).toMatchObject(refusal);
    const inJit = jit((a: JaxArray, b: JaxArray) => loss(a, b, undefined, wrong));
    expect(caught(() => inJit(labels, logits))).toMatchObject(refusal);
  });

  it('refuses α in the place of features', () => {
    const refused = caught(() => made()(...arrays(), 0.05 as never));
    expect(refused).toMatchObject({
      code: 'wrong-type',
      where: 'features',
      expected: 'an array of jax-js, or undefined (alpha is the argument after features)',
      got: '0.05',
    });
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
    [
      'options.observe: expected nothing: a compiled program cannot call back; balancedLoss of jaxBackend returns the statistics, got a function',
      () => classRectificationLoss({ attributes: [2], alpha: 0.1, observe: () => {} } as never),
    ],
    ['gamma', () => classRectificationLoss({ attributes: [2], alpha: 0.1, gamma: 2 } as never)],
  ])('refuses: %s', (message, call) => {
    expect(call).toThrow(message);
  });

  it('tells how jax-js converts scores of a wrong type', () => {
    const [labels, logits] = arrays();
    const call = () => made()(labels, logits.astype(np.int32));
    expect(call).toThrow(
      'scores: expected a tensor of float32 (convert it with .astype(np.float32)), got int32',
    );
  });

  it('refuses wrong labels, also where it is differentiated', () => {
    const smoothed = () => np.array(ONE_HOT.map((row) => row.map((x) => 0.1 + 0.7 * x)));
    const refusal = { code: 'label-out-of-range', where: 'labels[0][0]' };
    const logits = np.array(LOGITS);
    expect(caught(() => made()(smoothed(), logits.ref))).toMatchObject(refusal);
    const slope = grad((scores: JaxArray) => made()(smoothed(), scores));
    expect(caught(() => slope(logits))).toMatchObject(refusal);
  });

  it('refuses logits that are given as probabilities', () => {
    const loss = classRectificationLoss({ attributes: [3], alpha: 0.5 });
    expect(caught(() => loss(...arrays()))).toMatchObject({
      code: 'score-out-of-range',
      where: 'scores[0][0]',
      got: '-1',
    });
  });

  it('reads the values of its first ten calls, and none inside jit', () => {
    const loss = made();
    const [labels, logits] = arrays();
    const reads = vi.spyOn(labels, 'dataSync');
    jit((y: JaxArray, scores: JaxArray) => loss(y, scores))(labels.ref, logits.ref).dispose();
    expect(reads).toHaveBeenCalledTimes(0);
    for (let i = 0; i < 12; i++) loss(labels.ref, logits.ref).dispose();
    expect(reads).toHaveBeenCalledTimes(10);
    expect([labels.refCount, logits.refCount]).toEqual([1, 1]);
  });

  it('refuses arrays of a wrong shape, and names the argument', () => {
    const loss = made();
    expect(() => loss(np.array(ONE_HOT), np.ones([9, 4]))).toThrow('scores: expected n×3');
  });
});
