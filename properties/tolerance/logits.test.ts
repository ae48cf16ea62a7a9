import { describe, expect, it } from 'vitest';
import { createBatch, resolveOptions } from '../../spec/index.js';
import { featureSlopeAllowance, weightedLossAllowance } from './balanced.js';
import { logitAllowance } from './logits.js';

describe('what may be wrong where a softmax decides which easy anchors are chosen', () => {
  // members 0 and 1 of class 0 have the same probability and other logits: either may be the anchor
  const logits = [
    [2, 1],
    [3, 2],
    [0, 1],
    [0, 2],
    [0, 3],
  ];
  const batch = createBatch({
    attributes: [2],
    labels: [[0], [0], [1], [1], [1]],
    scores: logits,
    fromLogits: true,
    features: [[0], [1], [2], [3], [4]],
  });
  const allowed = (alpha: number) => {
    const options = { ...resolveOptions(batch, { kappa: 1, level: 'instance', anchors: 'easy' }), alpha };
    return logitAllowance({ batch, options, shuffle: 0 }, 2 ** -53);
  };

  it('is everything of L_crl and its gradient', () => {
    const { rectification } = allowed(0.5);
    expect(rectification.loss).toBeGreaterThan(1e300);
    expect(featureSlopeAllowance(batch, 0.5, [0], rectification, 2 ** -53)(0)).toBeGreaterThan(1e300);
  });

  it('is rounding alone where the logits of a sigmoid are equal, so that the earlier sample is the anchor', () => {
    // their logits of the second label differ, which no class of the first sees
    const ties = createBatch({
      attributes: [2, 2],
      encoding: 'multi-label',
      labels: [
        [1, 0],
        [1, 0],
        [0, 0],
        [0, 0],
        [0, 1],
      ],
      scores: [
        [2, 1],
        [2, 2],
        [0, 1],
        [0, 2],
        [0, 3],
      ],
      fromLogits: true,
      features: [[0], [1], [2], [3], [4]],
    });
    const options = { ...resolveOptions(ties, { kappa: 1, level: 'instance', anchors: 'easy' }), alpha: 0.5 };
    expect(logitAllowance({ batch: ties, options, shuffle: 0 }, 2 ** -53).rectification.loss).toBeLessThan(
      1e-9,
    );
  });

  it('is rounding alone where both probabilities are 1, however large the logits are', () => {
    const loss = (
      encoding: 'multi-label' | 'categorical',
      first: number[],
      second: number[],
      u = 2 ** -53,
    ) => {
      const sure = createBatch({
        attributes: [2],
        encoding,
        labels: encoding === 'categorical' ? [[0], [0], [1], [1], [1]] : [[1], [1], [0], [0], [0]],
        scores: [first, second, ...[0, 1, 2].map((z) => first.map(() => z))],
        fromLogits: true,
        features: [[0], [1], [2], [3], [4]],
      });
      const options = {
        ...resolveOptions(sure, { kappa: 1, level: 'instance', anchors: 'easy' }),
        alpha: 0.5,
      };
      return logitAllowance({ batch: sure, options, shuffle: 0 }, u).rectification.loss;
    };
    expect(loss('multi-label', [40], [99])).toBeLessThan(1e-9);
    expect(loss('multi-label', [39], [99])).toBeGreaterThan(1e300);
    // a tie in float32 alone, where the specification prefers the second
    expect(loss('multi-label', [20], [99], 2 ** -24)).toBeGreaterThan(1e300);
    expect(loss('multi-label', [40], [99], 2 ** -24)).toBeLessThan(1e-3);
    expect(loss('categorical', [70, 30], [99, 1])).toBeLessThan(1e-9);
    expect(loss('categorical', [70, 31], [99, 1])).toBeGreaterThan(1e300);
  });

  it('is nothing where L_crl counts for nothing: by an α of 0, or by weights of 0', () => {
    const { rectification, parts } = allowed(0);
    const weights = new Float64Array(batch.size);
    expect(featureSlopeAllowance(batch, 0, [0], rectification, 2 ** -53)(0)).toBe(0);
    expect(featureSlopeAllowance(batch, 0.5, [0], rectification, 2 ** -53, weights)(0)).toBe(0);
    const losses = {
      losses: [1, 1, 1, 1, 1],
      allowances: new Array<number>(5).fill(parts.rectification),
      terms: 1,
    };
    expect(weightedLossAllowance(losses, weights, 2 ** -53)).toBe(0);
  });
});

describe('what may be wrong with a gradient from logits', () => {
  it('covers an α near 1 that is rounded, by u of 1 and not of 1 − α', () => {
    const batch = createBatch({
      attributes: [2],
      labels: [[0], [1]],
      scores: [
        [3, 0],
        [1, 0],
      ],
      fromLogits: true,
    });
    const [u, alpha] = [2 ** -24, 1 - 2 ** -20];
    const { gradient } = logitAllowance(
      { batch, options: { ...resolveOptions(batch), alpha }, shuffle: 0 },
      u,
    );
    // the slope of the second sample is (p − 0)/n
    expect(gradient[2]).toBeGreaterThan((u / 2) * (1 / (1 + Math.exp(-1)) / 2));
  });
});
