import { describe, expect, it } from 'vitest';
import { createBatch } from '../../spec/index.js';
import { featureSlopeAllowance, weightedLossAllowance } from './balanced.js';

const batch = createBatch({
  attributes: [2],
  labels: [[0], [1]],
  features: [[0], [1]],
});
const nothingKnown = { loss: Number.POSITIVE_INFINITY, gradient: Float64Array.of(Number.POSITIVE_INFINITY) };

describe('featureSlopeAllowance', () => {
  it('is 0 at α = 0, even where nothing is known of L_crl: NaN would fail every backend', () => {
    expect(featureSlopeAllowance(batch, 0, [0], nothingKnown, 2 ** -53)(0)).toBe(0);
    expect(featureSlopeAllowance(batch, 0.5, [0], nothingKnown, 2 ** -53, [0, 0])(0)).toBe(0);
  });

  it('is infinite where L_crl counts and nothing is known of it', () => {
    expect(featureSlopeAllowance(batch, 0.5, [0], nothingKnown, 2 ** -53)(0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('covers a product with α that underflows, where the gradient itself does not', () => {
    const exact = { loss: 0, gradient: new Float64Array(2) };
    expect(featureSlopeAllowance(batch, 2 ** -30, [0, 0], exact, 2 ** -24)(0)).toBeGreaterThanOrEqual(
      2 ** -126,
    );
  });
});

describe('weightedLossAllowance', () => {
  it('covers a sum of the terms of all samples, one after the other', () => {
    const [n, terms, u] = [1000, 100, 2 ** -53];
    const losses = { losses: new Array<number>(n).fill(1), allowances: new Array<number>(n).fill(0), terms };
    expect(weightedLossAllowance(losses, new Array(n).fill(1), u)).toBeGreaterThan(n * terms * u);
  });
});
