import { describe, expect, it } from 'vitest';
import { choose } from './choose.js';
import type { Method } from './plan.js';

const method: Method = {
  name: 'synthetic',
  family: 'rival',
  changes: { loss: { kind: 'focal' } },
  axes: [
    { path: 'loss.gamma', values: [1, 2, 3] },
    { path: 'loss.kappa', values: [5, 6] },
  ],
};

describe('a sweep', () => {
  const found = (scores: (gamma: number, kappa: number, seed: number) => number | null) =>
    choose(method, async (changes, seed) => {
      const { gamma, kappa } = changes.loss as { gamma: number; kappa: number };
      return scores(gamma, kappa, seed);
    });

  it('takes the best mean of each axis, the next at the best of those before it', async () => {
    // seed 1 alone would take 3
    const { changes, tried } = await found((gamma, kappa, seed) => (gamma === 3 ? 3 - seed : gamma) + kappa);
    expect(changes.loss).toEqual({ kind: 'focal', gamma: 2, kappa: 6 });
    expect(tried.map(({ value, score }) => [value, score])).toEqual([
      [1, 6],
      [2, 7],
      [3, 6.5],
      [5, 7],
      [6, 8],
    ]);
  });

  it('takes the first of equals, and never one that broke off', async () => {
    expect((await found(() => 1)).changes.loss).toMatchObject({ gamma: 1, kappa: 5 });
    expect((await found((gamma) => (gamma === 1 ? null : 0))).changes.loss).toMatchObject({ gamma: 2 });
  });
});

describe('a grid', () => {
  const growing: Method = {
    ...method,
    axes: [{ path: 'loss.gamma', values: [4, 2, 3], beyond: { below: [1, 0.5, 0], above: [5, 6] } }],
  };
  const tried = async (best: number) => {
    const {
      changes,
      tried: all,
      atEdge,
    } = await choose(growing, async (given) => {
      const { gamma } = given.loss as { gamma: number };
      return -Math.abs(gamma - best);
    });
    return [(changes.loss as { gamma: number }).gamma, all.map(({ value }) => value), atEdge];
  };

  it('grows while the best value is at its edge', async () => {
    expect(await tried(3)).toEqual([3, [4, 2, 3], []]);
    expect(await tried(1)).toEqual([1, [4, 2, 3, 1, 0.5], []]);
    expect(await tried(4)).toEqual([4, [4, 2, 3, 5], []]);
  });

  it('is at no edge where its best value is an end of the axis', async () => {
    const [axis] = growing.axes as [Method['axes'][number]];
    const { atEdge } = await choose({ ...growing, axes: [{ ...axis, ends: [0] }] }, async (given) => {
      const { gamma } = given.loss as { gamma: number };
      return -gamma;
    });
    expect(atEdge).toEqual([]);
  });

  it('says where the best value is at the last edge', async () => {
    expect(await tried(-1)).toEqual([0, [4, 2, 3, 1, 0.5, 0], ['loss.gamma']]);
    expect(await tried(9)).toEqual([6, [4, 2, 3, 5, 6], ['loss.gamma']]);
  });
});
