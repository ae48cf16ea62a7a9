import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mean } from '../../src/support/interval.js';
import { readTrainConfig } from '../../src/train/config/config.js';
import { BATCHES } from './batches.js';
import { keyOf, withValue } from './changes.js';
import { choose } from './choose.js';
import { begun, methodsOf } from './methods.js';
import { type Changes, laterSeeds, type Method, type Study, SWEEP_SEEDS } from './plan.js';
import { readPlans } from './report.js';
import { type EvidenceRun, engineOf, StudyResults } from './results.js';
import { configOf, runStudy } from './runs.js';
import { DEFAULT_ENGINE, STUDIES, studiesOn } from './studies.js';
import { CLAIMS, claims, summarise } from './summary.js';
import { hoursOf, planInWords, planOf } from './training-plan.js';

const top = mkdtempSync(join(tmpdir(), 'evidence-'));
afterAll(() => rmSync(top, { recursive: true }));

const method: Method = {
  name: 'synthetic',
  family: 'rival',
  changes: { loss: { kind: 'focal' } },
  axes: [
    { path: 'loss.gamma', values: [1, 2, 3] },
    { path: 'loss.kappa', values: [5, 6] },
  ],
};

describe('changes', () => {
  it('replace one value, and leave the rest', () => {
    const changes = { loss: { kind: 'crl', eta: 1 }, epochs: 3 };
    expect(withValue(changes, 'loss.eta', 2)).toEqual({ loss: { kind: 'crl', eta: 2 }, epochs: 3 });
    expect(changes.loss.eta).toBe(1);
  });

  it('are the same in any order', () => {
    expect(keyOf({ a: { b: 1, c: [2, 1] }, d: 3 })).toBe(keyOf({ d: 3, a: { c: [2, 1], b: 1 } }));
    expect(keyOf({ a: [2, 1] })).not.toBe(keyOf({ a: [1, 2] }));
  });
});

describe('a sweep', () => {
  const found = (scores: (gamma: number, kappa: number, seed: number) => number | null) =>
    choose(method, async (changes, seed) => {
      const { gamma, kappa } = changes.loss as { gamma: number; kappa: number };
      return scores(gamma, kappa, seed);
    });

  it('takes the best mean of each axis, the next at the best of those before it', async () => {
    // seed 1 alone would take 3
    const { changes, tried } = await found((gamma, kappa, seed) => (gamma === 3 ? 3 - seed : gamma) + kappa);
    expect(changes.loss).toEqual({ kind: 'focal', gamma: 2, kappa: 6 });
    expect(tried.map(({ value, score }) => [value, score])).toEqual([
      [1, 6],
      [2, 7],
      [3, 6.5],
      [5, 7],
      [6, 8],
    ]);
  });

  it('takes the first of equals, and never one that broke off', async () => {
    expect((await found(() => 1)).changes.loss).toMatchObject({ gamma: 1, kappa: 5 });
    expect((await found((gamma) => (gamma === 1 ? null : 0))).changes.loss).toMatchObject({ gamma: 2 });
  });
});

describe('a grid', () => {
  const growing: Method = {
    ...method,
    axes: [{ path: 'loss.gamma', values: [4, 2, 3], beyond: { below: [1, 0.5, 0], above: [5, 6] } }],
  };
  const tried = async (best: number) => {
    const {
      changes,
      tried: all,
      atEdge,
    } = await choose(growing, async (given) => {
      const { gamma } = given.loss as { gamma: number };
      return -Math.abs(gamma - best);
    });
    return [(changes.loss as { gamma: number }).gamma, all.map(({ value }) => value), atEdge];
  };

  it('grows while the best value is at its edge', async () => {
    expect(await tried(3)).toEqual([3, [4, 2, 3], []]);
    expect(await tried(1)).toEqual([1, [4, 2, 3, 1, 0.5], []]);
    expect(await tried(4)).toEqual([4, [4, 2, 3, 5], []]);
  });

  it('says where the best value is at the last edge', async () => {
    expect(await tried(-1)).toEqual([0, [4, 2, 3, 1, 0.5, 0], ['loss.gamma']]);
    expect(await tried(9)).toEqual([6, [4, 2, 3, 5, 6], ['loss.gamma']]);
  });

  it('of a study with values of its own does not grow', () => {
    const [, , focal] = methodsOf({ values: { 'loss.gamma': [1, 2] } });
    expect(focal?.axes).toEqual([{ path: 'loss.gamma', values: [1, 2] }]);
  });
});

