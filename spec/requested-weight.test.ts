import { describe, expect, it, vi } from 'vitest';
import { requestedWeight } from './requested-weight.js';

const LABELS = [0, 0, 0, 1];
const counts = () => [[3, 1]];
const imbalance = 1 / 3; // Ω of the counts, as in the example of Eq. 8

describe('the weight of L_crl that is asked for', () => {
  it('is α as it was given, whatever it is, and nothing is counted', () => {
    const never = vi.fn(counts);
    expect(requestedWeight({ alpha: 0.25 }, undefined, never)).toEqual({ alpha: 0.25 });
    expect(requestedWeight({ alpha: 0 }, undefined, never)).toEqual({ alpha: 0 });
    const schedule = () => 0.5;
    expect(requestedWeight({ alpha: schedule }, undefined, never)).toEqual({ alpha: schedule });
    expect(never).not.toHaveBeenCalled();
  });

  it.each([
    ['eta', { alpha: 0.5, eta: 0 }, undefined, '0'],
    ['imbalance', { alpha: 0.5, imbalance: 0.5 }, undefined, '0.5'],
    ['trainingLabels', { alpha: 0.5 }, LABELS, '[0,0,0,1]'],
  ])('refuses %s beside α, where it would have no effect', (name, request, labels, got) => {
    expect(() => requestedWeight(request, labels, counts)).toThrow(
      expect.objectContaining({
        code: 'option-unknown',
        where: `options.${name}`,
        expected: 'no value where alpha is given',
        got,
      }),
    );
  });

  it('is η·Ω of the counts, by default with η and the measure of the paper', () => {
    const { alpha, omega } = requestedWeight({}, LABELS, counts);
    expect(omega).toBeCloseTo(imbalance, 12);
    expect(alpha).toBeCloseTo(0.01 * imbalance, 12);
    expect(requestedWeight({ eta: 0.5 }, LABELS, counts)).toEqual({ alpha: 0.5 * (omega as number), omega });
  });

  it('takes η and the measure of a caller for its own defaults, and what is asked for before them', () => {
    const defaults = { eta: 0.5, imbalance: 0.25 };
    expect(requestedWeight({}, LABELS, counts, defaults)).toEqual({ alpha: 0.125, omega: 0.25 });
    expect(requestedWeight({ eta: 0.25, imbalance: 0.5 }, LABELS, counts, defaults)).toEqual({
      alpha: 0.125,
      omega: 0.5,
    });
  });

  it('needs no training labels where Ω is given, and counts none', () => {
    const never = vi.fn(counts);
    expect(requestedWeight({ eta: 0.5, imbalance: 0.5 }, undefined, never)).toEqual({
      alpha: 0.25,
      omega: 0.5,
    });
    expect(never).not.toHaveBeenCalled();
  });

  it.each([[{}], [{ eta: 0.5 }], [{ imbalance: 'min-max' as never }]])(
    'refuses %j without training labels: there is nothing to measure',
    (request) => {
      expect(() => requestedWeight(request, undefined, counts)).toThrow(
        expect.objectContaining({
          code: 'wrong-type',
          where: 'options',
          expected: 'trainingLabels (for α = η·Ω) or alpha',
          got: 'neither',
        }),
      );
    },
  );
});
