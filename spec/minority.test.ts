import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { createBatch, minorityClasses, resolveOptions, selectMinority } from './index.js';

describe('minority classes (Eq. 3)', () => {
  it.each([
    { why: '≤, not <', sizes: [2, 2, 4], n: 8, rho: 0.5, minority: [0, 1] },
    { why: 'cumulative, not each class alone', sizes: [3, 3, 4], n: 10, rho: 0.5, minority: [0] },
    { why: 'n_j is that of this batch, not a nominal size', sizes: [3, 1], n: 4, rho: 0.5, minority: [] },
    { why: 'one sample forms no pair', sizes: [1, 5], n: 6, rho: 0.5, minority: [] },
    {
      why: 'empty classes sit in the prefix and are dropped',
      sizes: [0, 2, 0, 6],
      n: 8,
      rho: 0.5,
      minority: [1],
    },
    { why: 'ties go to the lower class index', sizes: [2, 2, 2], n: 6, rho: 0.5, minority: [0] },
    { why: 'at ρ = 1 every class with a pair is minority', sizes: [3, 1, 4], n: 8, rho: 1, minority: [0, 2] },
    { why: 'the product ρ·n_j is not rounded up', sizes: [2, 2, 3], n: 7, rho: 0.5, minority: [0] },
    { why: 'the float64 product counts: 0.3 · 10 is 3', sizes: [3, 7], n: 10, rho: 0.3, minority: [0] },
    { why: 'a tie of two halves: the lower', sizes: [4, 4], n: 8, rho: 0.5, minority: [0] },
  ])('$why: $sizes at ρ $rho', ({ sizes, n, rho, minority }) => {
    expect(minorityClasses(sizes, n, rho)).toEqual(minority);
  });

  it('gives the article’s example: 24 classes in the prefix, {2,3,4,19,23} survive', () => {
    const h = [16, 1, 2, 2, 2, 0, 1, 6, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 2, 0, 6, 0, 3, 0, 7, 0, 0];
    expect(minorityClasses(h, 32, 0.5)).toEqual([2, 3, 4, 19, 23]);
  });
});

describe('selectMinority', () => {
  const scores = (n: number, width: number) => Array.from({ length: n }, () => Array(width).fill(0.5));

  it('counts labelled samples only, for each attribute separately', () => {
    const labels = [
      [0, -1],
      [0, 1],
      [1, 1],
      [1, 0],
      [1, null],
      [2, -1],
    ];
    const batch = createBatch({ attributes: [3, 2], labels, scores: scores(6, 5) });
    // attribute 1: 3 labelled, limit 1.5: class 0 holds 1, class 1 holds 2
    expect(selectMinority(batch, resolveOptions(batch))).toEqual({
      profile: [
        [2, 3, 1],
        [1, 2],
      ],
      minority: [[0], []],
    });
  });

  it('reads a batch of any layout in memory', () => {
    const labels = [[0], [0], [1], [1], [1], [2]];
    const batch = createBatch({ attributes: [3], labels, scores: scores(6, 3) });
    const transposed = ndarray(new Uint8Array(2 + 18), [6, 3], [1, 6], 2);
    for (let i = 0; i < 6; i++) {
      for (let c = 0; c < 3; c++) transposed.set(i, c, batch.membership.get(i, c));
    }
    const options = resolveOptions(batch);
    const found = selectMinority({ ...batch, membership: transposed }, options);
    expect(found).toEqual({ profile: [[2, 3, 1]], minority: [[0]] });
    expect(found).toEqual(selectMinority(batch, options));
  });

  it('multi-label: either side can be the minority; at n/2 each it is absent', () => {
    const labels = [
      [0, 1, 1],
      [0, 1, 0],
      [1, 1, 0],
      [1, 0, -1],
      [1, 0, 1],
    ];
    const batch = createBatch({
      attributes: [2, 2, 2],
      encoding: 'multi-label',
      labels,
      scores: scores(5, 3),
    });
    expect(selectMinority(batch, resolveOptions(batch)).minority).toEqual([[0], [0], [0]]);
  });

  it('one-attribute: an all-zero row counts among n_j', () => {
    const labels = [
      [1, 1],
      [1, 0],
      [0, 0],
      [0, 0],
    ];
    const batch = createBatch({ attributes: [2], encoding: 'one-attribute', labels, scores: scores(4, 2) });
    expect(selectMinority(batch, resolveOptions(batch, { rho: 0.75 }))).toEqual({
      profile: [[2, 1]],
      minority: [[0]],
    });
  });
});
