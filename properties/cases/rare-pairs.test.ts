import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { caseConditions, choicePairs, Facts } from '../coverage/index.js';
import { properties } from '../of-backends/index.js';
import { DEFAULT_RUNS } from '../property.js';
import type { Case } from './arbitraries.js';
import { sampleNumbered } from './in-turn.js';
import { rarePairs } from './rare-pairs.js';

const { supports } = referenceBackend();
const LARGE = ['size', 'classes', 'attributes', 'κ'];
const OPTIONS = ['margin', 'bins', 'α'];
/** Values that many cases have: chance is enough for their pairs. */
const USUAL = [
  'samples-1-24',
  'classes-1-8',
  'attributes-1',
  'attributes-2-8',
  'kappa-1',
  'kappa-2-8',
  'kappa-9-64',
];

/** The pairs of a large size, count or κ with each other and with a margin, τ or α, and all of the largest size. */
const wanted = choicePairs().possible.filter(
  (pair) =>
    pair.some(({ id }) => id === 'samples-1025+') ||
    (pair.every(({ choice = '', id }) => [...LARGE, ...OPTIONS].includes(choice) && !USUAL.includes(id)) &&
      pair.some(({ choice = '' }) => LARGE.includes(choice))),
);

function idsOf(given: Case): string[] {
  const facts = new Facts(given);
  return caseConditions
    .filter(({ choice, holds }) => choice !== undefined && holds(facts))
    .map(({ id }) => id);
}

describe('planned cases', () => {
  it.each([
    [1, 'float64'],
    [2, 'float64'],
    [3, 'float32'],
  ] as const)(
    'have every large size, count and κ with every margin, τ and α: seed %d, %s',
    (seed, precision) => {
      const planned = rarePairs({ ...supports, precision });
      const met = planned.flatMap((cases) => fc.sample(cases, { seed, numRuns: 1 })).map(idsOf);
      const missing = wanted.filter(([a, b]) => !met.some((ids) => ids.includes(a.id) && ids.includes(b.id)));
      expect(wanted.length).toBeGreaterThan(100);
      expect(missing.map((pair) => pair.map(({ id }) => id).join(' & '))).toEqual([]);
    },
  );

  it('all have their turn in a default run', () => {
    const property = properties.find(({ id }) => id === 'balanced-agrees-on-combinations');
    const drawn = Math.floor(0.9 * DEFAULT_RUNS); // the search makes the others
    const large = sampleNumbered(property?.cases(supports) as fc.Arbitrary<Case>, {
      seed: 1,
      numRuns: drawn,
    });
    const sizes = large.map(({ batch }) => batch.size).filter((size) => size === 1025);
    const planned = rarePairs(supports).flatMap((cases) => fc.sample(cases, { seed: 1, numRuns: 1 }));
    const expected = planned.filter(({ batch }) => batch.size === 1025).length;
    expect(sizes.length).toBeGreaterThanOrEqual(expected);
    expect(expected).toBeGreaterThan(5);
  });

  it('are limited to what a backend supports', () => {
    const narrow = {
      ...supports,
      encodings: ['multi-label'],
      levels: ['class'],
      comparisons: ['absolute'],
    } as const;
    for (const cases of rarePairs(narrow)) {
      const [{ batch, options }] = fc.sample(cases, { seed: 1, numRuns: 1 }) as [Case];
      expect([batch.encoding, options.level, options.comparison]).toEqual([
        'multi-label',
        'class',
        'absolute',
      ]);
    }
  });
});
