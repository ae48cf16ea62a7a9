import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import {
  type Batch,
  balancedLoss,
  classCounts,
  createBatch,
  createSchema,
  crossEntropy,
  formTriplets,
  imbalance,
  mineHardSamples,
  type Options,
  type OptionsInput,
  rectificationLoss,
  rectificationWeight,
  resolveOptions,
  selectMinority,
} from './index.js';

/** One attribute of two classes; only the scores on class 0 matter. */
function twoClasses(zeros: number[], others: number[]): Batch {
  const labels = [...zeros.map(() => [0]), ...others.map(() => [1])];
  return createBatch({ attributes: [2], labels, scores: [...zeros, ...others].map((s) => [s, 0.5]) });
}

function walk(batch: Batch, input: OptionsInput = {}) {
  const options: Options = resolveOptions(batch, input);
  const selection = selectMinority(batch, options);
  const hard = mineHardSamples(batch, selection, options);
  const triplets = formTriplets(hard);
  return { selection, hard, triplets, ...rectificationLoss(batch, hard, triplets, options) };
}

describe('mineHardSamples (Eq. 4, 5)', () => {
  it('takes low positives and high negatives, hardest first, ties by index, the anchor out before κ are chosen', () => {
    const { hard } = walk(twoClasses([0.1, 0.9, 0.1], [0.4, 0.8, 0.4]), { kappa: 2 });
    expect(hard.anchors.map(({ positives, negatives }) => [positives, negatives])).toEqual([
      [
        [2, 1],
        [4, 3],
      ],
      [
        [0, 2],
        [4, 3],
      ],
      [
        [0, 1],
        [4, 3],
      ],
    ]);
  });

  it('leaves unlabelled samples out on both sides', () => {
    const batch = createBatch({
      attributes: [2],
      labels: [[0], [0], [-1], [1], [1], [null]],
      scores: [
        [0.5, 0.5],
        [0.5, 0.5],
        [0, 1],
        [0.1, 0.9],
        [0.2, 0.8],
        [1, 0],
      ],
    });
    const { anchors } = walk(batch, { kappa: 5 }).hard;
    expect(anchors.map((a) => [a.sample, a.positives, a.negatives])).toEqual([
      [0, [1], [4, 3]],
      [1, [0], [4, 3]],
    ]);
  });

  it('ranks the absent class by p(present) in reverse', () => {
    const batch = createBatch({
      attributes: [2],
      encoding: 'multi-label',
      labels: [[0], [0], [0], [1], [1], [1]],
      scores: [[0.2], [0.9], [0.4], [0.3], [0.6], [0.1]],
    });
    const anchor = walk(batch, { kappa: 2 }).hard.anchors[0];
    expect(anchor).toEqual({ sample: 0, attribute: 0, class: 0, positives: [1, 2], negatives: [5, 3] });
  });

  it('keeps the anchors of a class that holds every labelled sample: they give no triplet', () => {
    const batch = createBatch({
      attributes: [2],
      labels: [[0], [0]],
      scores: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    });
    const { hard, triplets, loss } = walk(batch, { rho: 1 });
    expect(hard.anchors.map((a) => [a.sample, a.positives, a.negatives])).toEqual([
      [0, [1], []],
      [1, [0], []],
    ]);
    expect([triplets.shape[0], loss]).toEqual([0, 0]);
  });
});

describe('relative comparison (Eq. 9, 10)', () => {
  const single = (a: number, p: number, q: number, margin = 0.5) => {
    const batch = twoClasses([a, p], [q]);
    const options = resolveOptions(batch, { margin });
    const triplets = ndarray(Int32Array.of(0, 1, 2, 0, 0), [1, 5]);
    return rectificationLoss(batch, { anchors: [] }, triplets, options);
  };

  it('is signed on the negative side', () => {
    expect(single(0.2, 0.2, 0.9).loss).toBeCloseTo(1.2, 15);
    expect(single(0.9, 0.9, 0.1).loss).toBe(0);
  });

  it.each([
    { why: 'active, anchor below', a: 0.25, p: 0.5, q: 0.5, gradient: [-2, 1, 1] },
    { why: 'active, anchor above', a: 0.5, p: 0.25, q: 0.5, gradient: [0, -1, 1] },
    { why: '|x| at 0 has derivative 0', a: 0.25, p: 0.25, q: 0.5, gradient: [-1, 0, 1] },
    { why: 'max(0, x) at 0 has derivative 0', a: 0.75, p: 0.75, q: 0.25, gradient: [0, 0, 0] },
  ])('$why', ({ a, p, q, gradient }) => {
    const got = single(a, p, q).gradient;
    expect([0, 1, 2].map((i) => got.get(i, 0) + 0)).toEqual(gradient);
  });

  it('hinges each triplet before the mean, over all triplets', () => {
    // anchors .9/.9 with negatives .8 and .1: only the first violates
    const { loss, triplets } = walk(twoClasses([0.875, 0.875], [0.125, 0.75]), { kappa: 2 });
    expect(triplets.shape[0]).toBe(4);
    expect(loss).toBe((2 * 0.375 + 2 * 0) / 4);
  });

  it('refuses logits at instance level where anchors are chosen by score, and only there', () => {
    const batch = createBatch({
      attributes: [2],
      labels: [[0], [0], [1], [1]],
      scores: [
        [3, 1],
        [2, 1],
        [1, 3],
        [1, 2],
      ],
      features: [[0], [1], [2], [3]],
      fromLogits: true,
    });
    const mined = (anchors: 'all' | 'easy') => {
      const options = resolveOptions(batch, { level: 'instance', anchors });
      return mineHardSamples(batch, selectMinority(batch, options), options);
    };
    expect(() => mined('easy')).toThrow('batch: expected probabilities, never logits, got logits');
    expect(mined('all').anchors).toHaveLength(2);
  });

  it('refuses logits', () => {
    const batch = createBatch({ attributes: [1], labels: [[0]], scores: [[3]], fromLogits: true });
    expect(() => mineHardSamples(batch, { profile: [[1]], minority: [[]] }, resolveOptions(batch))).toThrow(
      /never logits/,
    );
  });
});

