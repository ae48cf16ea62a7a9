import { describe, expect, it } from 'vitest';
import { labelCounts, multiHotRows, singleLabels } from './label-rows.js';

const source = { records: [{ labels: [0, 2] }, { labels: [] }, { labels: [2] }], classes: ['a', 'b', 'c'] };

describe('labels of a source', () => {
  it('are rows of 0 and 1, and counts of their columns', () => {
    const rows = multiHotRows(source);
    expect(rows).toEqual([
      [1, 0, 1],
      [0, 0, 0],
      [0, 0, 1],
    ]);
    expect(labelCounts(source)).toEqual(
      [0, 1, 2].map((k) => rows.reduce((sum, row) => sum + (row[k] ?? 0), 0)),
    );
  });

  it('are class indices where each image has one', () => {
    expect(singleLabels({ records: [{ labels: [2] }, { labels: [0] }], classes: source.classes })).toEqual([
      2, 0,
    ]);
    expect(() => singleLabels(source)).toThrow('records[0].labels: expected one label, got [0,2]');
  });

  it('are counted in memory for one number per class, at the size of iNaturalist 2018', () => {
    const [n, K] = [437_513, 8_142];
    const records = Array.from({ length: n }, (_, i) => ({ labels: [i % K] }));
    // rows of 0 and 1 would be 28 GB, and end the process
    const counts = labelCounts({ records, classes: Array.from({ length: K }, (_, k) => String(k)) });
    expect(counts.reduce((a, b) => a + b, 0)).toBe(n);
    expect([counts[0], counts.at(-1)]).toEqual([54, 53]);
  });
});
