import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../backends/reference.js';
import type { Backend, BalancedLoss } from '../../../spec/index.js';
import { balancedLoss } from '../../../spec/index.js';
import { runSuite } from '../../suite.js';

describe('two answers to one batch', () => {
  // it agrees with itself, and is of another batch: the first of this size
  const stale = (): Backend => {
    let first: BalancedLoss | undefined;
    return {
      ...referenceBackend(),
      balancedLoss(batch, options) {
        first ??= balancedLoss(batch, options);
        return first;
      },
    };
  };

  it.each(['results-unaliased', 'layout-independent', 'calls-independent', 'classes-renamed-loss'])(
    'are told apart from those of another batch by their shape in %s',
    async (id) => {
      const report = await runSuite(stale(), { only: [id], seed: 1, runs: 60 });
      const { verdict, counterexample } = report.properties[0] ?? {};
      expect(verdict).toBe('failed');
      expect(counterexample?.message).not.toContain('NaN');
      expect(counterexample?.message).toMatch(/shape of the gradient|statistics|indices|L: expected/);
    },
  );
});
