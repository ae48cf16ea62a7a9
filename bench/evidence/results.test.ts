import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mean } from '../../src/support/interval.js';
import { withValue } from './changes.js';
import { methodsOf } from './methods.js';
import { type Changes, laterSeeds, type Method, type Study, SWEEP_SEEDS } from './plan.js';
import { type EvidenceRun, StudyResults } from './results.js';
import { claims, summarise } from './summary.js';
import { planInWords, planOf } from './training-plan.js';

const top = mkdtempSync(join(tmpdir(), 'evidence-'));
afterAll(() => rmSync(top, { recursive: true }));

describe('results', () => {
  const study: Study = {
    id: 'tiny',
    title: 'Tiny',
    base: { a: 1 },
    metric: 'balancedAccuracy',
    seconds: 1,
    batches: false,
  };
  const run = (changes: Changes, seed: number, accuracy: number, few = accuracy): EvidenceRun => {
    const judged = {
      crossEntropy: 1,
      balancedAccuracy: accuracy,
      geometricMean: null,
      macroF1: null,
      meanAveragePrecision: null,
      shots: { many: 0.9, medium: null, few },
      recall: [accuracy],
    };
    return { changes, seed, seconds: 1, validation: judged, test: judged };
  };

  it('are kept run by run, and refuse another config', () => {
    const own = new StudyResults(top, study);
    own.add(run({ loss: 'ce' }, 1, 0.123456789), [3, 2]);
    expect(own.find({ loss: 'ce' }, 1)?.test?.balancedAccuracy).toBe(0.123457);
    own.add(run({ loss: 'ce' }, 2, 0.5), [3, 2]);
    const again = new StudyResults(top, study);
    expect(again.runs.length).toBe(2);
    expect(again.find({ loss: 'ce' }, 1)?.test?.balancedAccuracy).toBe(0.123457);
    expect(again.find({ loss: 'ce' }, 3)).toBeUndefined();
    expect(again.counts).toEqual([3, 2]);
    expect(() => new StudyResults(top, { ...study, base: { a: 2 } })).toThrow('runs of another');
  });

  it('are summed up as far as they are whole, by seeds in pairs', async () => {
    const folder = join(top, 'sums');
    const own = new StudyResults(folder, study);
    const seeds = [1, 2, 3];
    const level = (name: string) => methodsOf(study).find((one) => one.name === name)?.changes as Changes;
    for (const seed of seeds) {
      own.add(run({ loss: 'ce' }, seed, 0.5 + seed / 100), [9, 1]);
      own.add(run({ loss: 'weighted' }, seed, 0.7 + seed / 100), [9, 1]);
    }
    // the chosen values of one pair of CRL, whose sweep is whole: all of it but 0.5 is worse
    const crl = level('CRL, class, absolute');
    for (const [path, values] of [
      ['loss.eta', [0.2, 0.05, 0.1, 0.5, 1]],
      ['loss.kappa', [3, 10, 25, 2]], // 2 is beyond the edge at which 3 is the best
    ] as const)
      for (const value of values)
        for (const seed of seeds) {
          const at = path === 'loss.eta' ? crl : withValue(crl, 'loss.eta', 0.5);
          const best = value === 0.5 || value === 3;
          own.add(run(withValue(at, path, value), seed, (best ? 0.6 : 0.4) + seed / 100, 0.5), [9, 1]);
        }
    const summary = await summarise(study, new StudyResults(folder, study), seeds);
    expect(summary.rows.map(({ name }) => name)).toEqual([
      'cross entropy',
      'weighted',
      'CRL, class, absolute',
    ]);
    const [, weighted, rectified] = summary.rows;
    expect(weighted?.differences?.['class-balanced accuracy']).toMatchObject({ n: 3 });
    expect(weighted?.differences?.['class-balanced accuracy']?.mean).toBeCloseTo(0.2, 9);
    expect(weighted?.differences?.['class-balanced accuracy']?.reach).toBeCloseTo(0, 9);
    expect(rectified?.chosen.changes).toEqual(withValue(crl, 'loss.eta', 0.5));
    expect(summary.unfinished[0]).toEqual({ name: 'focal', reason: 'not swept yet' });
    // a grid that has not grown to its end yet: the row is that of the grid as it began, and says so
    for (const value of [0.5, 1, 2])
      for (const seed of seeds)
        own.add(
          run({ loss: { kind: 'focal', gamma: value } }, seed, (value === 0.5 ? 0.6 : 0.5) + seed / 100),
          [9, 1],
        );
    const growing = (await summarise(study, own, seeds)).rows.find(({ name }) => name === 'focal');
    expect(growing?.chosen).toMatchObject({
      changes: { loss: { gamma: 0.5 } },
      atEdge: ['loss.gamma'],
    });
    // a method without values to choose has a score on validation sets too, and can be the best rival
    expect(weighted?.validation).toBeCloseTo(0.7 + 0.015, 9);
    const said = claims(summary, own).map(({ text, first, second, leads }) => [
      text,
      first,
      second,
      mean(leads),
    ]);
    expect(said[0]).toEqual([
      'CRL is better than cross entropy',
      'CRL, class, absolute',
      'cross entropy',
      expect.closeTo(0.1, 9),
    ]);
    expect(said.at(-1)?.slice(1)).toEqual(['CRL, class, absolute', 'weighted', expect.closeTo(-0.1, 9)]);
  });

  it('say nothing of few-shot classes where there are none', async () => {
    const folder = join(top, 'no-few');
    const own = new StudyResults(folder, study);
    const [entropy, crl] = ['cross entropy', 'CRL, class, relative'].map((wanted) =>
      methodsOf(study).find(({ name }) => name === wanted),
    ) as [Method, Method];
    // every value that a sweep can ask for, all alike
    const swept = crl.axes.reduce(
      (all, { path, values, beyond }) =>
        all.flatMap((changes) =>
          [...values, ...(beyond?.below ?? [])].map((value) => withValue(changes, path, value)),
        ),
      [crl.changes],
    );
    for (const changes of [entropy.changes, ...swept]) {
      for (const seed of [1, 2]) {
        const { validation, test, ...rest } = run(changes, seed, 0.5) as Required<EvidenceRun>;
        const shots = { many: 0.9, medium: 0.5, few: null };
        own.add({ ...rest, validation: { ...validation, shots }, test: { ...test, shots } }, [90, 90]);
      }
    }
    const summary = await summarise(study, own, [1, 2]);
    expect(claims(summary, own).map(({ text, leads }) => [text, mean(leads)])).toEqual([
      ['CRL is better than cross entropy', 0],
    ]);
  });

  it('say how many trainings are left, and how many at most', async () => {
    const folder = join(top, 'plan');
    const own = new StudyResults(folder, study);
    const before = await planOf(study, own, [1, 2, 3]);
    expect(before.finished).toBe(0);
    expect(before.secondsEach).toBe(study.seconds);
    // a finished one is no longer left; cross entropy has no grid
    own.add(run({ loss: 'ce' }, 3, 0.5), [9, 1]);
    const after = await planOf(study, own, [1, 2, 3]);
    expect([after.finished, after.left, after.secondsEach]).toEqual([1, before.left - 1, 1]);
    expect(after.atMost).toBeGreaterThan(after.left);
    // a study whose grids are given has nothing that grows
    const values = Object.fromEntries(
      methodsOf(study).flatMap(({ axes }) => axes.map(({ path }) => [path, [1]])),
    );
    const fixed = await planOf({ ...study, values }, own, [1, 2, 3]);
    expect(fixed.atMost).toBe(fixed.left);
    // a sweep that is finished has grown as far as it does
    const [, , focal] = methodsOf(study);
    for (const value of [0.5, 1, 2])
      for (const seed of SWEEP_SEEDS) {
        const better = value === 1 ? 0.6 : 0.5;
        own.add(run(withValue((focal as Method).changes, 'loss.gamma', value), seed, better), [9, 1]);
      }
    const grown = await planOf(study, own, [1, 2]);
    expect(grown.atMost - grown.left).toBeLessThan(after.atMost - after.left);
    // a second look adds its later seeds
    const due = [{ name: 'cross entropy', changes: { loss: 'ce' } }];
    const now = await planOf({ ...study, values }, own, [1, 2, 3]);
    const looked = await planOf({ ...study, values }, own, [1, 2, 3], due);
    expect(laterSeeds([1, 2, 3])).toEqual([4, 5, 6]);
    expect([looked.left, looked.secondLook]).toEqual([now.left + 3, { left: 3, methods: ['cross entropy'] }]);
    expect(planInWords([{ study, ...looked }])).toContain('3 of them are the second look at cross entropy');
    // each of the methods on its one setting, by three seeds, but for the finished one
    expect(fixed.left).toBe(3 * methodsOf(study).length - 1);
    // methods that are left out are not counted, have no row, and no claim is about them
    const without = [{ methods: ['focal', 'unit features'], reason: 'time' }];
    const fewer = await planOf({ ...study, values, without }, own, [1, 2, 3]);
    expect(now.left - fewer.left).toBe(3 * 3 + 1); // two seeds of focal are finished
    const part = await summarise({ ...study, without }, own, [1, 2]);
    const all = [...part.rows, ...part.unfinished].map(({ name }) => name);
    expect(all).toEqual(methodsOf({ without }).map(({ name }) => name));
  });

  it('of runs that broke off are told, and not run again', async () => {
    const folder = join(top, 'broken');
    const own = new StudyResults(folder, study);
    own.add({ changes: { loss: 'ce' }, seed: 1, seconds: 1, failure: 'a loss of NaN' }, [1]);
    const { unfinished } = await summarise(study, own, [1]);
    expect(unfinished[0]).toEqual({ name: 'cross entropy', reason: 'seed 1: a loss of NaN' });
  });
});
