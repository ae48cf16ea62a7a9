import { describe, expect, it } from 'vitest';
import { createBatch } from '../../spec/index.js';
import { featureSlopeAllowance } from './balanced.js';

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
});
