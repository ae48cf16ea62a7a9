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
    ['rhp', ['rho', 'hrp'], ['rho', 'hrp']],
    ['ohr', ['orh'], ['orh']], // two letters swapped are one edit
    ['tau', ['atu', 'uta'], ['atu']], // not next to each other: two
    ['ab', ['ax1', 'abc', 'ac', 'abd', 'abe', 'abf'], ['abc', 'abd', 'abe']], // three at most
    ['ab', ['cabbage'], []], // two letters are in many names
    ['kappe', ['kappas', 'kappa'], ['kappa', 'kappas']], // the nearest first
    ['abcdxy', ['aqcdzx', 'aqcdyz'], []], // three edits each: one letter of a swap is none
  ])('of %j among %j: %j', (name, known, found) => {
    expect(nearest(name, known)).toEqual(found);
  });
});
