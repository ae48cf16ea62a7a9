import { expect, it } from 'vitest';
import { checkBatch } from './check-batch.js';

const attributes = [2];
const labels = [[0], [-1]];
const scores = [
  [0.5, 0.5],
  [3, -3],
];
const features = [[1], [2]];

it('a valid batch is told in short', () => {
  const logits = { attributes, labels, scores, fromLogits: true };
  expect(checkBatch(logits)).toEqual({ size: 2, scored: true, fromLogits: true });
  expect(checkBatch({ ...logits, features })).toEqual({ size: 2, scored: true, fromLogits: true });
  expect(checkBatch({ attributes, labels, features })).toEqual({ size: 2, scored: false, fromLogits: false });
});

it.each([
  ['labels[1][0]', { labels: [[0], [2]], scores, fromLogits: true }],
  ['scores[1][0]', { labels, scores }],
  ['features[1][0]', { labels, features: [[1], [Number.NaN]] }],
  ['score', { labels, score: scores }],
])('%s is refused, though no array is made', (where, batch) => {
  expect(() => checkBatch({ attributes, ...batch })).toThrow(expect.objectContaining({ where }));
});
