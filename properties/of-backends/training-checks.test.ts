import { describe, expect, it } from 'vitest';
import { createBatch, resolveOptions } from '../../spec/index.js';
import { checkManners } from './training-checks.js';

describe('what a step of training must give whatever its numbers are', () => {
  const batch = createBatch({ attributes: [2], labels: [[0]], scores: [[0.5, 0.5]] });
  const given = { batch, options: { ...resolveOptions(batch), alpha: 0.5 }, shuffle: 0 };
  const result = { loss: 1, gradient: [0, 0] };

  it('is a scalar for L, and one number per sample for their losses, also of one sample', () => {
    const check = (shape: number[], weights?: number[]) =>
      checkManners(given, { ...result, shape }, weights ? { weights } : {});
    check([]);
    check([1], [1]);
    expect(() => check([1])).toThrow('shape of L');
    expect(() => check([], [1])).toThrow('shape of the losses of the samples');
  });

  it('is every call of the observer, also for each of two batches in one tape', () => {
    const how = { before: [batch], beside: { ...given, isSameLoss: true } };
    checkManners(given, { ...result, observed: 4 }, how);
    expect(() => checkManners(given, { ...result, observed: 3 }, how)).toThrow('steps observed');
  });
});
