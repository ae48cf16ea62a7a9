import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../backends/reference.js';
import { readDocument } from '../spec/index.js';
import { DEFAULT_RUNS, properties, runSuite } from './index.js';
import { judge } from './judge.js';
import type { Property } from './property.js';
import { composeBackend, RIGHT } from './wrong-backends/compose.js';
import { type WrongBackend, wrongBackends } from './wrong-backends/index.js';

/** docs/wrong-backends.md has so many seeds for each wrong backend, and how many cases each took. */
const SEEDS = 20;
/** The most samples of an ordinary case, which show every error but those of large batches. */
const ORDINARY = 24;
/** A counterexample of more samples takes long to make smaller, and nobody reads it by hand. */
const READABLE = 100;

/** How a wrong backend is judged by the property that catches it. */
function judged({ backend, caughtBy, train }: WrongBackend, seed: number, shrinks?: number) {
  const property = properties.find(({ id }) => id === caughtBy) as Property;
  const subject = train ? { backend, train } : { backend };
  const of = { runs: DEFAULT_RUNS, known: [], replay: { backend: backend.name } };
  return judge(shrinks === undefined ? property : { ...property, shrinks }, subject, { ...of, seed });
}

describe('the suite', () => {
  it('passes the specification composed of its stages', async () => {
    // as a whole, src/verify/verify.test.ts asks it
    const backend = { ...composeBackend('right', RIGHT), balancedLoss: referenceBackend().balancedLoss };
    const report = await runSuite(backend, { runs: 50, seed: 11 });
    const odd = report.properties.filter(({ verdict }) => verdict === 'failed');
    expect(odd.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
  });

  // each with one of the seeds of the table, so that all of these are tried
  it.each(wrongBackends.map((wrong, at) => [wrong.id, 1 + (at % SEEDS), wrong] as const))(
    'catches %s by its property, with seed %i',
    async (_, seed, wrong) => {
      expect((await judged(wrong, seed, 0)).verdict).toBe('failed');
    },
  );

  // of one wrong backend for each property: making counterexamples smaller takes most of the time
  const readable = wrongBackends.filter(({ least = 0 }) => least <= READABLE);
  const byProperty = new Map(readable.map((wrong) => [wrong.caughtBy, wrong]));
  it.each([...byProperty])('makes a counterexample of %s so small that it can be read', async (_, wrong) => {
    const { verdict, counterexample } = await judged(wrong, 1);
    expect(verdict).toBe('failed');
    expect(counterexample?.document.labels.length).toBeLessThanOrEqual(Math.max(wrong.least ?? 0, ORDINARY));
    expect(() =>
      readDocument({
        ...counterexample?.document,
        fromLogits: counterexample?.document.fromLogits ?? false,
      }),
    ).not.toThrow();
  });

  it('gives the same report for the same seed', async () => {
    const wrong = wrongBackends.find(({ id }) => id === 'strictly-less') as WrongBackend;
    const only = ['minority-agrees', 'minority-paired', 'mining-agrees', 'balanced-agrees-on-combinations'];
    const run = () => runSuite(wrong.backend, { seed: 5, runs: 8, only });
    const timeless = (report: Awaited<ReturnType<typeof run>>) => ({
      ...report.properties.map(({ milliseconds, ...rest }) => rest),
    });
    const first = await run();
    expect(first.properties.map(({ verdict }) => verdict)).toContain('failed');
    expect(timeless(await run())).toEqual(timeless(first));
  });

  it('does not pass a backend if a required property ran no case', async () => {
    const reference = referenceBackend();
    const nothing = { ...reference, supports: { ...reference.supports, encodings: [] } };
    const report = await runSuite(nothing, { runs: 5, seed: 1 });
    expect(report.passed).toBe(false);
    expect(new Set(report.properties.map(({ verdict }) => verdict))).toEqual(new Set(['skipped']));
    expect(report.properties.every(({ reason }) => reason !== undefined)).toBe(true);
  });

  it('lets a fused backend declare a stage missing, and fails a backend that lacks one without a word', async () => {
    const { formTriplets, ...fused } = referenceBackend();
    const only = ['triplets-agree', 'minority-agrees'];
    const declared = { ...fused, supports: { ...fused.supports, missing: { formTriplets: 'fused' } } };
    expect((await runSuite(declared, { runs: 5, seed: 1, only })).passed).toBe(true);
    const lacking = await runSuite(fused, { runs: 5, seed: 1, only });
    expect(lacking.passed).toBe(false);
    expect(lacking.properties.find(({ id }) => id === 'triplets-agree')).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('does not declare it missing'),
    });
  });

  it('reports known failures and unexpected passes', async () => {
    const wrong = wrongBackends.find(({ id }) => id === 'strictly-less') as (typeof wrongBackends)[number];
    const known = [{ id: 'minority-agrees', reason: 'issue 1' }];
    const failing = await runSuite(wrong.backend, { seed: 1, only: ['minority-agrees'], known });
    expect(failing.properties[0]).toMatchObject({ verdict: 'known', reason: 'issue 1' });
    expect(failing.passed).toBe(true);
    const passing = await runSuite(referenceBackend(), {
      seed: 1,
      runs: 20,
      only: ['minority-agrees'],
      known,
    });
    expect(passing.properties[0]?.verdict).toBe('unexpected-pass');
    expect(passing.passed).toBe(false);
  });

  it('reports a known failure of an unknown property as stale, and limits others to their backend and engine', async () => {
    const only = ['minority-agrees'];
    const stale = [{ id: 'gone', reason: 'x' }];
    const report = await runSuite(referenceBackend(), { seed: 1, runs: 5, only, known: stale });
    expect(report).toMatchObject({ passed: false, stale: ['gone'] });
    const elsewhere = [{ id: 'minority-agrees', reason: 'x', engine: 'webgpu' }];
    expect((await runSuite(referenceBackend(), { seed: 1, runs: 5, only, known: elsewhere })).passed).toBe(
      true,
    );
  });

  it('replays a counterexample exactly, by its token', async () => {
    const wrong = wrongBackends.find(({ id }) => id === 'mean-of-means') as (typeof wrongBackends)[number];
    const found = await runSuite(wrong.backend, { seed: 4, only: [wrong.caughtBy] });
    const { counterexample, replay } = found.properties[0] as (typeof found.properties)[number];
    expect(replay).toContain(`--replay ${counterexample?.token}`);
    const again = await runSuite(wrong.backend, { replay: counterexample?.token as string });
    expect(again.properties.length).toBe(1);
    expect(again.properties[0]?.counterexample?.document).toEqual(counterexample?.document);
    expect(again.properties[0]?.counterexample?.message).toBe(counterexample?.message);
    const right = await runSuite(referenceBackend(), { replay: counterexample?.token as string });
    expect(right.properties[0]).toMatchObject({ verdict: 'passed', cases: 1 });
  });

  it('turns an exception of a backend into a counterexample', async () => {
    const broken = {
      ...referenceBackend(),
      selectMinority: () => {
        throw new Error('out of order');
      },
    };
    const report = await runSuite(broken, { seed: 1, only: ['minority-agrees'] });
    expect(report.properties[0]?.counterexample?.message).toContain('out of order');
    expect(report.properties[0]?.counterexample?.document.labels.length).toBe(1);
  });

  it('treats NaN as equal to nothing', async () => {
    const reference = referenceBackend();
    const nan = {
      ...reference,
      balancedLoss: () =>
        ({ ...(reference.balancedLoss as never as () => object)(), loss: Number.NaN }) as never,
    };
    const report = await runSuite(nan, { seed: 1, runs: 10, only: ['balanced-agrees'] });
    expect(report.passed).toBe(false);
  });

  it('refuses unknown ids and impossible numbers', async () => {
    await expect(runSuite(referenceBackend(), { only: ['nope'] })).rejects.toThrow(
      'only: expected the id of a property, got "nope"',
    );
    await expect(runSuite(referenceBackend(), { stages: ['nope' as never] })).rejects.toThrow(
      'stages: expected one of selectMinority, mineHardSamples',
    );
    await expect(runSuite(referenceBackend(), { replay: 'minority-agrees' })).rejects.toThrow(
      'replay: expected a token such as minority-agrees@7@12:0:3, got "minority-agrees"',
    );
    await expect(runSuite(referenceBackend(), { replay: 'minority-agrees@1@999999999999' })).rejects.toThrow(
      /replay: expected the number of a case of minority-agrees below \d+, got 999999999999/,
    );
    await expect(runSuite(referenceBackend(), { runs: 1_000_001 })).rejects.toThrow(
      'runs: expected an integer from 1 to 1000000, got 1000001',
    );
    const renamed = runSuite(referenceBackend(), { replay: 'balanced-agrees-when-trained@7@12:0:3' });
    await expect(renamed).rejects.toThrow(
      'got the token of balanced-agrees-when-trained (balanced-agrees-when-trained is called balanced-agrees-when-mostly-right in this version',
    );
    await expect(runSuite(referenceBackend(), { replay: 'no-such-property@7@12' })).rejects.toThrow(
      'got the token of no-such-property (no property of this version has this id',
    );
    await expect(runSuite(referenceBackend(), { runs: 0 })).rejects.toThrow(
      'runs: expected an integer from 1 to 1000000, got 0',
    );
    await expect(runSuite(referenceBackend(), { seed: 0.5 })).rejects.toThrow(
      'seed: expected a 32-bit integer, got 0.5',
    );
  });

  it('has a stable, distinct id, a source and a claim for every property', () => {
    expect(new Set(properties.map(({ id }) => id)).size).toBe(properties.length);
    for (const { id, source, claim } of properties) {
      expect(id).toMatch(/^[a-z]+(-([a-z]+|\d+))*$/);
      expect(source.length * claim.length).toBeGreaterThan(0);
    }
  });
});
