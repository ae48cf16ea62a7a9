import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.js';

describe('nearest', () => {
  it.each<[string, string[], string[]]>([
    [
      'minning-agrees',
      ['mining-agrees', 'loss-agrees', 'minority-agrees'],
      ['mining-agrees', 'minority-agrees'],
    ],
    ['fromLogit', ['labels', 'scores', 'fromLogits'], ['fromLogits']],
    ['kapa', ['kappa', 'rho', 'alpha'], ['kappa']],
    ['KAPPA', ['kappa'], ['kappa']],
    ['softmax', ['training-softmax-agrees', 'loss-agrees'], ['training-softmax-agrees']],
    ['zzz', ['kappa', 'rho'], []],
    ['', ['kappa', 'rho'], []],
    ['a', ['b', 'c'], []],
    ['ab', ['ax1', 'abc', 'ac', 'abd', 'abe'], ['abc', 'abd', 'abe']],
  ])('of %j among %j: %j', (name, known, found) => {
    expect(nearest(name, known)).toEqual(found);
  });
});
