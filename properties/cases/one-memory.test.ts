import { describe, expect, it } from 'vitest';
import { createBatch } from '../../spec/index.js';
import { entries } from '../walk.js';
import { DIFFERENCES, inOneMemory } from './one-memory.js';

const batch = createBatch({
  attributes: [2, 3],
  labels: [
    [0, 1],
    [1, -1],
    [0, 2],
  ],
  scores: [
    [0.25, 0.75, 0.5, 0.5, 0],
    [0.5, 0.5, 1, 0, 0],
    [1, 0, 0, 0.5, 0.5],
  ],
  features: [
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [
      [7, 8],
      [9, 10],
      [11, 12],
    ],
  ],
});

const arrays = ({ membership, labelled, scores, features }: typeof batch) => [
  membership,
  labelled,
  scores,
  ...(features?.matrices ?? []),
];

describe.each(DIFFERENCES)('two batches of one memory that differ in their %s', (differs) => {
  const { other, same } = inOneMemory(batch, 4, differs);

  it('hold the batch, and other samples of it', () => {
    expect(arrays(same).map(entries)).toEqual(arrays(batch).map(entries));
    expect(arrays(other).map(entries)).not.toEqual(arrays(batch).map(entries));
    const rows = entries(batch.scores);
    const samples = [0, 1, 2].map((i) => String(rows.slice(5 * i, 5 * i + 5)));
    for (const i of [0, 1, 2]) {
      expect(samples).toContain(String(entries(other.scores).slice(5 * i, 5 * i + 5)));
    }
  });

  it('have the same memory and shape, and differ in nothing else', () => {
    arrays(same).forEach((array, at) => {
      const own = arrays(other)[at] as typeof array;
      expect(array.shape).toEqual(own.shape);
      expect(array.data.buffer).toBe(own.data.buffer);
      const found = [
        ...(String(array.stride) === String(own.stride) ? [] : ['strides']),
        ...(array.offset === own.offset ? [] : ['offset']),
        ...(array.data.byteOffset === own.data.byteOffset ? [] : ['view']),
      ];
      expect(found).toEqual([differs]);
      expect(array.data === own.data).toBe(differs !== 'view');
    });
  });
});
