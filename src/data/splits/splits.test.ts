import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedRandom } from '../random.js';
import { longTailProfile, longTailSubset } from './long-tail.js';
import { stratifiedSplit } from './stratified-split.js';

const FRACTIONS = [[1], [0.5, 0.5], [0.8, 0.1, 0.1], [0.7, 0.3], [0.2, 0.2, 0.2, 0.2, 0.2]] as const;
const rowsArbitrary = fc.array(fc.uniqueArray(fc.nat(6), { maxLength: 4 }), { maxLength: 80 });

function countOf(rows: readonly (readonly number[])[], part: readonly number[], k: number): number {
  return part.filter((i) => rows[i]?.includes(k)).length;
}

describe('a stratified split', () => {
  it('puts every image in one part, in order, with any labels', () => {
    fc.assert(
      fc.property(rowsArbitrary, fc.constantFrom(...FRACTIONS), fc.nat(), (rows, fractions, seed) => {
        const parts = stratifiedSplit(rows, { fractions, seed });
        expect(parts).toHaveLength(fractions.length);
        expect(parts.flat().sort((a, b) => a - b)).toEqual([...rows.keys()]);
        for (const part of parts) expect(part).toEqual([...part].sort((a, b) => a - b));
      }),
    );
  });

  it('gives no part a whole image more of a class than its share, with one label per image', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5)), fc.constantFrom(...FRACTIONS), fc.nat(), (labels, fractions, seed) => {
        const rows = labels.map((k) => [k]);
        const parts = stratifiedSplit(labels, { fractions, seed });
        for (const k of new Set(labels)) {
          const all = countOf(rows, [...rows.keys()], k);
          parts.forEach((part, j) => {
            expect(countOf(rows, part, k) - (fractions[j] as number) * all).toBeLessThan(1);
          });
        }
      }),
    );
  });

  it('keeps rare labels of long-tailed multi-label data near their share, where chance does not', () => {
    const random = keyedRandom(3);
    const rows = Array.from({ length: 3000 }, () =>
      Array.from({ length: 12 }, (_, k) => k).filter((k) => random() < 0.4 * 0.6 ** k),
    );
    const fractions = [0.8, 0.1, 0.1];
    const parts = stratifiedSplit(rows, { fractions, seed: 1 });
    for (let k = 0; k < 12; k++) {
      const all = countOf(rows, [...rows.keys()], k);
      parts.forEach((part, j) => {
        expect(Math.abs(countOf(rows, part, k) - (fractions[j] as number) * all)).toBeLessThan(3);
      });
    }
    parts.forEach((part, j) => {
      expect(Math.abs(part.length - (fractions[j] as number) * 3000)).toBeLessThan(60);
    });
  });

  it.each([
    ['1,000 classes of two images', 1000, () => 2, [0.8, 0.2]],
    ['1,000 classes of two images, in three parts', 1000, () => 2, [0.6, 0.2, 0.2]],
    ['1,000 classes of three images', 1000, () => 3, [0.9, 0.05, 0.05]],
    ['a long tail that ends in pairs', 500, (k: number) => 2 + Math.floor(300 * 0.98 ** k), [0.8, 0.1, 0.1]],
  ])('keeps the shares of all images at %s', (_, classes, size, fractions) => {
    const labels = Array.from({ length: classes }, (__, k) => Array<number>(size(k)).fill(k)).flat();
    for (const seed of [1, 2]) {
      const parts = stratifiedSplit(labels, { fractions, seed });
      parts.forEach((part, j) => {
        expect(Math.abs(part.length - (fractions[j] as number) * labels.length)).toBeLessThanOrEqual(2);
        // and no part of the classes only: the rarest are not kept from it
        const few = part.filter((i) => (labels[i] as number) >= classes / 2).length;
        const share = few / labels.filter((k) => k >= classes / 2).length;
        expect(Math.abs(share - (fractions[j] as number))).toBeLessThan(0.05);
      });
      // every class is in the largest part
      expect(new Set(parts[0]?.map((i) => labels[i])).size).toBe(classes);
    }
  });

  it('deals an image that is the only one of its class to the largest part', () => {
    const labels = [...Array.from({ length: 100 }, (_, k) => k), ...Array<number>(100).fill(100)];
    for (let seed = 0; seed < 5; seed++) {
      const [, held = []] = stratifiedSplit(labels, { fractions: [0.8, 0.2], seed });
      expect(held.filter((i) => i < 100)).toEqual([]);
    }
  });

  it('deals the rarest label out first, or its images would be dealt out with a common one', () => {
    const rows = Array.from({ length: 40 }, (_, i) => (i < 2 ? [0, 1] : [1]));
    for (let seed = 0; seed < 20; seed++) {
      const parts = stratifiedSplit(rows, { fractions: [0.5, 0.5], seed });
      expect(parts.map((part) => countOf(rows, part, 0))).toEqual([1, 1]);
    }
  });

  it('is decided by the seed', () => {
    const labels = Array.from({ length: 60 }, (_, i) => i % 3);
    const split = (seed: number) => stratifiedSplit(labels, { fractions: [0.5, 0.5], seed });
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
  });

  it.each([
    [[], /a share for each part/],
    [[0.5, 0.4], /a sum of 1/],
    [[1.5, -0.5], /shares > 0/],
    [[Number.NaN, 1], /shares > 0/],
  ])('refuses the fractions %j', (fractions, message) => {
    expect(() => stratifiedSplit([0, 1], { fractions })).toThrow(message);
  });

  it('refuses an invalid label', () => {
    expect(() => stratifiedSplit([[0], [1, 0.5]], { fractions: [1] })).toThrow(/labels\[1\]\[1\]/);
  });
});

