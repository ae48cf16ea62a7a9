import { expect, it } from 'vitest';
import { createBatch, resolveOptions, writeDocument } from './index.js';

const scores = [
  [0.75, 0.25],
  [0.5, 0.5],
];
const batch = createBatch({ attributes: [2], labels: [[0], [1]], scores });

it('a document names the anchors where they are not all, as older readers do not know the option', () => {
  expect(writeDocument(batch, resolveOptions(batch)).options).not.toHaveProperty('anchors');
  expect(writeDocument(batch, resolveOptions(batch, { anchors: 'easy' })).options).toMatchObject({
    anchors: 'easy',
  });
});
