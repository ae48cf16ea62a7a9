import { describe, expect, it } from 'vitest';
import { BLOCK_SCORES, MemoryViews, padded, SimdLayout } from './simd-layout.js';

interface Batch {
  readonly width: number;
  readonly labelWidth: number;
  readonly size: number;
  readonly minorityCount: number;
  readonly rank: number;
  readonly positives: { readonly size: number; readonly longest: number };
  readonly negatives: { readonly size: number; readonly longest: number };
}

const batch: Batch = {
  width: 7,
  labelWidth: 1,
  size: 50,
  minorityCount: 3,
  rank: 5,
  positives: { size: 31, longest: 11 },
  negatives: { size: 42, longest: 17 },
};

function arranged({ size, minorityCount, rank, positives, negatives, ...schema }: Batch): SimdLayout {
  const layout = new SimdLayout();
  layout.arrange(schema, { size, minorityCount }, rank, positives, negatives);
  return layout;
}

/** The regions in order: their names and their bytes. */
function contents({ width, labelWidth, minorityCount, rank, positives, negatives }: Batch, rows: number) {
  return {
    high: 4 * width,
    minorityIndexOf: 4 * width,
    sampled: 16 * rank * Math.ceil(width / 4),
    positives: 16 * minorityCount,
    negatives: 16 * minorityCount,
    positiveKeys: 8 * positives.size,
    negativeKeys: 8 * negatives.size,
    positiveRows: 4 * positives.size,
    negativeRows: 4 * negatives.size,
    scratch: 8 * Math.max(positives.longest, negatives.longest),
    labels: 4 * rows * labelWidth,
    scores: 4 * rows * width,
  };
}

const BATCHES: readonly [string, Batch, number][] = [
  ['a small batch', batch, 50],
  ['labels of 0 and 1', { ...batch, labelWidth: 7 }, 50],
  [
    'positives longer than negatives',
    { ...batch, positives: batch.negatives, negatives: batch.positives },
    50,
  ],
  ['no sampling', { ...batch, rank: 0 }, 50],
  ['no minority class', { ...batch, minorityCount: 0, positives: { size: 0, longest: 0 } }, 50],
  ['whole vectors', { ...batch, width: 8 }, 50],
  ['one score', { ...batch, width: 1, size: 1 }, 1],
  ['more rows than fit a block', { ...batch, width: 1000, labelWidth: 1000, size: 300 }, 65],
  ['rows longer than a block', { ...batch, width: BLOCK_SCORES + 1 }, 1],
];

describe('the layout', () => {
  it.each(BATCHES)(
    'gives every region its bytes, and takes as many rows as fit a block: %s',
    (_, own, rows) => {
      const layout = arranged(own);
      expect(layout.rows).toBe(rows);
      let next = 0;
      for (const [name, bytes] of Object.entries(contents(own, rows))) {
        expect([name, layout[name as keyof SimdLayout]]).toEqual([name, next]);
        // a vector of 16 bytes may begin at the last 4 bytes; the next region begins at a whole vector
        next += bytes + 12;
        while (next % 16 !== 0) next += 1;
      }
      expect(layout.end).toBe(next);
    },
  );

  it('does not depend on the batch before', () => {
    const layout = arranged({ ...batch, size: 1000, width: 300 });
    layout.arrange(batch, batch, batch.rank, batch.positives, batch.negatives);
    expect(layout).toEqual(arranged(batch));
  });

  it('counts its bytes correctly beyond 32 bits', () => {
    expect(arranged({ ...batch, negatives: { size: 2 ** 30, longest: 1 } }).end).toBeGreaterThan(
      12 * 2 ** 30,
    );
  });
});

describe('padding', () => {
  it('fills up to whole vectors of four', () => {
    expect([0, 1, 2, 3, 4, 5, 8, 9].map(padded)).toEqual([0, 4, 4, 4, 4, 8, 8, 12]);
  });
});

describe('views', () => {
  it('cover the whole memory', () => {
    const buffer = new ArrayBuffer(48);
    const views = new MemoryViews();
    views.attach(buffer);
    expect([views.integers, views.floats, views.doubles]).toEqual([
      new Int32Array(12),
      new Float32Array(12),
      new Float64Array(6),
    ]);
    for (const view of [views.integers, views.floats, views.doubles]) expect(view.buffer).toBe(buffer);
  });

  it('are made again if the buffer is another one, and only then', () => {
    const views = new MemoryViews();
    const buffer = new ArrayBuffer(48);
    views.attach(buffer);
    const { integers, floats, doubles } = views;
    views.attach(buffer);
    expect(views.integers).toBe(integers);
    expect(views.floats).toBe(floats);
    expect(views.doubles).toBe(doubles);
    const other = new ArrayBuffer(48);
    views.attach(other);
    for (const view of [views.integers, views.floats, views.doubles]) expect(view.buffer).toBe(other);
  });
});
