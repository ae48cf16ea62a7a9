import { afterEach, expect, it } from 'vitest';
import { hostBackend } from '../backends/host/backend.js';
import { setHelpers } from '../backends/host/threads/block-work.js';
import { servingPool } from '../backends/host/threads/puppet.test-helper.js';
import { runSuite } from './index.js';

afterEach(() => setHelpers(undefined));

/** The findings of the suite that are not as they must be. */
async function odd(runs: number, seed: number, only: readonly string[]) {
  const report = await runSuite(hostBackend({ precision: 'float32' }), { runs, seed, only });
  expect(report.properties.length).toBeGreaterThanOrEqual(only.length);
  const failed = report.properties.filter(({ verdict }) => verdict !== 'passed');
  return failed.map(({ id, reason }) => `${id}: ${reason}`);
}

const FROM_LOGITS = ['balanced-logits-agree', 'logits-at-many-classes', 'balanced-at-a-thousand-classes'];

// crl verify judges the host kernel on float64 scores; training runs its code for float32, with its own exponential
it('the host kernel agrees with the specification on float32 scores too', async () => {
  const only = [
    'mining-agrees',
    'balanced-agrees',
    'balanced-gradient-agrees',
    ...FROM_LOGITS,
    'balanced-at-block-edges',
    'calls-independent',
    'layout-independent',
  ];
  for (const seed of [1, 2]) expect(await odd(100, seed, only)).toEqual([]);
});

it.each([2, 5])('so it does on %d threads, in blocks of one row or a few', async (threads) => {
  for (const block of [1, 3000]) {
    let calls = 0;
    setHelpers(servingPool(threads - 1, block, () => calls++));
    expect(await odd(60, threads, [...FROM_LOGITS, 'balanced-at-block-edges'])).toEqual([]);
    expect(calls).toBeGreaterThan(0);
  }
});
