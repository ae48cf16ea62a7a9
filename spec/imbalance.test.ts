import { expect, it } from 'vitest';
import { imbalance, rectificationWeight } from './index.js';

it('an α outside [0, 1] is refused', () => {
  for (const [omega, eta] of [
    [-0.5, 1],
    [0.5, 3],
  ] as const)
    expect(() => rectificationWeight(omega, eta)).toThrow(
      expect.objectContaining({ code: 'option-out-of-range', where: 'alpha = eta·Ω' }),
    );
});

it('counts of an attribute without classes are refused as such', () => {
  expect(() => imbalance([[1, 2], []])).toThrow(
    expect.objectContaining({
      code: 'counts-invalid',
      where: 'counts[1]',
      expected: 'a count for each class',
    }),
  );
});
