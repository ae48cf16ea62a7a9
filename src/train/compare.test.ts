import { describe, expect, it } from 'vitest';
import { compareRuns, planComparison } from './compare.js';
import { comparisonMarkdown } from './comparison-text.js';
import type { Evaluation } from './evaluate.js';

const evaluation = (balancedAccuracy: number, few: number | null): Evaluation => ({
  images: 1,
  crossEntropy: 1,
  balancedAccuracy,
  geometricMean: 0.25,
  macroF1: 0.5,
  meanAveragePrecision: null,
  shots: { many: 1, medium: null, few },
  recall: [],
});
const finished = (name: string, seed: number, accuracy: number, few: number | null = 0) => ({
  name,
  seed,
  result: { seconds: 2, validation: evaluation(accuracy, few) },
});

describe('a comparison', () => {
  it('has intervals of each, and of differences seed by seed', () => {
    const runs = [
      finished('a', 1, 0.5),
      finished('b', 1, 0.6),
      finished('a', 2, 0.7),
      finished('b', 2, 0.8, null),
    ];
    const { on, entries } = compareRuns(runs);
    expect(on).toBe('validation');
    expect(entries[0]?.metrics['class-balanced accuracy']?.mean).toBeCloseTo(0.6, 12);
    // 12.706·s/√2 with s = 0.2/√2: wide, while the paired difference has no spread
    expect(entries[0]?.metrics['class-balanced accuracy']?.reach).toBeCloseTo(1.2706, 3);
    const difference = entries[1]?.differences?.['class-balanced accuracy'];
    expect(difference?.mean).toBeCloseTo(0.1, 12);
    expect(difference?.reach).toBeCloseTo(0, 12);
    expect([entries[0]?.differences, entries[1]?.metrics['few-shot'], entries[1]?.seconds]).toEqual([
      null,
      null,
      4,
    ]);
    const text = comparisonMarkdown(compareRuns(runs));
    expect(text).toContain('| minus a | class-balanced accuracy |');
    expect(text).toContain('| b | +0.1000 ± 0.0000 | 0.0000 ± 0.0000 |');
    expect(text).not.toContain('mAP');
  });

  it('is planned seed by seed, each run in its folder', () => {
    const given = {
      data: 'digits',
      out: 'o',
      seeds: [4, 7],
      runs: [
        { name: 'a', loss: 'ce' },
        { name: 'b', epochs: 2 },
      ],
    };
    const planned = planComparison(given);
    expect(planned.map(({ config }) => config.out)).toEqual([
      'o/a/seed-4',
      'o/b/seed-4',
      'o/a/seed-7',
      'o/b/seed-7',
    ]);
    expect(planned[3]?.config).toMatchObject({ seed: 7, epochs: 2, loss: { kind: 'crl' } });
    const named = planComparison(given, { losses: ['ce', 'ldam'], seeds: 1 });
    expect(named.map(({ name, seed }) => [name, seed])).toEqual([
      ['ce', 1],
      ['ldam', 1],
    ]);
  });

  it('gives the options of losses to the losses that have them', () => {
    const losses = (given: object, choices: object) =>
      planComparison({ data: 'digits', out: 'o', ...given }, { seeds: 1, ...choices }).map(
        ({ config }) => config.loss,
      );
    const named = losses({}, { losses: ['crl', 'ldam', 'ce'], lossOptions: { eta: 0.2, beta: 0.9 } });
    expect(named).toEqual([
      { kind: 'crl', level: 'class', eta: 0.2 },
      { kind: 'ldam', beta: 0.9 },
      { kind: 'ce' },
    ]);
    // those of the config's own loss too, and a flag overrides them
    const crl = { kind: 'crl', kappa: 5, eta: 0.1 };
    expect(losses({ loss: crl }, { losses: ['ce', 'crl'], lossOptions: { eta: 0.2 } })[1]).toEqual({
      kind: 'crl',
      level: 'class',
      kappa: 5,
      eta: 0.2,
    });
    const runs = [{ name: 'a', loss: 'ce' }, { name: 'b', loss: crl }, { name: 'c' }];
    expect(losses({ runs }, { lossOptions: { eta: 0.3 } })).toEqual([
      { kind: 'ce' },
      { kind: 'crl', level: 'class', kappa: 5, eta: 0.3 },
      { kind: 'crl', level: 'class', eta: 0.3 },
    ]);
    expect(() => losses({}, { losses: ['ce', 'ldam'], lossOptions: { eta: 0.2 } })).toThrow(
      'loss.eta: expected an option that one of the losses has: ce (no options), ldam (maxMargin, scale, beta, reweightFrom), got 0.2',
    );
  });

  it.each([
    [{ losses: ['ce', 'ce'] }, {}, '--losses: expected each loss once: runs of ce with other options'],
    [{ losses: ['ce'] }, {}, '--losses: expected at least two losses by name, got ce'],
    [{ losses: ['ce', 'crl'], flagged: ['loss'] }, {}, '--loss: expected no value together with --losses'],
    [
      { flagged: ['epochs'] },
      { epochs: 3 },
      'runs[1].epochs: expected no value together with the flag that sets it, got 3',
    ],
    [{}, { seed: 3 }, 'runs[1].seed: expected none: a comparison gives each run its seed'],
    [{}, { out: 'x' }, 'runs[1].out: expected none'],
    [{ flagged: ['seed'] }, {}, '--seed: expected no value together with a list of seeds'],
  ])('drops nothing silently: %j with a run of %j', (choices, more, message) => {
    const runs = [{ name: 'a' }, { name: 'b', ...more }];
    const given = { data: 'digits', out: 'o', seed: 2, seeds: [1, 2], runs };
    expect(() => planComparison(given, choices)).toThrow(message);
  });

  it('leaves out runs that diverged, and says so', () => {
    const runs = [finished('a', 1, 0.5), finished('a', 2, 0.7), finished('b', 2, 0.8)];
    const message = 'epoch 1: expected finite numbers';
    const comparison = compareRuns(runs, [
      { name: 'b', seed: 1, message },
      { name: 'c', seed: 1, message },
    ]);
    const [, b, c] = comparison.entries;
    expect(b?.seeds).toEqual([2]);
    expect(b?.metrics['class-balanced accuracy']?.mean).toBe(0.8);
    expect(b?.differences?.['class-balanced accuracy']?.mean).toBeCloseTo(0.1, 12);
    expect(c?.metrics['class-balanced accuracy']).toBeNull();
    const text = comparisonMarkdown(comparison);
    expect(text).toContain('| b (1 of 2 seeds) | 0.8000 |');
    expect(text).toContain(`c, seed 1: ${message}`);
  });

  it.each([
    [{ runs: [{ name: 'a' }] }, 'runs: expected a list of at least two'],
    [{ runs: [{ name: 'a' }, { name: 'a' }] }, 'runs[1].name: expected a name that no other run has'],
    [{ runs: [{ name: '..' }, { name: 'a' }] }, 'runs[0].name: expected a name'],
    [{ runs: [{ name: 'a' }, { name: 'b' }], seeds: 0 }, 'seeds: expected how many'],
    [
      {
        runs: [
          { name: 'a', epochs: 0 },
          { name: 'b', loss: 'odd' },
        ],
      },
      '2 mistakes in the config\n  runs[0].epochs:',
    ],
  ])('%j cannot be planned', (more, message) => {
    expect(() => planComparison({ data: 'digits', out: 'o', ...more })).toThrow(message);
  });
});
