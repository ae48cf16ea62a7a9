import { describe, expect, it } from 'vitest';
import { createBatch, resolveOptions } from '../../spec/index.js';
import { specWalk } from '../walk.js';
import { lossAllowance } from './rectification.js';

const U = 2 ** -53;

/** The largest allowance of an entry of the gradient. */
function mostForgiven(
  batch: ReturnType<typeof createBatch>,
  options: ReturnType<typeof resolveOptions>,
): number {
  const walk = specWalk({ batch, options: { ...options, alpha: 1 } });
  return Math.max(...lossAllowance(walk, U).gradient);
}

describe('a kink', () => {
  // (0 + |1 − 0|) − (1 − q) is q, and 0 left to right where 1 − q rounds to 1
  const hinge = (q: number) => {
    const batch = createBatch({
      attributes: [2],
      encoding: 'one-attribute',
      labels: [
        [0, 0],
        [0, 1],
        [0, 1],
      ],
      scores: [
        [0, q],
        [0, 1],
        [0, 0],
      ],
    });
    return mostForgiven(batch, resolveOptions(batch, { rho: 0.75, kappa: 1, margin: 0 }));
  };

  it('of the hinge is forgiven where an order of evaluation decides, and nowhere else', () => {
    expect(hinge(2 ** -60)).toBeGreaterThan(0.1);
    expect(hinge(0)).toBeLessThan(1e-12);
  });

  // the distance of the pair of the rare class is 1, a node
  const node = (step: number) => {
    const batch = createBatch({
      attributes: [2],
      labels: [[0], [0], [1], [1], [1]],
      features: [
        [0, 0],
        [1, step],
        [3, 0],
        [2, 0],
        [3, 0],
      ],
    });
    const choices = {
      level: 'instance',
      comparison: 'distribution',
      kappa: 2,
      bins: 5,
      range: [0, 4],
    } as const;
    return mostForgiven(batch, resolveOptions(batch, choices));
  };

  it('of a histogram is forgiven where features are too fine for exact distances, and nowhere else', () => {
    expect(node(2 ** -26)).toBeGreaterThan(0.1);
    expect(node(0)).toBeLessThan(1e-12);
  });
});

describe('underflow', () => {
  it('is forgiven: the square of 2^-100 is not a float32', () => {
    const batch = createBatch({
      attributes: [1],
      labels: [[0], [0]],
      scores: [[2 ** -100], [0]],
    });
    const options = resolveOptions(batch, { rho: 1, kappa: 1, comparison: 'absolute' });
    const walk = specWalk({ batch, options: { ...options, alpha: 1 } });
    expect(lossAllowance(walk, 2 ** -24).loss).toBeGreaterThan(2 ** -200);
    expect(lossAllowance(walk, 2 ** -24).loss).toBeLessThan(2 ** -100);
    expect(lossAllowance(walk, U).loss).toBeLessThan(2 ** -200);
  });
});
