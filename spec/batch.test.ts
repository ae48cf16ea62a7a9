import { expect, it } from 'vitest';
import { createBatch } from './index.js';

it('a batch without scores has none, in the shape that they would have', () => {
  const batch = createBatch({ attributes: [2], labels: [[0], [1]], features: [[1], [2]] });
  expect(batch.scored).toBe(false);
  expect(batch.scores.shape).toEqual([2, 2]);
  expect([...batch.scores.data]).toEqual(new Array(4).fill(Number.NaN));
});

it('a batch of scores holds them', () => {
  const scores = [
    [0.25, 0.75],
    [1, 0],
  ];
  const batch = createBatch({ attributes: [2], labels: [[0], [1]], scores });
  expect(batch.scored).toBe(true);
  expect([...batch.scores.data]).toEqual(scores.flat());
});
