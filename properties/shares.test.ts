import { describe, expect, it } from 'vitest';
import { STAGES } from '../spec/choices.js';
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

  const rank = ({ id }: { id: string }) => (CAUGHT[id] ?? 0) / (COSTS[id] ?? USUAL_COST);
  const falling = (values: readonly number[]) => [...values].sort((a, b) => b - a);

  it('begin with the property of each stage that catches most for its cost', () => {
    const [first = []] = sharesOf(properties, DEFAULT_RUNS);
    const leaders = first.slice(0, STAGES.length);
    expect(new Set(leaders.map(({ stage }) => stage))).toEqual(new Set(STAGES));
    for (const { id, stage } of leaders) {
      const own = properties.filter((property) => property.stage === stage);
      expect(rank({ id })).toBe(Math.max(...own.map(rank)));
    }
    expect(leaders.map(rank)).toEqual(falling(leaders.map(rank)));
  });

  it('have what catches more for its cost before the rest', () => {
    const [first = [], ...others] = sharesOf(properties, DEFAULT_RUNS);
    for (const share of [first.slice(STAGES.length), ...others])
      expect(share.map(rank)).toEqual(falling(share.map(rank)));
    const begin = others.map(([best]) => rank(best as (typeof properties)[number]));
    expect(begin).toEqual(falling(begin));
  });

  it('are all filled where there are no more properties than shares', () => {
    const five = STAGES.map((stage) => properties.find((property) => property.stage === stage)).filter(
      (property) => property !== undefined,
    );
    const shares = sharesOf(five, 100_000);
    expect(shares.map((share) => share.length)).toEqual(five.map(() => 1));
  });
});
