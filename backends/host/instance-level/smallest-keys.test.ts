import { describe, expect, it } from 'vitest';
import { randomOf } from '../adversarial.test-helper.js';
import { SmallestKeys } from './smallest-keys.js';

/** The rows that remain of some keys, pushed as the miner pushes them. */
function passed(keys: readonly number[], keep: number, cutAt: (key: number) => number): number[] {
  const smallest = new SmallestKeys();
  smallest.reset(keep, keys.length, cutAt);
  keys.forEach((key, row) => {
    if (key <= smallest.threshold) smallest.push(key, row);
  });
  smallest.cut();
  return Array.from(smallest.row.subarray(0, smallest.count));
}

/** The count and the threshold after each push; every key is pushed. */
function pushed(smallest: SmallestKeys, keys: readonly number[]): { counts: number[]; thresholds: number[] } {
  const counts: number[] = [];
  const thresholds: number[] = [];
  keys.forEach((key, row) => {
    smallest.push(key, row);
    counts.push(smallest.count);
    thresholds.push(smallest.threshold);
  });
  return { counts, thresholds };
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
  it.each([1, 5, 25, 400])('are kept if they are not above the cut, in their order, κ %i', (keep) => {
    const last = [...keys].sort((a, b) => a - b)[keep - 1] ?? Number.POSITIVE_INFINITY;
    const rows = Array.from(keys.keys());
    const right = rows.filter((row) => keys[row] <= last);
    const got = passed(keys, keep, (key) => key);
    expect(got).toEqual(right);
    // a cut above the κ-th key keeps all keys up to it
    const near = passed(keys, keep, (key) => key + 10);
    expect(near).toEqual(expect.arrayContaining(rows.filter((row) => keys[row] <= last + 10)));
  });
});

describe('the smallest keys', () => {
  const FIRST = 3 * 8 + 16;
  const rising = (length: number) => Array.from({ length }, (_, k) => k);

  /** An instance whose arrays hold the keys of an earlier use. */
  function used(): SmallestKeys {
    const smallest = new SmallestKeys();
    smallest.reset(100, 100, (key) => key);
    pushed(smallest, new Array(100).fill(1e6));
    return smallest;
  }

  it('grow to 3κ + 16 before any is dropped, since dropping costs a pass', () => {
    const smallest = used();
    smallest.reset(8, 100, (key) => key);
    const { counts, thresholds } = pushed(smallest, rising(FIRST));
    expect(counts.slice(0, -1)).toEqual(rising(FIRST).slice(1));
    expect(new Set(thresholds.slice(0, -1))).toEqual(new Set([0x7fffffff]));
    expect(counts.at(-1)).toBeLessThanOrEqual(10);
  });

  it('may then be a quarter too many, if a cut to those is found sooner', () => {
    const smallest = used();
    smallest.reset(8, 100, (key) => key);
    // bisection of 0 to 39: 0 to 19 are too many, 0 to 9 will do, though 0 to 7 are the smallest eight
    pushed(smallest, rising(FIRST));
    expect([smallest.count, smallest.threshold]).toEqual([10, 9]);
    smallest.cut();
    expect([smallest.count, smallest.threshold]).toEqual([8, 7]);
  });

  it('set no threshold while there are at most κ', () => {
    const smallest = new SmallestKeys();
    smallest.reset(8, 100, (key) => key);
    for (const key of rising(8)) {
      smallest.push(key, key);
      smallest.cut();
      expect([smallest.count, smallest.threshold]).toEqual([key + 1, 0x7fffffff]);
    }
    smallest.push(8, 8);
    smallest.cut();
    expect([smallest.count, smallest.threshold]).toEqual([8, 7]);
  });

  it('never raise their threshold, for any cut', () => {
    const smallest = new SmallestKeys();
    smallest.reset(4, 2000, (key) => key + 500 * (1 + (key & 3)));
    const keys = Array.from({ length: 2000 }, () => Math.floor(1000 * random()));
    const { thresholds } = pushed(smallest, keys);
    expect(thresholds).toEqual([...thresholds].sort((a, b) => b - a));
  });

  it('are not cut at every push if many are at the threshold', () => {
    const sizes: number[] = [];
    const smallest = new SmallestKeys();
    smallest.reset(5, 1000, (key) => {
      sizes.push(smallest.count);
      return key;
    });
    pushed(smallest, new Array(1000).fill(1));
    expect(sizes).toEqual([31, 62, 124, 248, 496, 992]);
  });
});