describe('the plan', () => {
  it('puts a method behind the one whose values it begins with', () => {
    const names = methodsOf({}).map(({ name }) => name);
    const later = methodsOf({}).filter(({ after }) => after !== undefined);
    expect(later.map(({ name }) => name)).toEqual(['logit-adjusted, tuned', 'CRL, class, relative, tuned']);
    for (const { name, after } of later)
      expect(names.indexOf(after as string)).toBeLessThan(names.indexOf(name));
    const method = { changes: { loss: 'crl' }, after: 'first' };
    const chosen = new Map([['first', { loss: 'ce', batchSize: 32 }]]);
    expect(begun(method, chosen).changes).toEqual({ loss: 'crl', batchSize: 32 });
    expect(begun({ changes: { loss: 'ce' } }, chosen).changes).toEqual({ loss: 'ce' });
  });

  it('puts changes of the data, and the files of a seed, into the data of a study', () => {
    const study = { base: { epochs: 1, data: { kind: 'folders', normalise: true } } };
    const changes = { loss: 'ce', data: { augment: 'shift', shift: 2 } };
    expect(configOf(study, changes, { folder: 'training-1' })).toEqual({
      epochs: 1,
      loss: 'ce',
      data: { kind: 'folders', normalise: true, augment: 'shift', shift: 2, folder: 'training-1' },
    });
  });

  it('lets the weight of CRL fall as in DCL, for a share of the training that is swept', () => {
    const names = methodsOf({}).map(({ name }) => name);
    const at = names.indexOf('CRL, instance, relative, easy anchors, falling weight');
    expect(names[at - 1]).toBe('CRL, class, relative, easy anchors');
    const { family, changes, axes } = methodsOf({})[at] as Method;
    expect(family).toBe('combined');
    expect(changes).toEqual({
      loss: {
        ...{ kind: 'crl', level: 'instance', comparison: 'relative', anchors: 'easy', kappa: 3 },
        alpha: { kind: 'dcl', until: 0.3, floor: 0.01 },
      },
    });
    expect(axes.map(({ path, values }) => [path, values])).toEqual([
      ['loss.alpha.until', [0.3, 0.1, 0.6]],
      ['loss.kappa', [3, 10, 25]],
    ]);
  });

  it('leaves methods out of a study, and refuses to leave out what others need', () => {
    const names = methodsOf({}).map(({ name }) => name);
    const left = (...methods: string[]) =>
      methodsOf({ without: [{ methods, reason: 'time' }] }).map(({ name }) => name);
    expect(left('unit features', 'ldam')).toEqual(
      names.filter((name) => name !== 'ldam' && !name.includes('unit features')),
    );
    expect(left()).toEqual(names);
    expect(left('tuned')).not.toContain('cross entropy, tuned');
    expect(() => left('no such method')).toThrow('expected parts of method names, got no such method');
    expect(() => left('cross entropy, tuned')).toThrow('no other needs, got cross entropy, tuned');
    for (const needed of ['cross entropy', 'CRL, class, relative'])
      expect(() => left(needed)).toThrow(`expected methods that no other needs, got ${needed}`);
  });

  it('fits 24 hours of two cores, finished trainings included', async () => {
    const folder = join(import.meta.dirname, '../../docs/results/evidence');
    const studies = studiesOn(engineOf(folder) ?? DEFAULT_ENGINE);
    const plans = await readPlans(folder, [1, 2, 3, 4, 5], studies);
    // by the estimates of the plan: how long the machine of the results took has no part in it
    const { finished, atMost } = hoursOf(plans.map((plan) => ({ ...plan, secondsEach: plan.study.seconds })));
    // second looks: at most two methods per claim, with five seeds each
    const later = STUDIES.reduce((sum, { seconds }) => sum + (2 * CLAIMS.length * 5 * seconds) / 3600, 0);
    expect(finished + atMost + later).toBeLessThan(2 * 24);
    const text = planInWords(plans);
    expect(text.split('\n').length).toBe(STUDIES.length + 2);
    expect(text).toContain('overlap: ');
  });

  it('has configs that can be trained', () => {
    for (const study of STUDIES.filter(({ base }) => (base.data as { kind: string }).kind === 'digits')) {
      const first = new Map(methodsOf(study).map(({ name, changes }) => [name, changes]));
      for (const method of methodsOf(study)) {
        const { changes, axes } = begun(method, first);
        const values = axes.flatMap(({ path, values, beyond: { below = [], above = [] } = {} }) =>
          [...values, ...below, ...above].map((value) => ({ path, value })),
        );
        for (const { path, value } of [{ path: 'seed', value: 1 }, ...values])
          readTrainConfig({ ...configOf(study, withValue(changes, path, value)), out: 'x' });
      }
      for (const { changes } of BATCHES) readTrainConfig({ ...study.base, ...changes, out: 'x' });
    }
  });
});

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

