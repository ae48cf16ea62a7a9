import { describe, expect, it } from 'vitest';
import { pValue } from '../../src/support/interval.js';
import { holm } from './holm.js';
import { testClaims } from './looks.js';
import type { Claim } from './summary.js';

const claim = (leads: readonly number[], later?: readonly number[]): Claim => ({
  text: 'it is better',
  first: 'a',
  second: 'b',
  leads,
  ...(later && { later }),
});
/** Leads around a mean, with a standard deviation of 1. */
const around = (mean: number) => [-1, -1, 0, 1, 1].map((x) => mean + x);

const sure = claim(around(20));
const open = claim(around(0.1));
const doubtful = around(1.6); // p is .023, and above .05 once it is doubled and corrected

describe('verdicts on claims', () => {
  it('double each p before the correction, and widen the intervals as much', () => {
    const tested = testClaims([sure, open]);
    const expected = holm([2 * pValue(sure.leads), 1]);
    expect(tested.map(({ p }) => p)).toEqual(expected.map(({ p }) => p));
    expect(tested.map(({ confidence }) => confidence)).toEqual([
      expect.closeTo(1 - 0.05 / 4, 12),
      expect.closeTo(1 - 0.05 / 2, 12),
    ]);
  });

  it('want a second look only where a claim is open though its own p is below .05', () => {
    const tested = testClaims([sure, open, claim(doubtful)]);
    expect(tested.map(({ atStake }) => atStake)).toEqual([false, false, true]);
    expect(tested.map(({ tested: leads }) => leads.length)).toEqual([5, 5, 5]);
  });

  it('rest on all seeds after a second look, and only where it was due', () => {
    const later = around(1.6);
    const tested = testClaims([
      claim(sure.leads, later),
      claim(open.leads, around(9)),
      claim(doubtful, later),
    ]);
    expect(tested.map(({ tested: leads }) => leads)).toEqual([
      sure.leads,
      open.leads,
      [...doubtful, ...later],
    ]);
    const [, , last] = tested;
    expect(last?.atStake).toBe(true);
    expect(last?.p).toBeCloseTo(2 * 2 * pValue([...doubtful, ...later]), 12);
    expect(last?.p).toBeLessThan(0.05);
  });
});
