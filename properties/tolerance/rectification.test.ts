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

describe('the order of a hinge', () => {
  // (0.5 + 2^-54) − 0.5 is 0 left to right, and 0.5 + (2^-54 − 0.5) is not
  const features = [[0], [2 ** -54], [0.5], [1], [1]];
  const batch = createBatch({ attributes: [2], labels: [[0], [0], [1], [1], [1]], features });
  const options = resolveOptions(batch, { level: 'instance', kappa: 1, margin: 0.5 });
  const forgiven = (u: number) =>
    Math.max(...lossAllowance(specWalk({ batch, options: { ...options, alpha: 1 } }), u).gradient);

  it('is ruled for float64, in which the distances of features are too, and forgiven in float32', () => {
    expect(forgiven(U)).toBeLessThan(1e-12);
    expect(forgiven(2 ** -24)).toBeGreaterThan(0.1);
  });
});

describe('absolute comparison', () => {
  it('forgives the square of an error where the distance is 0', () => {
    const scores = [[0.25], [0.25]];
    const batch = createBatch({ attributes: [1], labels: [[0], [0]], scores });
    const options = resolveOptions(batch, { rho: 1, kappa: 1, comparison: 'absolute' });
    const walk = specWalk({ batch, options: { ...options, alpha: 1 } });
    expect(lossAllowance(walk, U, 1e-16).loss).toBeGreaterThan(1e-32);
    expect(lossAllowance(walk, U).loss).toBeLessThan(1e-200);
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
