import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import { shuffled } from '../properties/index.js';
import { imbalance, minorityClasses } from '../spec/index.js';
import { readLabelFile } from './data/index.js';
import { forecast } from './forecast/index.js';

/**
 * The real labels of the article: the Human Protein Atlas training set, `Id,Target` with
 * space-separated labels. They are not part of this package.
 */
const FILE = 'protein-atlas-train.csv';
const top = resolve(import.meta.dirname, '..');
const path = [
  process.env.PROTEIN_ATLAS_LABELS,
  resolve(top, 'data', FILE),
  resolve(top, 'shared/data', FILE),
  resolve(top, '../shared/data', FILE),
].find((candidate) => candidate !== undefined && existsSync(candidate));
const CLASSES = 28;
const BATCHES = 2000;
const rows = path ? (await readLabelFile(path, { classes: CLASSES })).rows.map(({ labels }) => labels) : [];

describe.skipIf(path === undefined)(
  `the real labels${path ? '' : ` (skipped: no ${FILE}; name one by PROTEIN_ATLAS_LABELS)`}`,
  () => {
    const counts = profileOf(rows);

    it('are the 31,072 images with 50,782 labels, 11 to 12,885 per class', () => {
      expect(rows.length).toBe(31_072);
      expect(counts.reduce((a, b) => a + b, 0)).toBe(50_782);
      expect([Math.min(...counts), Math.max(...counts)]).toEqual([11, 12_885]);
    });

    it.each([
      ['shortfall', 0.859, 0.463],
      ['transport', 0.476, 0.442],
      ['ratio', 0.000854, 0.075],
    ] as const)('have the Ω of the ruling by %s: %d, as binary attributes %d', (measure, one, binary) => {
      const sides = counts.map((k) => [rows.length - k, k]);
      expect(imbalance([counts], measure).toPrecision(3)).toBe(one.toPrecision(3));
      expect(imbalance(sides, measure).toPrecision(3)).toBe(binary.toPrecision(3));
    });

    it('give the α that the article prints, by the article’s ratio', () => {
      expect(0.01 * imbalance([counts], 'ratio')).toBeCloseTo(8.537058595265812e-6, 20);
    });

    // the ruling's figures at 32, those of docs/paper/1-select-minority.md else
    it.each([
      [16, 0.47, 0.33],
      [32, 0.49, 0.35],
      [64, 0.43, 0.28],
    ] as const)('of batches of %d give another minority set by another tie order', (size, desc, rand) => {
      const { descending, random } = tieOrderStatistics(rows, size);
      // four standard errors of a share of 2,000, and the rounding of the figure
      const near = (share: number) => 4 * Math.sqrt((share * (1 - share)) / BATCHES) + 0.005;
      expect(Math.abs(descending - desc)).toBeLessThan(near(desc));
      expect(Math.abs(random - rand)).toBeLessThan(near(rand));
    });

    it.each([16, 32, 64])('are forecast as batches of %d hold them', (size) => {
      const hot = rows.map((labels) => Uint8Array.from({ length: CLASSES }, (_, k) => +labels.includes(k)));
      const options = { batchSize: size, remedies: false } as const;
      const one = forecast(hot, { ...options, encoding: 'one-attribute' });
      const each = forecast(hot, { ...options, encoding: 'multi-label' });
      const held = { one: new Float64Array(CLASSES), each: new Float64Array(2 * CLASSES) };
      const batches = BATCHES * 5;
      const random = xoroshiro128plus(size);
      for (let b = 0; b < batches; b++) {
        const drawn = new Set<number>();
        while (drawn.size < size) drawn.add(uniformInt(random, 0, rows.length - 1));
        const h = profileOf([...drawn].map((i) => rows[i] as readonly number[]));
        for (const k of minorityClasses(h, size, 0.5)) (held.one[k] as number) += 1;
        h.forEach((present, k) => {
          const [side] = minorityClasses([size - present, present], size, 0.5);
          if (side !== undefined) (held.each[2 * k + side] as number) += 1;
        });
      }
      for (const [found, of] of [
        [one, held.one],
        [each, held.each],
      ] as const)
        found.classes.forEach(({ name, share: { value, standardError } }, c) => {
          const share = (of[c] as number) / batches;
          const noise = Math.hypot(standardError, Math.sqrt((value * (1 - value)) / batches));
          expect(Math.abs(value - share), name).toBeLessThan(4 * noise + 8 / batches);
          expect(standardError, name).toBeLessThan(0.0034); // a third of a percentage point
        });
    });
  },
);

function profileOf(rows: readonly (readonly number[])[]): number[] {
  const h = new Array<number>(CLASSES).fill(0);
  for (const k of rows.flat()) h[k] = (h[k] as number) + 1;
  return h;
}

/** How often another order of classes of one size gives another minority set, one attribute. */
function tieOrderStatistics(rows: readonly (readonly number[])[], size: number) {
  const classes = [...Array(CLASSES).keys()];
  let descending = 0;
  let random = 0;
  for (let b = 0; b < BATCHES; b++) {
    const h = profileOf(shuffled(rows, size * BATCHES + b).slice(0, size));
    const right = minorityClasses(h, size, 0.5).join();
    // the rule takes ties by index: renaming the classes makes it take them in another order
    const renamed = (order: readonly number[]) =>
      minorityClasses(
        order.map((k) => h[k] as number),
        size,
        0.5,
      )
        .map((k) => order[k] as number)
        .sort((a, b) => a - b)
        .join();
    if (renamed([...classes].reverse()) !== right) descending += 1;
    if (renamed(shuffled(classes, b)) !== right) random += 1;
  }
  return { descending: descending / BATCHES, random: random / BATCHES };
}
