import { describe, expect, it } from 'vitest';
import { type ClassAwareOptions, classAwareBatches } from './index.js';

/** 60 of class 0, 12 of class 1, 3 of class 2, and an unlabelled sample. */
const labels = [...new Array(60).fill(0), ...new Array(12).fill(1), -1, ...new Array(3).fill(2)] as number[];

function take(count: number, options: ClassAwareOptions): number[][] {
  const batches = classAwareBatches(labels, options);
  return Array.from({ length: count }, () => batches.next().value);
}

function classCounts(drawn: readonly number[]): number[] {
  return [0, 1, 2].map((k) => drawn.filter((i) => labels[i] === k).length);
}

describe('class-aware batches', () => {
  it('draw all classes alike, and all their samples alike', () => {
    const drawn = take(90, { batchSize: 10 }).flat();
    expect(classCounts(drawn)).toEqual([300, 300, 300]);
    const often = labels.map((_, i) => drawn.filter((j) => i === j).length);
    expect(often).toEqual(labels.map((k) => (k < 0 ? 0 : 300 / labels.filter((l) => l === k).length)));
  });

  it('draw classes by their size, if asked, and at least m samples of each', () => {
    const batches = take(75, { batchSize: 8, by: 'sample', perClass: 2 });
    // 300 draws of two: four times each of the 75 samples' classes
    expect(classCounts(batches.flat())).toEqual([480, 96, 24]);
    for (const batch of batches) for (const n of classCounts(batch)) expect(n % 2).toBe(0);
  });

  it('hold m different samples each time a class is drawn, if it has as many', () => {
    for (const batch of take(200, { batchSize: 6, perClass: 2 })) {
      for (const at of [0, 2, 4]) {
        expect(labels[batch[at] as number]).toBe(labels[batch[at + 1] as number]);
        expect(batch[at]).not.toBe(batch[at + 1]);
      }
    }
    for (const batch of take(50, { batchSize: 5, perClass: 5 })) {
      const [, , rare] = classCounts(batch);
      expect(new Set(batch).size).toBe(rare === 5 ? 3 : 5); // of three samples all, before one comes twice
    }
  });

  it('take the remainder of a batch from the classes that are drawn first', () => {
    for (const batch of take(20, { batchSize: 8, perClass: 3 })) {
      expect(batch.map((i) => labels[i]).slice(0, 4)).toEqual(new Array(4).fill(labels[batch[0] as number]));
      expect(batch.length).toBe(8);
    }
  });

  it('are the same for the same seed, and others for another', () => {
    const options = { batchSize: 16, perClass: 2 };
    expect(take(5, { ...options, seed: 7 })).toEqual(take(5, { ...options, seed: 7 }));
    expect(take(5, { ...options, seed: 7 })).not.toEqual(take(5, { ...options, seed: 8 }));
    expect(take(5, options)).toEqual(take(5, { ...options, seed: 0 }));
  });

  it('refuse bad labels and options at once', () => {
    expect(() => classAwareBatches([-1], { batchSize: 1 })).toThrow('labels: expected at least one labelled');
    expect(() => classAwareBatches([0, 0.5], { batchSize: 1 })).toThrow(
      'labels[1]: expected a class index ≥ 0',
    );
    expect(() => classAwareBatches([0], { batchSize: 1, perClass: 2 })).toThrow('options.batchSize');
    expect(() => classAwareBatches([0], { batchSize: 1, by: 'luck' as never })).toThrow('class | sample');
    expect(() => classAwareBatches([0], { batchSize: 1, seed: 0.5 })).toThrow('options.seed');
    expect(() => classAwareBatches([0], { size: 1 } as never)).toThrow(
      'options.size: expected one of batchSize',
    );
  });
});
