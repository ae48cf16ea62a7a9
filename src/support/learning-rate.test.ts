import { describe, expect, it } from 'vitest';
import { learningRateAt } from './learning-rate.js';

const rates = (schedule: Parameters<typeof learningRateAt>[0]['schedule']) =>
  Array.from({ length: 8 }, (_, step) => learningRateAt({ learningRate: 1, schedule, epochs: 4 }, step, 2));

describe('a learning rate', () => {
  it('is constant after its warm-up, which ends at the full rate', () => {
    expect(rates({ kind: 'constant', warmUp: 2 })).toEqual([0.25, 0.5, 0.75, 1, 1, 1, 1, 1]);
    expect(rates({ kind: 'constant', warmUp: 0 })).toEqual(Array(8).fill(1));
  });

  it('is multiplied by the factor after each period of epochs', () => {
    expect(rates({ kind: 'step', warmUp: 0, every: 2, factor: 0.5 })).toEqual([
      1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5,
    ]);
  });

  it('falls as half a cosine, from the full rate to 0', () => {
    const found = rates({ kind: 'cosine', warmUp: 0 });
    expect(found[0]).toBe(1);
    expect(found[4]).toBeCloseTo(0.5, 12);
    expect(found[7]).toBeCloseTo((1 + Math.cos((7 * Math.PI) / 8)) / 2, 12);
    expect(rates({ kind: 'cosine', warmUp: 1 })[2]).toBe(1);
  });
});
