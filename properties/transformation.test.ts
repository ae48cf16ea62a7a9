import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../backends/reference.js';
import { type Backend, mineHardSamples, selectMinority } from '../spec/index.js';
import { runSuite } from './suite.js';
import { classRenaming, reordering, transformationOf, transformed } from './transformation.js';

const failed = async (backend: Backend, id: string) => {
  const report = await runSuite(backend, { only: [id], seed: 2, runs: 100 });
  return report.properties[0] as (typeof report.properties)[number];
};

describe('what was done to a batch before a call that fails', () => {
  it('is told of a permutation, with the order of the samples', async () => {
    // wrong where the first sample scores high: the permuted batch of another order is mined alike
    const byFirst: Backend = {
      ...referenceBackend(),
      mineHardSamples(batch, ...given) {
        const { anchors } = mineHardSamples(batch, ...given);
        if (batch.scores.get(0, 0) < 0.5) return { anchors };
        return { anchors: anchors.map((a) => ({ ...a, negatives: [...a.negatives].reverse() })) };
      },
    };
    const { counterexample, reason } = await failed(byFirst, 'samples-permuted-mining');
    expect(counterexample?.transformation).toMatch(
      /^the samples were reordered: .* are samples \d+(, \d+)+ of the batch/,
    );
    expect(reason).toContain(counterexample?.transformation);
    const [, order] = / are samples ([\d, ]+) of/.exec(counterexample?.transformation ?? '') ?? [];
    const samples = order
      ?.split(', ')
      .map(Number)
      .sort((a, b) => a - b);
    expect(samples).toEqual(counterexample?.document.labels.map((_, i) => i));
  });

  it('is told where the backend throws on the permuted batch, and not where it throws before', async () => {
    let calls = 0;
    const everySecond: Backend = {
      ...referenceBackend(),
      selectMinority(batch, options) {
        calls += 1;
        if (calls % 2 === 0) throw new Error('second');
        return selectMinority(batch, options);
      },
    };
    const second = await failed(everySecond, 'samples-permuted-minority');
    expect(second.counterexample?.transformation).toContain('the samples were reordered');
    const always: Backend = {
      ...referenceBackend(),
      selectMinority() {
        throw new Error('first');
      },
    };
    expect(
      (await failed(always, 'samples-permuted-minority')).counterexample?.transformation,
    ).toBeUndefined();
  });

  it('is told of renamed classes', async () => {
    const first: Backend = {
      ...referenceBackend(),
      selectMinority: (batch, options) => {
        const { profile, minority } = selectMinority(batch, options);
        return { profile, minority: minority.map((classes) => classes.filter((k) => k > 0)) };
      },
    };
    const { counterexample } = await failed(first, 'classes-renamed-minority');
    expect(counterexample?.transformation).toMatch(/^the classes were renamed: attribute \d: \d+ → \d+/);
  });

  it('is in words, and long orders are cut', async () => {
    expect(
      classRenaming([
        [1, 0, 2],
        [0, 1],
      ]),
    ).toBe('the classes were renamed: attribute 0: 0 → 1, 1 → 0');
    expect(reordering(Array.from({ length: 100 }, (_, i) => 99 - i))).toContain(
      '36 and 36 more of the batch',
    );
    const error = new Error('x');
    await expect(transformed('so', () => Promise.reject(error))).rejects.toBe(error);
    expect([transformationOf(error), transformationOf('x')]).toEqual(['so', undefined]);
  });
});
