import { describe, expect, it } from 'vitest';
import { CAUGHT, COSTS, USUAL_COST } from './costs.js';
import { DEFAULT_RUNS } from './property.js';
import { costOf, sharesOf } from './shares.js';
import { properties } from './suite.js';

const cost = (share: readonly (typeof properties)[number][], runs: number) =>
  share.reduce((sum, property) => sum + costOf(property, runs), 0);

describe('shares of a run', () => {
  it.each([1, 60, DEFAULT_RUNS, 1000])('at %i cases per property hold each property once', (runs) => {
    const shares = sharesOf(properties, runs);
    expect(shares.flat().sort((a, b) => a.id.localeCompare(b.id))).toEqual(
      [...properties].sort((a, b) => a.id.localeCompare(b.id)),
    );
  });

  it('are balanced: none costs more than the mean and one property', () => {
    for (const runs of [DEFAULT_RUNS, 1000]) {
      const shares = sharesOf(properties, runs);
      expect(shares.length).toBeGreaterThan(2);
      const mean = cost(properties, runs) / shares.length;
      const dearest = Math.max(...properties.map((property) => costOf(property, runs)));
      for (const share of shares) expect(cost(share, runs)).toBeLessThanOrEqual(mean + dearest);
    }
  });

  it('are one where little is asked', () => {
    expect(sharesOf(properties, 20)).toHaveLength(1);
    expect(sharesOf(properties.slice(0, 3), DEFAULT_RUNS)).toHaveLength(1);
  });

  it('never outnumber the properties', () => {
    expect(sharesOf(properties.slice(0, 2), 100_000)).toHaveLength(2);
  });

  it('are balanced and ordered by figures of properties that exist', () => {
    const ids = properties.map(({ id }) => id);
    expect(Object.keys({ ...COSTS, ...CAUGHT }).filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('begin with what tells most for its cost, in the first share and in each', () => {
    const rank = ({ id }: { id: string }) => (CAUGHT[id] ?? 0) / (COSTS[id] ?? USUAL_COST);
    const shares = sharesOf(properties, DEFAULT_RUNS);
    const best = Math.max(...properties.map(rank));
    expect(rank(shares[0]?.[0] as (typeof properties)[number])).toBe(best);
    for (const share of shares) {
      const ranks = share.map(rank);
      expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    }
  });
});
