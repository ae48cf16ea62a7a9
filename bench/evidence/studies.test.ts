import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTrainConfig } from '../../src/train/config/config.js';
import { BATCHES } from './batches.js';
import { withValue } from './changes.js';
import { begun, methodsOf } from './methods.js';
import { readPlans } from './report.js';
import { engineOf } from './results.js';
import { configOf } from './runs.js';
import { DEFAULT_ENGINE, STUDIES, studiesOn } from './studies.js';
import { CLAIMS } from './summary.js';
import { hoursOf, planInWords } from './training-plan.js';

describe('the plan', () => {
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

  it('is the same on every engine but for the engine', () => {
    const studies = studiesOn('wasm');
    expect(studies.map(({ base }) => base.engine)).toEqual(STUDIES.map(() => 'wasm'));
    expect(studies.map(({ base }) => ({ ...base, engine: DEFAULT_ENGINE }))).toEqual(
      STUDIES.map(({ base }) => base),
    );
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
