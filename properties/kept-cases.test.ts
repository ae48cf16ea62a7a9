import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../backends/reference.js';
import type { Backend } from '../spec/index.js';
import { judge } from './judge.js';
import { KeptCases } from './kept-cases.js';
import { properties } from './suite.js';

const HOW = { runs: 10, seed: 1, known: [], replay: { backend: 'reference', engine: undefined } };
const ids = [
  'minority-agrees',
  'mining-agrees',
  'gradient-agrees',
  'balanced-logits-agree',
  'balanced-agrees-on-combinations',
  'input-unchanged',
];
const judgedBy = async (backend: Backend, kept?: KeptCases) => {
  const reports = [];
  for (const property of properties.filter(({ id }) => ids.includes(id)))
    reports.push({
      ...(await judge(property, { backend }, { ...HOW, kept })),
      milliseconds: 0,
      timing: null,
    });
  return reports;
};
const usedBy = (kept: KeptCases, { supports }: Backend) =>
  ids.map((id) => kept.sequence(id, HOW.seed, supports).used);

/** Answers rightly, and leaves a mark on what it was given. */
function writing(what: (batch: Parameters<Backend['balancedLoss']>[0]) => void): Backend {
  const right = referenceBackend();
  return {
    ...right,
    name: 'writing',
    balancedLoss(batch, options) {
      const found = right.balancedLoss(batch, options);
      what(batch);
      return found;
    },
  };
}

describe('kept cases', () => {
  it('give the next backend the report that it gets without them, and are not drawn again', async () => {
    const right = referenceBackend();
    const expected = await judgedBy(right);
    const kept = new KeptCases();
    expect(await judgedBy(right, kept)).toEqual(expected);
    expect(usedBy(kept, right)).toEqual(ids.map(() => 0));
    expect(await judgedBy(right, kept)).toEqual(expected);
    const drawn = expected.map(
      ({ cases, id }) => (/gradient|logits|combinations/.test(id) ? 0.9 : 1) * cases,
    );
    expect(usedBy(kept, right)).toEqual(drawn); // the tenth that the search makes is made anew
  });

  it('are drawn again where a backend has written to them, so that the next one is judged as it is alone', async () => {
    const right = referenceBackend();
    const expected = await judgedBy(right);
    for (const mark of [
      (batch: object) => Object.assign(batch, { seen: true }),
      ({ scores }: { scores: { data: ArrayLike<number> } }) => {
        (scores.data as Float64Array).fill(0.5);
      },
    ]) {
      const kept = new KeptCases();
      await judgedBy(writing(mark as never), kept);
      expect(await judgedBy(right, kept)).toEqual(expected);
      const [minority, , , logits] = usedBy(kept, right);
      expect(minority).toBe(50); // it was not asked for the whole walk here
      expect(logits).toBe(0);
    }
  });

  it('serve backends of the same capabilities only', async () => {
    const right = referenceBackend();
    const other = { ...right, supports: { ...right.supports, levels: ['class' as const] } };
    const kept = new KeptCases();
    await judgedBy(right, kept);
    expect(await judgedBy(other, kept)).toEqual(await judgedBy(other));
  });

  it('take no more room than they may', async () => {
    const right = referenceBackend();
    const kept = new KeptCases(100_000); // about ten cases
    await judgedBy(right, kept);
    expect(await judgedBy(right, kept)).toEqual(await judgedBy(right));
    const used = usedBy(kept, right).reduce((sum, one) => sum + one, 0);
    expect(used).toBeGreaterThan(0);
    expect(used).toBeLessThan(15);
  });
});