describe('a study', () => {
  it('trains a method on top of what another one chose, and augments as its changes say', async () => {
    const values = Object.fromEntries(
      methodsOf({}).flatMap(({ axes }) => axes.map(({ path, values: [first] }) => [path, [first as number]])),
    );
    const base = {
      epochs: 1,
      data: { kind: 'digits', most: 8, ratio: 2, validation: 2, test: 2 },
      model: { kind: 'conv', filters: [2], hidden: 0 },
    };
    const study: Study = {
      id: 'tuned',
      title: 'Tuned',
      base,
      metric: 'balancedAccuracy',
      seconds: 1,
      values: { ...values, 'data.shift': [1], batchSize: [4, 8] },
      batches: false,
    };
    const results = new StudyResults(join(top, 'tuned'), study);
    await runStudy(study, results, { work: top, seeds: [1], methods: ['logit-adjusted, tuned'] });
    const runs = results.runs.map(({ changes, seed }) => [changes, seed] as const);
    const trained = { data: { augment: 'shift', shift: 1 }, learningRate: 0.003 };
    expect(runs.slice(0, 4)).toMatchObject(
      [4, 8].flatMap((batchSize) => [1, 2].map((seed) => [{ loss: 'ce', batchSize, ...trained }, seed])),
    );
    const [changes] = runs[4] as (typeof runs)[number];
    const { batchSize } = changes as { batchSize: number };
    expect([4, 8]).toContain(batchSize);
    const score = (size: number) =>
      mean(
        [1, 2].map(
          (seed) =>
            results.runs.find(
              ({ changes, ...run }) =>
                run.seed === seed && changes.loss === 'ce' && changes.batchSize === size,
            )?.validation?.balancedAccuracy as number,
        ),
      );
    expect(score(batchSize)).toBeGreaterThanOrEqual(score(12 - batchSize));
    expect(changes).toMatchObject({ loss: { kind: 'logit-adjusted' }, ...trained });
    expect(runs.length).toBe(6); // the sweeps; seed 1 of the comparison is one of them
  });

  it('trains what is missing, and resumes a run that was cut off', async () => {
    const base = {
      epochs: 1,
      batchSize: 8,
      data: { kind: 'digits', most: 8, ratio: 2, validation: 2, test: 2 },
    };
    const study: Study = {
      id: 'one',
      title: 'One',
      base,
      metric: 'balancedAccuracy',
      seconds: 1,
      batches: false,
    };
    const folder = join(top, 'one');
    const done: string[] = [];
    const results = new StudyResults(folder, study);
    const stop = runStudy(study, results, {
      work: top,
      seeds: [1, 2],
      onRun: (what) => {
        done.push(what);
        if (done.length === 2) throw new Error('cut off');
      },
    });
    await expect(stop).rejects.toThrow('cut off');
    expect(done).toEqual(['one: cross entropy, seed 1', 'one: cross entropy, seed 2']);
    const again = runStudy(study, new StudyResults(folder, study), {
      work: top,
      seeds: [1, 2],
      onRun: (what) => {
        done.push(what);
        throw new Error('enough');
      },
    });
    await expect(again).rejects.toThrow('enough');
    expect(done.at(-1)).toBe('one: weighted, seed 1');
  });
});
