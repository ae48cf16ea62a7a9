import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import type { Capabilities, Encoding } from '../../spec/index.js';
import { sampleNumbered } from '../cases/in-turn.js';
import { properties } from '../of-backends/index.js';
import { DEFAULT_RUNS } from '../property.js';
import { conditions, excludedBy, Facts, Tally } from './index.js';

/** Whose ways, or what their cases hold, depend most on what a backend supports. */
const ASKED = ['similar-batches-heeded', 'options-heeded', 'layout-independent', 'balanced-agrees'];

/** In how many cases of these properties each condition holds for a backend that supports so much. */
function countsOf(supports: Capabilities, seed: number): Readonly<Record<string, number>> {
  const subject = { backend: { ...referenceBackend(), supports } };
  const counts: Record<string, number> = {};
  for (const { id, stage, runs, cases, ways } of properties) {
    if (!ASKED.includes(id)) continue;
    const tally = new Tally(stage);
    const numRuns = Math.ceil(runs?.(DEFAULT_RUNS) ?? DEFAULT_RUNS);
    for (const given of sampleNumbered(cases(supports), { seed, numRuns })) {
      if (ways === undefined) tally.add(new Facts(given));
      else tally.addWays(ways(subject, given));
    }
    for (const [name, cases] of Object.entries(tally.coverage().conditions))
      counts[name] = (counts[name] ?? 0) + cases;
  }
  return counts;
}

/** What these properties alone must meet in a run of any backend that can. */
const MET = [
  /^(like|layout|memory)-/,
  /-changes?(-slightly)?$/,
  /^(whole-attribute|no-negatives|positives-alone|no-minority|empty-class)$/,
];
/** Of these, the ways that other properties tell. */
const OTHERS = ['labels-change', 'scores-change', 'features-change', 'one-sample-changes'];

function isMet({ id }: { readonly id: string }): boolean {
  return MET.some((name) => name.test(id)) && !OTHERS.includes(id);
}

const ALL = referenceBackend().supports;
const ENCODINGS: readonly Encoding[][] = [
  ['categorical'],
  ['multi-label'],
  ['one-attribute'],
  ['categorical', 'multi-label'],
  ['categorical', 'one-attribute'],
  ['multi-label', 'one-attribute'],
];
/** Each of the encodings with a level and comparisons, so that every one of these comes alone too. */
const NARROW: readonly Partial<Capabilities>[] = ENCODINGS.map((encodings, at) => ({
  encodings,
  levels: at % 2 === 0 ? ['class'] : ['instance'],
  comparisons: [(['distribution', 'relative', 'absolute'] as const)[at % 3] ?? 'relative'],
  anchors: ['all'],
}));

describe('a backend that supports little', () => {
  it.each([{}, ...NARROW])('can meet what is required of it: %j', (few) => {
    const supports = { ...ALL, ...few };
    const counts = countsOf(supports, 65);
    const able = conditions.filter((condition) => isMet(condition) && !excludedBy(condition, supports));
    expect(able.map(({ id }) => id).filter((id) => !counts[id])).toEqual([]);
    expect(able.length).toBeGreaterThan(20);
  });

  it('is asked for no likeness of two encodings of which it lacks one', () => {
    const likeness = conditions.find(({ id }) => id === 'like-shapes') as (typeof conditions)[number];
    for (const encodings of ENCODINGS) {
      const can = encodings.includes('categorical') && encodings.includes('one-attribute');
      expect(excludedBy(likeness, { ...ALL, encodings }) === undefined, `${encodings}`).toBe(can);
    }
    expect(excludedBy(likeness, { ...ALL, encodings: ['multi-label', 'one-attribute'] })).toBe(
      'it needs the encodings categorical and one-attribute, and the backend does not support categorical',
    );
  });
});
