import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../backends/reference.js';
import type { Backend } from '../spec/index.js';
import { budgetOf, isReduced, LARGE, LARGE_COLUMNS, LargeCases } from './budgets.js';
import { runSuite } from './suite.js';

const on = (engine: string | undefined): Backend => {
  const backend = referenceBackend();
  return engine === undefined ? backend : { ...backend, engine };
};

const batchOf = (size: number, columns: number) =>
  ({ size, columns: new Array(columns).fill({}) }) as Parameters<LargeCases['leavesOut']>[0];

describe('a budget', () => {
  it('is full for a backend without an engine, and for engines that are not listed', () => {
    for (const engine of [undefined, 'webgpu', 'toString']) expect(isReduced(budgetOf(engine))).toBe(false);
    for (const engine of ['cpu', 'wasm']) expect(isReduced(budgetOf(engine))).toBe(true);
  });

  it('leaves out large cases evenly, never the first one, and no small one', () => {
    const large = new LargeCases({ large: 1 / 3 });
    const asked = Array.from({ length: 9 }, (_, at) => {
      expect(large.leavesOut(batchOf(LARGE, LARGE_COLUMNS))).toBe(false);
      return !large.leavesOut(at % 2 === 0 ? batchOf(LARGE + 1, 2) : batchOf(2, LARGE_COLUMNS + 1));
    });
    expect(asked).toEqual([true, false, false, true, false, false, true, false, false]);
    expect(large.leftOut).toBe(6);
  });

  it('leaves nothing out where it is full', () => {
    const large = new LargeCases(budgetOf(undefined));
    expect(Array.from({ length: 9 }, () => large.leavesOut(batchOf(1000, 1000)))).not.toContain(true);
  });
});

describe('the suite', () => {
  const choices = { seed: 1, only: ['minority-agrees', 'mining-at-block-edges'] };

  it('gives a slow engine fewer cases, and says so in the report', async () => {
    const full = await runSuite(on(undefined), { ...choices, runs: 45 });
    const reduced = await runSuite(on('cpu'), { ...choices, runs: 45 });
    const cases = ({ properties }: typeof full) => properties.map((property) => property.cases);
    expect(cases(full)).toEqual([225, 3]);
    const { cases: share } = budgetOf('cpu');
    const [minority = 0, edges = 0] = cases(reduced);
    expect(minority).toBeLessThanOrEqual(225 * share);
    expect(minority).toBeGreaterThan(150 * share); // some are large
    expect(edges).toBeGreaterThan(0);
    expect(edges).toBeLessThan(3);
    expect(full.budget).toBeUndefined();
    expect(reduced.budget).toEqual(budgetOf('cpu'));
  });

  it('finds the same first counterexample, and replays it, whatever the budget leaves out before it', async () => {
    const wrong: Backend = {
      ...on('cpu'),
      selectMinority: async (batch, options) => {
        const found = await referenceBackend().selectMinority?.(batch, options);
        if (found === undefined) throw new Error('the reference has every stage');
        return batch.size > LARGE ? { ...found, minority: found.minority.map(() => []) } : found;
      },
    };
    const [failed] = (await runSuite(wrong, { runs: 30, seed: 1, only: ['minority-agrees'] })).properties;
    expect(failed?.verdict).toBe('failed');
    const token = failed?.counterexample?.token as string;
    const [again] = (await runSuite(wrong, { replay: token })).properties;
    expect(again?.counterexample?.document).toEqual(failed?.counterexample?.document);
  });
});
