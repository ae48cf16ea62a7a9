import { describe, expect, it } from 'vitest';
import { createBatch } from '../../spec/index.js';
import { groupAttributes } from './rows.js';

describe('groups of anchor rows', () => {
  const scores = [[0.5, 0.5, 0.5, 0.5, 0.5]];
  const categorical = createBatch({ attributes: [2, 3], labels: [[0, 1]], scores });
  const oneAttribute = createBatch({
    attributes: [5],
    encoding: 'one-attribute',
    labels: [[1, 0, 1, 0, 0]],
    scores,
  });

  it('are class columns at class level, of any labels', () => {
    expect(groupAttributes(categorical, 'class')).toEqual([0, 0, 1, 1, 1]);
    expect(groupAttributes(oneAttribute, 'class')).toEqual([0, 0, 0, 0, 0]);
  });

  it('are attributes at instance level, where a sample has one class of each: which makes far fewer rows', () => {
    expect(groupAttributes(categorical, 'instance')).toEqual([0, 1]);
  });

  it('are class columns at instance level too, where a sample may have several classes', () => {
    expect(groupAttributes(oneAttribute, 'instance')).toEqual([0, 0, 0, 0, 0]);
  });
});
