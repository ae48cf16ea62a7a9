import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../backends/reference.js';
import { type Backend, rectificationLoss } from '../spec/index.js';
import {
  atLevel,
  CONFORMANCE_LEVELS,
  LEVEL_TERMS,
  levelReports,
  levelsOf,
  propertiesAt,
} from './conformance.js';
import { properties, runSuite } from './suite.js';

const { supports } = referenceBackend();
const passed = properties.map(({ id }) => ({ id, verdict: 'passed', required: true, cases: 1 }));
const verdicts = (...given: Parameters<typeof levelReports>) =>
  Object.fromEntries(levelReports(...given).map(({ level, verdict }) => [level, verdict]));

/** Wrong, but only where `core` does not look. */
const coreOnly: Backend = {
  ...referenceBackend(),
  name: 'core-only',
  rectificationLoss(batch, hard, triplets, options) {
    const right = rectificationLoss(batch, hard, triplets, options);
    return options.comparison === 'absolute' ? { ...right, loss: right.loss + 1 } : right;
  },
};

describe('levels of conformance', () => {
  it('have each property in one level at least, and all levels have properties', () => {
    for (const property of properties) expect(levelsOf(property).length, property.id).toBeGreaterThan(0);
    for (const level of CONFORMANCE_LEVELS) expect(propertiesAt(level).length, level).toBeGreaterThan(2);
    const ids = (level: Parameters<typeof propertiesAt>[0]) => propertiesAt(level).map(({ id }) => id);
    expect(ids('full')).toEqual(expect.arrayContaining(ids('core')));
    expect(ids('training').some((id) => ids('full').includes(id))).toBe(false);
    expect(ids('scale')).toContain('mining-at-block-edges');
    expect(ids('training')).toContain('training-agrees');
    expect(ids('core')).toContain('gradient-agrees');
  });

  it('are reached where all their properties hold and all that they need is declared', () => {
    expect(verdicts(passed, supports)).toEqual({
      core: 'reached',
      full: 'reached',
      training: 'reached',
      scale: 'reached',
    });
  });

  it('name the capabilities that are missing', () => {
    const partial = {
      ...supports,
      levels: ['class'] as const,
      comparisons: ['relative'] as const,
      execution: 'async' as const,
      gradient: false,
    };
    const training = propertiesAt('training').map(({ id }) => id);
    const skipped = passed.map((one) =>
      training.includes(one.id) ? { ...one, verdict: 'skipped', required: false, cases: 0 } : one,
    );
    const [core, full, trained, scale] = levelReports(skipped, partial);
    expect([core?.verdict, scale?.verdict]).toEqual(['reached', 'reached']);
    expect(full?.missing).toEqual([
      'supports.levels: instance',
      'supports.comparisons: absolute, distribution',
      'supports.gradient',
    ]);
    expect(trained?.missing).toEqual([
      'supports.gradient',
      "supports.execution: 'sync' or 'tensor' (a program: answer `train`)",
    ]);
  });

  it('are reached by a program that trains by itself, though it is async', () => {
    const program = { ...supports, execution: 'async' as const };
    expect(verdicts(passed, program).training).toBe('reached');
    const all = propertiesAt('training').length;
    const some = passed.filter(({ id }) => id === 'minority-agrees');
    expect(levelReports(some, program, 'training')).toEqual([
      {
        level: 'training',
        verdict: 'not-judged',
        missing: [`${all} of ${all} properties were not judged`],
      },
    ]);
  });

  it('name the properties that do not hold, and count those that were not judged', () => {
    const failing = passed.map((one) => (one.id === 'training-agrees' ? { ...one, verdict: 'failed' } : one));
    expect(levelReports(failing, supports).find(({ level }) => level === 'training')).toEqual({
      level: 'training',
      verdict: 'not-reached',
      missing: ['training-agrees failed'],
    });
    const some = passed.filter(({ id }) => id === 'minority-agrees');
    const [core] = levelReports(some, supports);
    const all = propertiesAt('core').length;
    expect(core).toEqual({
      level: 'core',
      verdict: 'not-judged',
      missing: [`${all - 1} of ${all} properties were not judged`],
    });
    const silent = passed.map((one) => (one.id === 'mining-agrees' ? { ...one, cases: 0 } : one));
    expect(levelReports(silent, supports)[0]?.missing).toEqual(['mining-agrees ran no case']);
  });

  it('judges at level core only what core covers, also of a backend that is frozen', async () => {
    const { backend } = atLevel({ backend: Object.freeze({ ...coreOnly }) }, 'core');
    expect(backend.supports).toMatchObject({
      encodings: ['categorical'],
      levels: ['class'],
      comparisons: ['relative'],
    });
    const choices = { only: ['loss-agrees', 'gradient-agrees'], runs: 60, seed: 2 };
    const whole = await runSuite(coreOnly, choices);
    expect(whole.passed).toBe(false);
    const core = await runSuite(Object.freeze({ ...coreOnly }), { ...choices, level: 'core' });
    expect(core.properties.map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
    expect([core.level, core.levels.length]).toEqual(['core', 1]);
  });

  it('a counterexample of a level is replayed at that level', async () => {
    const wrong: Backend = {
      ...referenceBackend(),
      selectMinority: () => ({ profile: [[7]], minority: [[]] }),
    };
    const found = await runSuite(wrong, { level: 'core', only: ['minority-agrees'], runs: 50, seed: 4 });
    const { counterexample, replay } = found.properties[0] as (typeof found.properties)[number];
    expect(replay).toContain('--level core --replay minority-agrees@4@');
    const again = await runSuite(wrong, { level: 'core', replay: counterexample?.token as string });
    expect(again.properties[0]?.counterexample?.document).toEqual(counterexample?.document);
  });

  it('fails a level whose capabilities are not declared, whatever else passes', async () => {
    const classOnly: Backend = {
      ...referenceBackend(),
      supports: { ...supports, levels: ['class'] },
    };
    const report = await runSuite(classOnly, { level: 'full', only: ['minority-agrees'], runs: 5, seed: 1 });
    expect(report.properties.map(({ verdict }) => verdict)).toEqual(['passed']);
    expect([report.passed, report.levels[0]?.missing]).toEqual([false, ['supports.levels: instance']]);
  });

  it('are documented with their promises', () => {
    const page = readFileSync('docs/verify.md', 'utf8');
    for (const level of CONFORMANCE_LEVELS) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${level}\` | `));
      expect(row, level).toContain(`| ${LEVEL_TERMS[level].promise} |`);
    }
  });

  it('refuses a level that does not exist', async () => {
    await expect(runSuite(referenceBackend(), { level: 'most' as never })).rejects.toThrow(
      'level: expected one of core, full, training, scale, got "most"',
    );
  });
});
