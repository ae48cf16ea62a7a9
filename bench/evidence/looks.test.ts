import { describe, expect, it } from 'vitest';
import { pValue } from '../../src/support/interval.js';
import { holm } from './holm.js';
import { secondLooks, type Told, testClaims } from './looks.js';
import { PAPER_METHOD } from './methods.js';
import type { Method } from './plan.js';
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

/** Finished runs of methods whose accuracies by seed are given, the best of each family first. */
function told(methods: Readonly<Record<string, readonly [Method['family'], readonly number[]]>>): Told {
  const accuracies = (changes: unknown) =>
    (methods[(changes as { of: string }).of] as (typeof methods)[string])[1];
  const rows = Object.entries(methods).map(([name, [family]]) => ({
    name,
    family,
    validation: 1,
    chosen: { changes: { of: name } },
  }));
  const find = (changes: unknown, seed: number) => {
    const balancedAccuracy = accuracies(changes)[seed - 1];
    if (balancedAccuracy === undefined) return undefined;
    return { test: { balancedAccuracy, shots: { few: null, medium: null, many: null } } };
  };
  const study = { id: 'study', metric: 'balancedAccuracy' };
  return { summary: { study, seeds: [1, 2, 3, 4, 5], rows }, results: { find } } as unknown as Told;
}

describe('second looks', () => {
  const none = around(0).map(() => 0);
  const certain = around(-20);
  /** Against which the doubtful ones lead by .1 on average: open, and of no interest. */
  const similar = around(0.1).map((lead, seed) => (doubtful[seed] as number) - lead);
  const crl = (name: string) =>
    told({
      [name]: ['class level', doubtful],
      'CRL, instance, relative': ['instance level', similar],
      'cross entropy': ['entropy', none],
      weighted: ['rival', certain],
    });

  it('train both methods of each claim that is at stake again with their chosen values, and no other method', () => {
    const [look] = secondLooks([crl(PAPER_METHOD)]);
    expect(look?.methods).toEqual([
      { name: PAPER_METHOD, changes: { of: PAPER_METHOD } },
      { name: 'cross entropy', changes: { of: 'cross entropy' } },
    ]);
  });

  it('are due in no study that has not finished CRL as in the paper', () => {
    const [look, other] = secondLooks([crl('CRL, class, absolute'), crl(PAPER_METHOD)]);
    expect(look?.methods).toEqual([]);
    expect(other?.methods).toHaveLength(2);
  });
});