describe('cross entropy and the balanced loss (Eq. 2, 8)', () => {
  it('sums over attributes and divides by n, unlabelled samples adding 0', () => {
    const batch = createBatch({
      attributes: [2, 2],
      labels: [
        [0, 1],
        [1, -1],
      ],
      scores: [
        [0.5, 0.5, 0.75, 0.25],
        [0.5, 0.5, 0.9, 0.1],
      ],
    });
    expect(crossEntropy(batch)).toBeCloseTo((Math.log(2) + Math.log(4) + Math.log(2)) / 2, 15);
  });

  it('floors a probability at 1e-7, its derivative 0 there', () => {
    const batch = createBatch({ attributes: [2], labels: [[0]], scores: [[0, 1]] });
    const { crossEntropy: ce, gradient } = balancedLoss(batch, { ...resolveOptions(batch), alpha: 0 });
    expect(ce).toBeCloseTo(-Math.log(1e-7), 12);
    expect(gradient.get(0, 0)).toBe(0);
  });

  it('is stable from extreme logits', () => {
    const batch = createBatch({ attributes: [2], labels: [[0]], scores: [[-1000, 1000]], fromLogits: true });
    expect(crossEntropy(batch)).toBe(2000);
  });

  it('takes both sides of a label into account', () => {
    const batch = createBatch({
      attributes: [2, 2],
      encoding: 'multi-label',
      labels: [[1, 0]],
      scores: [[0.5, 0.25]],
    });
    expect(crossEntropy(batch)).toBeCloseTo(Math.log(2) - Math.log(0.75), 15);
  });

  it('without triplets is (1−α)·L_ce, gradient included', () => {
    const batch = createBatch({
      attributes: [2],
      labels: [[0], [1]],
      scores: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    });
    const got = balancedLoss(batch, { ...resolveOptions(batch), alpha: 0.25 });
    expect(got.loss).toBeCloseTo(0.75 * Math.log(2), 15);
    expect(got.gradient.get(0, 0)).toBe(-0.75);
  });

  it.each(['categorical', 'multi-label', 'one-attribute'] as const)(
    '%s: the gradient through the logits is the finite difference',
    (encoding) => {
      const attributes = { categorical: [3, 2], 'multi-label': [2, 2, 2, 2, 2], 'one-attribute': [5] }[
        encoding
      ];
      const value = (i: number, s: number) => Math.sin(7 * i + 3 * s + 1) * 2;
      const labels = Array.from({ length: 9 }, (_, i) =>
        encoding === 'categorical'
          ? [[0, 1, 2, 2][i % 4] as number, i % 3 === 0 ? -1 : +(i > 6)]
          : [0, 1, 2, 3, 4].map((s) => +((i * 5 + s * 3) % 7 < 2)),
      );
      const at = (moved: [number, number], step: number) => {
        const scores = labels.map((_, i) =>
          [0, 1, 2, 3, 4].map((s) => value(i, s) + (moved[0] === i && moved[1] === s ? step : 0)),
        );
        return createBatch({ attributes, encoding, labels, scores, fromLogits: true });
      };
      const options = { ...resolveOptions(at([0, 0], 0)), alpha: 0.6 };
      const { gradient, statistics } = balancedLoss(at([0, 0], 0), options);
      expect(statistics.triplets).toBeGreaterThan(0);
      for (let i = 0; i < 9; i++) {
        for (let s = 0; s < 5; s++) {
          const slope =
            (balancedLoss(at([i, s], 1e-6), options).loss - balancedLoss(at([i, s], -1e-6), options).loss) /
            2e-6;
          expect(gradient.get(i, s)).toBeCloseTo(slope, 8);
        }
      }
    },
  );
});

describe('imbalance Ω and α', () => {
  it.each([
    { measure: 'shortfall', counts: [90, 10], omega: 1 - 100 / 180 },
    { measure: 'transport', counts: [90, 10], omega: 0.4 },
    { measure: 'ratio', counts: [90, 10], omega: 1 / 9 },
    { measure: 'shortfall', counts: [5, 5, 5], omega: 0 },
    { measure: 'transport', counts: [5, 5, 5], omega: 0 },
    { measure: 'shortfall', counts: [4, 0], omega: 0.5 },
    { measure: 0.3, counts: [1, 2], omega: 0.3 },
  ] as const)('$measure of $counts', ({ measure, counts, omega }) => {
    expect(imbalance([counts], measure)).toBeCloseTo(omega, 15);
  });

  it('is the mean over attributes, of counts of labelled samples', () => {
    const counts = classCounts(createSchema({ attributes: [2, 2] }), [
      [0, 0],
      [0, 1],
      [0, -1],
      [1, -1],
    ]);
    expect(counts).toEqual([
      [3, 1],
      [1, 1],
    ]);
    expect(imbalance(counts)).toBeCloseTo((1 - 4 / 6 + 0) / 2, 15);
  });

  it('refuses α outside [0, 1], and an attribute without a labelled sample', () => {
    expect(() => rectificationWeight(0.5, 3)).toThrow('alpha = eta·Ω: expected a number in [0, 1], got 1.5');
    expect(() =>
      imbalance([
        [3, 1],
        [0, 0],
      ]),
    ).toThrow('counts[1]: expected at least one labelled sample, got [0,0]');
  });
});
