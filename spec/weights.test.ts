import { expect, it } from 'vitest';
import { checkWeights } from './index.js';

it.each([
  ['weight-out-of-range', -1],
  ['weight-out-of-range', Number.POSITIVE_INFINITY],
  ['weight-out-of-range', Number.NaN],
  ['wrong-type', '1'],
])('%s: %j is refused with what a weight is', (code, weight) => {
  expect(() => checkWeights([1, weight as number], 2)).toThrow(
    expect.objectContaining({ code, where: 'weights[1]', expected: 'a finite number ≥ 0' }),
  );
});
