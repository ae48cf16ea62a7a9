import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../backends/reference.js';
import { type Case, cases } from './cases/arbitraries.js';
import { judge, judgeLost } from './judge.js';
import type { Property } from './property.js';
import { readToken } from './replay.js';

const backend = referenceBackend();
const how = { runs: 50, seed: 7, known: [], replay: { backend: 'reference' } };
const property = (check: (given: Case) => void): Property => ({
  id: 'small',
  stage: 'balancedLoss',
  source: 'a test',
  claim: 'Batches are small.',
  required: true,
  cases: () => cases(backend.supports),
  check: async (_, given) => check(given),
});

describe('judge', () => {
  it('tells the path of each case before it runs, as fast-check draws it again', async () => {
    const told: string[] = [];
    const sizes: number[] = [];
    const large = property(({ batch }) => {
      sizes.push(batch.size);
      if (batch.size > 5) throw new Error('large');
    });
    const report = await judge(large, { backend }, { ...how, onCase: (path) => told.push(path) });
    const arbitrary = cases(backend.supports);
    const drawn = told.map((path) => fc.sample(arbitrary, { seed: 7, path, numRuns: 1 })[0]?.batch.size);
    expect(drawn).toEqual(sizes.slice(0, told.length));
    expect(told.some((path) => path.split(':').length > 3)).toBe(true);
    expect(told).toContain(readToken(report.counterexample?.token as string).path);
  });

  it('fails a property whose process was lost, with the case that was being asked', () => {
    const never = property(() => {
      throw new Error('asked again');
    });
    const report = judgeLost(never, { backend }, how, { what: 'balancedLoss gave no answer', path: '3:0' });
    const [given] = fc.sample(cases(backend.supports), { seed: 7, path: '3:0', numRuns: 1 });
    expect(report).toMatchObject({
      verdict: 'failed',
      cases: 4,
      replay: expect.stringContaining('--seed 7'),
    });
    expect(report.reason).toBe('UnansweredError: balancedLoss gave no answer');
    expect(report.counterexample?.document.labels.length).toBe(given?.batch.size);
    expect(report.counterexample?.token).toBe('small@7@3:0');
  });

  it('knows a known failure also of a lost process, and one lost before its first case', () => {
    const known = [{ id: 'small', reason: 'hangs' }];
    const lost = judgeLost(
      property(() => {}),
      { backend },
      { ...how, known },
      { what: 'it ended' },
    );
    expect(lost).toMatchObject({ verdict: 'known', reason: 'hangs', cases: 0 });
    expect(
      judgeLost(
        property(() => {}),
        { backend },
        how,
        { what: 'it ended' },
      ),
    ).toMatchObject({
      verdict: 'failed',
      reason: 'it ended',
    });
  });
});
