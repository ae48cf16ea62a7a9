import ndarray, { type NdArray } from 'ndarray';
import { describe, expect, it } from 'vitest';
import { type Batch, createBatch } from '../../spec/index.js';
import { entries } from '../walk.js';
import { layoutOf, relaid } from './layouts.js';

/** 2×3, all different. */
const matrix = ndarray(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]);

/** One of each layout that is drawn, by how it is counted. */
const drawn = new Map(Array.from({ length: 400 }, (_, shuffle) => [layoutOf(shuffle).way, shuffle]));

/** Every array of a batch. */
function all({ membership, labelled, scores, features }: Batch): NdArray[] {
  return [membership, labelled, scores, ...(features?.matrices ?? [])];
}

describe('layouts', () => {
  it('keep the entries of an array, and give it other strides, another offset or other memory', () => {
    expect(drawn.size).toBe(12);
    for (const [way, shuffle] of drawn) {
      const laid = layoutOf(shuffle).layout(0)(matrix);
      expect([...entries(laid)], way).toEqual([1, 2, 3, 4, 5, 6]);
      expect(laid.shape).toEqual([2, 3]);
      const { stride, offset, data } = laid;
      const view = data as Float64Array;
      const isPacked = `${stride}` === '3,1' && offset === 0 && view.length === 6 && view.byteOffset === 0;
      if (way !== 'layout-mixed' && way !== 'layout-one-memory') expect(isPacked, way).toBe(false);
    }
  });

  it('take turns, of which 36 cases that follow each other have all', () => {
    for (const first of [0, 1, 17, 1000]) {
      const ways = Array.from({ length: 36 }, (_, at) => layoutOf(first + at).way);
      expect(new Set(ways)).toEqual(new Set(drawn.keys()));
      expect(ways.filter((way) => way === 'layout-transposed').length).toBe(3);
    }
  });

  it('of arrays without rows, or with one, are right too', () => {
    for (const [way, shuffle] of drawn)
      for (const rows of [0, 1]) {
        const few = ndarray(
          Float64Array.from({ length: 3 * rows }, (_, at) => at),
          [rows, 3],
        );
        expect(entries(layoutOf(shuffle).layout(0)(few)), way).toEqual(entries(few));
      }
  });

  it('differ from array to array where they are mixed, and leave some as they are', () => {
    const strides = new Set<string>();
    let same = 0;
    for (let shuffle = 0; shuffle < 100; shuffle += 2) {
      const { way, layout } = layoutOf(shuffle);
      expect(way).toBe('layout-mixed');
      for (let at = 0; at < 4; at++) {
        const laid = layout(at)(matrix);
        strides.add(`${laid.stride} ${laid.offset}`);
        if (laid === matrix) same++;
      }
    }
    expect(strides.size).toBeGreaterThan(7);
    expect(same).toBeGreaterThan(0);
  });

  it('of a batch in one memory keep its numbers, and the features of attribute j begin at j·n·d', () => {
    const batch = createBatch({
      attributes: [2, 2],
      labels: [
        [0, 1],
        [1, -1],
      ],
      scores: [
        [0.25, 0.75, 0.5, 0.5],
        [0.5, 0.5, 1, 0],
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
    const laid = relaid(batch, layoutOf(drawn.get('layout-one-memory') as number));
    expect(all(laid).map(entries)).toEqual(all(batch).map(entries));
    expect(all(laid).map(({ offset }) => offset)).toEqual([0, 8, 12, 0, 6]);
    expect(new Set(all(laid).map(({ data }) => data)).size).toBe(2);
    const mixed = relaid(batch, layoutOf(6)); // in one memory, and differently laid out
    expect(all(mixed).map(entries)).toEqual(all(batch).map(entries));
    expect(new Set(all(mixed).map(({ data }) => data)).size).toBe(2);
  });

  it('are those of all arrays of a batch', () => {
    const scores = [
      [0.25, 0.75],
      [0.5, 0.5],
    ];
    const features = [[[1, 2]], [[3, 4]]].map(([row]) => row as number[]);
    const batch = createBatch({ attributes: [2], labels: [[0], [1]], scores, features });
    const laid = relaid(batch, layoutOf(drawn.get('layout-transposed') as number));
    expect(all(laid).map(entries)).toEqual(all(batch).map(entries));
    for (const array of all(laid)) expect(array.stride[0]).toBe(1);
  });
});
