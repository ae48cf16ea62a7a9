import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optionsFirst } from './options-first.js';

/** Rows, and two options on which it depends how many of them a failure needs. */
const drawn = {
  rows: fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }),
  kappa: fc.integer({ min: 1, max: 20 }),
  rho: fc.constantFrom(0.5, 0.1),
};

describe('a record that shrinks by its options first', () => {
  it('is drawn like any other record', () => {
    const plain = fc.sample(fc.record(drawn, { noNullPrototype: true }), { seed: 1, numRuns: 50 });
    expect(fc.sample(optionsFirst(drawn, 'rows'), { seed: 1, numRuns: 50 })).toEqual(plain);
  });

  it('reaches the simplest options before the tries run out', () => {
    /** The smallest case that sixty tries find of an error which a small ρ or a large κ only shows in many rows. */
    const smallest = (arbitrary: fc.Arbitrary<{ rows: number[]; kappa: number; rho: number }>) => {
      let tries = 0;
      const passes = fc.property(arbitrary, ({ rows, kappa, rho }) => {
        if (tries > 0) tries += 1;
        if (tries > 60 || rows.length < Math.max(kappa, rho === 0.1 ? 10 : 1)) return true;
        tries = Math.max(tries, 1);
        return false;
      });
      return fc.check(passes, { seed: 1, numRuns: 1000 }).counterexample?.[0];
    };
    expect(smallest(optionsFirst(drawn, 'rows'))).toEqual({ rows: [0], kappa: 1, rho: 0.5 });
    expect(smallest(fc.record(drawn))).not.toMatchObject({ kappa: 1, rho: 0.5 });
  });
});
