import { describe, expect, it } from 'vitest';
import { randomOf } from './adversarial.test-helper.js';
import { Sieve } from './sieve.js';

/** What passes of some keys, pushed as its user does. */
function passed(keys: readonly number[], keep: number, cutAt: (key: number) => number): number[] {
  const sieve = new Sieve();
  sieve.open(keep, keys.length, cutAt);
  keys.forEach((key, row) => {
    if (key <= sieve.bar) sieve.push(key, row);
  });
  sieve.cut();
  return Array.from(sieve.row.subarray(0, sieve.count));
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
  const keys = ORDERS[order] as number[];
  it.each([1, 5, 25, 400])('let pass exactly those not above the cut, in order, κ %i', (keep) => {
    const last = [...keys].sort((a, b) => a - b)[keep - 1] ?? Number.POSITIVE_INFINITY;
    const rows = Array.from(keys.keys());
    const right = rows.filter((row) => (keys[row] as number) <= last);
    const got = passed(keys, keep, (key) => key);
    expect(got).toEqual(right);
    // a cut that leaves room keeps what lies in it, and not much more
    const near = passed(keys, keep, (key) => key + 10);
    expect(near).toEqual(expect.arrayContaining(rows.filter((row) => (keys[row] as number) <= last + 10)));
  });
});
