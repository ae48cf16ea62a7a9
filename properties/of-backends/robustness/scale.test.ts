import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../../backends/reference.js';
import { balancedLoss } from '../../../spec/index.js';
import type { Case } from '../../cases/arbitraries.js';
import { scale } from './scale.js';

/** One-hot cases of a property of scale at class level. */
function drawn(id: string, numRuns: number): Case[] {
  const { supports } = referenceBackend();
  const cases = scale
    .find((property) => property.id === id)
    ?.cases({ ...supports, encodings: ['categorical'], levels: ['class'] });
  return fc.sample(cases as fc.Arbitrary<Case>, { seed: 1, numRuns });
}

describe.each([
  ['balanced-at-many-classes', 256],
  ['balanced-at-a-thousand-classes', 256],
  ['logits-at-many-classes', 256],
  ['balanced-at-65537-classes', 65_536],
] as const)('cases of %s', (id, late) => {
  it('have something to compare, also of the last classes', () => {
    // a twelfth more or less decides nothing in forty cases; those of 65,537 classes take half a second each
    const cases = drawn(id, late > 256 ? 12 : 40);
    const statistics = cases.map(({ batch, options }) => balancedLoss(batch, options).statistics);
    // where every class has a single sample, L_crl is 0 for any backend
    expect(statistics.filter(({ triplets }) => triplets > 0).length).toBeGreaterThan(cases.length / 2);
    const past = statistics.filter(({ minority }) => minority.flat().some((k) => k >= late));
    expect(past.length).toBeGreaterThan(cases.length / 4);
  });
});

describe('properties of many anchors at instance level', () => {
  it.each([
    [['class'], false],
    [['class', 'instance'], true],
    [['instance'], true],
  ] as const)('apply to a backend of %j: %s', (levels, applies) => {
    const backend = { ...referenceBackend(), supports: { ...referenceBackend().supports, levels } };
    const reasons = scale
      .filter(({ id }) => id.endsWith('-at-many-anchors-of-features'))
      .map((property) => property.inapplicable?.({ backend }));
    const expected = applies ? undefined : 'the backend does not support instance level';
    expect(reasons).toEqual([expected, expected]);
  });
});
