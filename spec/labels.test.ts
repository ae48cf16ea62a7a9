import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { classCounts, createSchema } from './index.js';

describe('classCounts', () => {
  it('counts the labelled samples of each class, one array per attribute', () => {
    const schema = createSchema({ attributes: [3, 2] });
    const labels = [
      [0, 1],
      [2, -1],
      [0, null],
    ];
    expect(classCounts(schema, labels)).toEqual([
      [2, 0, 1],
      [0, 1],
    ]);
  });

  it('counts both sides of a binary label, and the occurrences of labels of one attribute', () => {
    const rows = [
      [1, 0],
      [1, 1],
      [0, 0],
    ];
    expect(classCounts(createSchema({ attributes: [2, 2], encoding: 'multi-label' }), rows)).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(classCounts(createSchema({ attributes: [2], encoding: 'one-attribute' }), rows)).toEqual([[2, 1]]);
  });

  it('takes an ndarray', () => {
    const labels = ndarray(Int32Array.of(0, 1, 1), [3, 1]);
    expect(classCounts(createSchema({ attributes: [2] }), labels)).toEqual([[1, 2]]);
  });

  it('needs no array of samples by classes: those of 437,513 × 8,142 would take 3.5 GB', () => {
    const [samples, classes] = [437_513, 8_142];
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const labels = Array.from({ length: samples }, (_, i) => [i % classes]);
    // the last row, when it is read, looks at what has been allocated
    const watched = new Proxy(labels[samples - 1] as number[], {
      get(row, key, receiver) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        return Reflect.get(row, key, receiver);
      },
    });
    labels[samples - 1] = watched;
    const [counts] = classCounts(createSchema({ attributes: [classes] }), labels) as [number[]];
    expect(counts.reduce((a, b) => a + b, 0)).toBe(samples);
    expect(Math.max(...counts) - Math.min(...counts)).toBe(1);
    expect(most).toBeLessThan(16 * classes + 1e6);
  });

  it('names the label that is wrong', () => {
    const schema = createSchema({ attributes: [3] });
    expect(() => classCounts(schema, [[0], [3]])).toThrow(
      'labels[1][0]: expected an integer from -1 to 2 (-1 or null: unlabelled), got 3',
    );
    expect(() => classCounts(schema, [])).toThrow('labels: expected at least one sample, got none');
    expect(() => classCounts(schema, [[0, 1]])).toThrow('labels[0]: expected a row of 1 numbers');
  });
});
