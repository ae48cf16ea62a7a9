import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mean } from '../../src/support/interval.js';
import { methodsOf } from './methods.js';
import type { Study } from './plan.js';
import { StudyResults } from './results.js';
import { configOf, runStudy } from './runs.js';

const top = mkdtempSync(join(tmpdir(), 'evidence-'));
afterAll(() => rmSync(top, { recursive: true }));

describe('a study', () => {
  it('puts changes of the data, and the files of a seed, into the data of a study', () => {
    const study = { base: { epochs: 1, data: { kind: 'folders', normalise: true } } };
    const changes = { loss: 'ce', data: { augment: 'shift', shift: 2 } };
    expect(configOf(study, changes, { folder: 'training-1' })).toEqual({
      epochs: 1,
      loss: 'ce',
      data: { kind: 'folders', normalise: true, augment: 'shift', shift: 2, folder: 'training-1' },
    });
  });

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
    // the sweeps of both methods whose names have this part; seed 1 of the comparison is one of them
    expect(runs.length).toBe(8);
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
