import { describe, expect, it } from 'vitest';
import { randomOf } from '../adversarial.test-helper.js';
import { SmallestKeys } from './smallest-keys.js';

/** What passes of some keys, pushed as its user does. */
function passed(keys: readonly number[], keep: number, cutAt: (key: number) => number): number[] {
  const sieve = new SmallestKeys();
  sieve.reset(keep, keys.length, cutAt);
  keys.forEach((key, row) => {
    if (key <= sieve.threshold) sieve.push(key, row);
  });
  sieve.cut();
  return Array.from(sieve.row.subarray(0, sieve.count));
}

/** What stays of some keys, and where the bar is, after each push; nothing is left out. */
function pushed(sieve: SmallestKeys, keys: readonly number[]): { counts: number[]; bars: number[] } {
  const counts: number[] = [];
  const bars: number[] = [];
  keys.forEach((key, row) => {
    sieve.push(key, row);
    counts.push(sieve.count);
    bars.push(sieve.threshold);
  });
  return { counts, bars };
}

const random = randomOf(8);
const ORDERS: Record<string, number[]> = {
  random: Array.from({ length: 900 }, () => Math.floor(1e9 * random())),
  ascending: Array.from({ length: 900 }, (_, k) => 7 * k),
  descending: Array.from({ length: 900 }, (_, k) => -7 * k),
  tied: Array.from({ length: 900 }, () => Math.floor(20 * random())),
  'all the same': new Array(900).fill(-5),
  'at both ends of the bits of float32': Array.from({ length: 900 }, (_, k) => (k % 2 ? 0x7f7fffff - k : k)),
  few: [3, 1, 2],
};

describe.each(Object.keys(ORDERS))('keys that are %s', (order) => {
  const keys = ORDERS[order];
  it.each([1, 5, 25, 400])('let pass exactly those not above the cut, in order, κ %i', (keep) => {
    const last = [...keys].sort((a, b) => a - b)[keep - 1] ?? Number.POSITIVE_INFINITY;
    const rows = Array.from(keys.keys());
    const right = rows.filter((row) => keys[row] <= last);
    const got = passed(keys, keep, (key) => key);
    expect(got).toEqual(right);
    // a cut that leaves room keeps what lies in it, and not much more
    const near = passed(keys, keep, (key) => key + 10);
    expect(near).toEqual(expect.arrayContaining(rows.filter((row) => keys[row] <= last + 10)));
  });
});

describe('a sieve', () => {
  const FIRST = 3 * 8 + 16;
  const rising = (length: number) => Array.from({ length }, (_, k) => k);

  /** One whose arrays hold the keys of whoever used it before. */
  function used(): SmallestKeys {
    const sieve = new SmallestKeys();
    sieve.reset(100, 100, (key) => key);
    pushed(sieve, new Array(100).fill(1e6));
    return sieve;
  }

  it('takes three times those that are wanted, and 16, before it drops any: dropping costs a walk', () => {
    const sieve = used();
    sieve.reset(8, 100, (key) => key);
    const { counts, bars } = pushed(sieve, rising(FIRST));
    expect(counts.slice(0, -1)).toEqual(rising(FIRST).slice(1));
    expect(new Set(bars.slice(0, -1))).toEqual(new Set([0x7fffffff]));
    expect(counts.at(-1)).toBeLessThanOrEqual(10);
  });

  it('then keeps a quarter too many if those are found sooner', () => {
    const sieve = used();
    sieve.reset(8, 100, (key) => key);
    // halves of 0 to 39: 0 to 19 are too many, 0 to 9 will do, though 0 to 7 are all that is wanted
    pushed(sieve, rising(FIRST));
    expect([sieve.count, sieve.threshold]).toEqual([10, 9]);
    sieve.cut();
    expect([sieve.count, sieve.threshold]).toEqual([8, 7]);
  });

  it('tells nothing of what is to come from no more than are wanted', () => {
    const sieve = new SmallestKeys();
    sieve.reset(8, 100, (key) => key);
    for (const key of rising(8)) {
      sieve.push(key, key);
      sieve.cut();
      expect([sieve.count, sieve.threshold]).toEqual([key + 1, 0x7fffffff]);
    }
    sieve.push(8, 8);
    sieve.cut();
    expect([sieve.count, sieve.threshold]).toEqual([8, 7]);
  });

  it('never raises its bar, wherever the cut is that it is told', () => {
    const sieve = new SmallestKeys();
    sieve.reset(4, 2000, (key) => key + 500 * (1 + (key & 3)));
    const keys = Array.from({ length: 2000 }, () => Math.floor(1000 * random()));
    const { bars } = pushed(sieve, keys);
    expect(bars).toEqual([...bars].sort((a, b) => b - a));
  });

  it('does not cut at every push where a crowd is at its bar', () => {
    const sizes: number[] = [];
    const sieve = new SmallestKeys();
    sieve.reset(5, 1000, (key) => {
      sizes.push(sieve.count);
      return key;
    });
    pushed(sieve, new Array(1000).fill(1));
    expect(sizes).toEqual([31, 62, 124, 248, 496, 992]);
  });
});
