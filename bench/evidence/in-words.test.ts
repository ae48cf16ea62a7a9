import { describe, expect, it } from 'vitest';
import { choicesInWords, verdictsInWords } from './in-words.js';
import type { Told } from './looks.js';
import { methodsOf } from './methods.js';
import type { Changes } from './plan.js';
import type { EvidenceRun, StudyResults } from './results.js';
import { STUDIES } from './studies.js';
import type { Summary } from './summary.js';

const SEEDS = [1, 2, 3, 4, 5];
const [study] = STUDIES as [(typeof STUDIES)[number]];

/** A study whose methods have these mean scores, each with the same small spread over the seeds. */
function told(scores: Readonly<Record<string, number>>, of: Readonly<Record<string, Changes>> = {}): Told {
  const rows = methodsOf(study)
    .filter(({ name }) => name in scores)
    .map(({ name, family, axes, changes: first }) => ({
      ...{ name, family, validation: scores[name] as number, metrics: {}, perClass: [] },
      chosen: {
        changes: { ...first, ...of[name] },
        tried: axes.map(({ path }) => ({ path, value: 0, score: 0 })),
        atEdge: [],
      },
    }));
  const find = (changes: Changes, seed: number) => {
    const row = rows.find(({ chosen }) => chosen.changes === changes) as (typeof rows)[number];
    const noise = 0.01 * Math.sin(seed * (3 + 4 * rows.indexOf(row))); // of either sign, so that pairs have a spread
    return seed > SEEDS.length
      ? undefined
      : ({
          test: { balancedAccuracy: row.validation + noise, shots: { few: null, many: null } },
        } as EvidenceRun);
  };
  const summary = { study, seeds: SEEDS, rows, counts: [], runs: 0, unfinished: [], batches: [] };
  return { summary: summary as unknown as Summary, results: { find } as unknown as StudyResults };
}

describe('the verdicts in words', () => {
  it('count the data sets on which a claim or its opposite is confirmed', () => {
    const clear = { 'cross entropy': 0.5, weighted: 0.9, 'CRL, class, relative': 0.7 };
    const reverse = { 'cross entropy': 0.9, weighted: 0.5, 'CRL, class, relative': 0.7 };
    const open = { 'cross entropy': 0.7, weighted: 0.7, 'CRL, class, relative': 0.7 };
    const adjusted = { ...clear, 'logit-adjusted': 0.6, 'CRL, logit-adjusted': 0.8 };
    const words = verdictsInWords([adjusted, clear, reverse, open].map((scores) => told(scores)));
    expect(words.split('\n')).toEqual([
      'By the corrected tests on 4 data sets:',
      '',
      '- CRL alone is better than cross entropy on 2, and worse on 1.',
      '- CRL alone is better than the best rival on 1, and worse on 2.',
      '- CRL with logit adjustment is better than logit adjustment alone on 1 of the 1 that has both, and worse on none.',
      '- CRL with a tuned logit adjustment has not been compared with the tuned logit adjustment alone yet.',
      '',
      'A difference that is neither is open: its interval contains 0.',
    ]);
    expect(verdictsInWords([told(open)])).toContain('on none, and worse on none');
    expect(verdictsInWords([told(open)])).toContain(
      'CRL with logit adjustment has not been compared with logit adjustment alone yet.',
    );
  });
});

describe('the choices in words', () => {
  it('count what the validation sets chose, of CRL only', () => {
    const level = (name: string, best: string) =>
      ['relative', 'absolute', 'distribution'].map((each) => [
        `CRL, ${name}, ${each}`,
        each === best ? 0.8 : 0.7,
      ]);
    const scores = {
      'cross entropy': 0.5,
      focal: 0.6,
      ...Object.fromEntries([...level('class', 'absolute')]),
    };
    const loss = (kappa: number) => ({ loss: { kind: 'crl', kappa, eta: 0.1 } });
    const of = { 'CRL, class, relative': loss(25), 'CRL, class, absolute': loss(3) };
    const words = choicesInWords([told(scores, { ...of, 'CRL, class, distribution': loss(3) })]);
    expect(words.split('\n')).toEqual([
      '- **Level**: by the corrected tests on 1 data set, class level has not been compared with instance level yet.',
      '- **Comparison**: absolute in 1 of 1 choices among the three of a level, by the score on the validation sets.',
      '- **κ**: 3 in 2, 25 in 1 of 3 choices.',
      '- **η**: 0.1 in 3 of 3 choices.',
      '- **τ**: not finished yet.',
    ]);
  });
});
