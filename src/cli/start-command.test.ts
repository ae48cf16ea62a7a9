import { describe, expect, it } from 'vitest';
import { classBalancedAccuracy } from '../../spec/index.js';
import { resultText } from './start-command.js';

describe('crl start', () => {
  const accuracy = (right: number) =>
    classBalancedAccuracy([0, 0, 1, 1], [0, right > 0 ? 0 : 1, right > 1 ? 1 : 0, 1], 2);
  const seeds = (ce: number, crl: number) =>
    [1, 2, 3].map((seed) => ({
      seed,
      crossEntropy: accuracy(ce),
      rectified: accuracy(crl),
      minorityShare: [0, 0.5],
    }));
  const result = {
    counts: [500, 5],
    omega: 0.5,
    validation: [
      { eta: 0, alpha: 0, accuracy: 0.7 },
      { eta: 0.2, alpha: 0.1, accuracy: 0.6 },
    ],
    eta: 0.2,
    alpha: 0.1,
  };

  it('says which did better, or that nothing shows', () => {
    expect(resultText({ ...result, seeds: seeds(0, 2) })).toContain('CRL did better here (+50.00 points');
    expect(resultText({ ...result, seeds: seeds(2, 0) })).toContain('CRL did worse here (−50.00 points');
    expect(resultText({ ...result, seeds: seeds(1, 1) })).toContain('No difference that 3 seeds can show');
    expect(resultText({ ...result, seeds: seeds(1, 1) })).toContain('50 % of batches');
  });
});
