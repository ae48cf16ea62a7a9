import { expect, it } from 'vitest';
import { createBatch } from '../../spec/index.js';
import { entries } from '../walk.js';
import { withComponents, withScores } from './changed-numbers.js';

const batch = createBatch({
  attributes: [1, 1],
  labels: [
    [0, -1],
    [0, 0],
  ],
  scores: [
    [0.25, 0.5],
    [0.75, 1],
  ],
  features: [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [7, 8, 9],
      [10, 11, 12],
    ],
  ],
});

it('scores are changed by row and column, and the batch that was given stays', () => {
  const changed = withScores(batch, (x, row, column) => x + 10 * row + 100 * column);
  expect([...entries(changed.scores)]).toEqual([0.25, 100.5, 10.75, 111]);
  expect([...entries(batch.scores)]).toEqual([0.25, 0.5, 0.75, 1]);
});

it('features are changed by component, sample and matrix', () => {
  const { features } = withComponents(batch, (_, t, i, j) => 100 * j + 10 * i + t);
  expect(features?.matrices.map((matrix) => [...entries(matrix)])).toEqual([
    [0, 1, 2, 10, 11, 12],
    [100, 101, 102, 110, 111, 112],
  ]);
});

it('a batch without features stays as it is', () => {
  const { features: _, ...without } = batch;
  expect(withComponents(without, () => 0)).toBe(without);
});
