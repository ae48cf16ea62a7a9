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
    expect(text).toContain('| less a | class-balanced accuracy |');
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

  it.each([
    [{ runs: [{ name: 'a' }] }, 'runs: expected a list of at least two'],
    [{ runs: [{ name: 'a' }, { name: 'a' }] }, 'runs[1].name: expected a name of its own'],
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
