import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backends/reference.js';
import { selectMinority } from '../../spec/index.js';
import { entries } from '../walk.js';
import { wide, wideLogits } from './wide.js';

const { supports } = referenceBackend();

describe('wide logits', () => {
  const cases = fc.sample(wideLogits(supports), { seed: 1, numRuns: 60 });

  it('are logits of every encoding, without a minority class', () => {
    expect(cases.every(({ batch }) => batch.fromLogits)).toBe(true);
    expect(new Set(cases.map(({ batch }) => batch.encoding))).toEqual(new Set(supports.encodings));
    const minorities = cases.flatMap(({ batch, options }) => selectMinority(batch, options).minority.flat());
    expect(minorities).toEqual([]);
  });

  it('are more than 1,024 of an attribute in some cases, and between 15 and 40 in many', () => {
    const widest = cases.map(({ batch }) => Math.max(...batch.attributes.map((each) => each.columns.length)));
    expect(widest.filter((width) => width > 1024).length).toBeGreaterThan(1);
    const largest = cases.map(({ batch }) => Math.max(...entries(batch.scores).map(Math.abs)));
    expect(largest.filter((z) => z > 15 && z <= 40).length).toBeGreaterThan(cases.length / 4);
  });
});

describe('wide cases of the distribution comparison', () => {
  it('hold no more numbers than a backend of dense arrays can, at κ above 1', () => {
    const cases = fc.sample(wide({ ...supports, comparisons: ['distribution'] }), { seed: 1, numRuns: 100 });
    const held = cases
      .filter(({ options }) => options.kappa > 1)
      .map(({ batch, options }) => batch.size * batch.columns.length * options.kappa * options.bins);
    expect(held.length).toBeGreaterThan(cases.length / 3); // of the widest features κ is 1 in every third
    expect(Math.max(...held)).toBeLessThanOrEqual(8_000_000);
  });
});
