import { expect, it } from 'vitest';
import { hostBackend } from '../backends/host/backend.js';
import { runSuite } from './index.js';

// crl verify judges the host kernel on float64 scores; training runs its code for float32, with its own exponential
it('the host kernel agrees with the specification on float32 scores too', async () => {
  const only = [
    'mining-agrees',
    'balanced-agrees',
    'balanced-gradient-agrees',
    'balanced-logits-agree',
    'logits-at-many-classes',
    'balanced-at-a-thousand-classes',
    'calls-independent',
    'layout-independent',
  ];
  for (const seed of [1, 2]) {
    const report = await runSuite(hostBackend({ precision: 'float32' }), { runs: 100, seed, only });
    const odd = report.properties.filter(({ verdict }) => verdict !== 'passed');
    expect(odd.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
    expect(report.properties.length).toBeGreaterThanOrEqual(only.length);
  }
});