describe('a long tail', () => {
  it('falls exponentially from most to most·ratio', () => {
    expect(longTailProfile(1000, 0.01, 5)).toEqual([1000, 316, 100, 32, 10]);
    expect(longTailProfile(7, 1, 3)).toEqual([7, 7, 7]);
    expect(longTailProfile(7, 0.1, 1)).toEqual([7]);
    for (const bad of [0, 1.1, Number.NaN]) expect(() => longTailProfile(7, bad, 3)).toThrow(/ratio/);
  });

  const labels = Array.from({ length: 400 }, (_, i) => i % 4);
  const counts = (kept: readonly number[]) =>
    [0, 1, 2, 3].map((k) => kept.filter((i) => labels[i] === k).length);

  it('is thinned out of a set, by class index or in another order', () => {
    expect(counts(longTailSubset(labels, { ratio: 0.1 }))).toEqual([100, 46, 22, 10]);
    expect(counts(longTailSubset(labels, { ratio: 0.1, most: 50, order: [3, 2, 1, 0] }))).toEqual([
      5, 11, 23, 50,
    ]);
    const kept = longTailSubset(labels, { ratio: 0.1 });
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
  });

  it('keeps other images by another seed', () => {
    const kept = (seed: number) => longTailSubset(labels, { ratio: 0.1, seed });
    expect(kept(1)).toEqual(kept(1));
    expect(kept(1)).not.toEqual(kept(2));
  });

  it('takes as many as every class has, and refuses more', () => {
    const uneven = [...Array(10).fill(0), ...Array(4).fill(1)];
    const kept = longTailSubset(uneven, { ratio: 0.5 });
    expect([kept.filter((i) => i < 10).length, kept.filter((i) => i >= 10).length]).toEqual([8, 4]);
    expect(() => longTailSubset(uneven, { ratio: 0.5, most: 10 })).toThrow(
      /class 1: expected from 1 to 4 images/,
    );
    expect(() => longTailSubset(labels, { ratio: 0.001 })).toThrow(/class 3: expected from 1/);
    expect(() => longTailSubset(labels, { ratio: 0.5, order: [0, 1, 2, 2] })).toThrow(/each once/);
  });
});
