import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Anchor,
  formTriplets,
  mineHardSamples,
  minorityClasses,
  readDocument,
  selectMinority,
} from './index.js';

/** The article's worked example, completed from what it prints. */
const { document, printed } = JSON.parse(
  readFileSync(new URL('./article.json', import.meta.url), 'utf8'),
) as typeof import('./article.json');

const { batch, options } = readDocument(document);
const selection = selectMinority(batch, options);
const hard = mineHardSamples(batch, selection, options);
const column = (anchor: Anchor) => printed.minority.indexOf(anchor.class);

/** The ruled anchors as the article's loop visits them: by (sample, class). */
const visited = [...hard.anchors].sort((a, b) => a.sample - b.sample || a.class - b.class);

describe('the article’s worked example', () => {
  it('has the printed class profile', () => {
    expect(selectMinority(batch, options).profile).toEqual([printed.profile]);
    expect(batch.size).toBe(32);
  });

  it('has a prefix of 24 classes that hold 16 samples', () => {
    const { prefix, profile } = printed;
    expect(prefix.length).toBe(printed.prefixClasses);
    expect(prefix.reduce((sum, k) => sum + (profile[k] as number), 0)).toBe(printed.prefixSamples);
    // the filter on h > 1 is all that the ruled selection does to it
    expect(minorityClasses(profile, 32, 0.5)).toEqual(prefix.filter((k) => (profile[k] as number) > 1));
    const next = Math.min(...profile.filter((_, k) => !prefix.includes(k)));
    expect(printed.prefixSamples + next).toBeGreaterThan(16); // the longest prefix: no other class fits
  });

  it('has the minority classes {2, 3, 4, 19, 23}', () => {
    expect(selection.minority).toEqual([printed.minority]);
  });

  it('has the 11 printed anchors', () => {
    expect(visited.map((a) => [a.sample, a.class])).toEqual(printed.anchors);
  });

  it('has the printed scores: the head of the predictions, the lowest positives, the highest negatives', () => {
    const score = (i: number, k: number) => batch.scores.get(i, k);
    expect(printed.head).toEqual([0, 1, 2, 3, 4].map((i) => printed.minority.map((k) => score(i, k))));
    const cells = [...Array(32).keys()].flatMap((i) =>
      printed.minority.map((k) => ({ score: score(i, k), of: batch.membership.get(i, k) === 1 })),
    );
    const sorted = (of: boolean) =>
      cells
        .filter((cell) => cell.of === of)
        .map((cell) => cell.score)
        .sort((a, b) => a - b);
    expect(sorted(true).slice(0, 3)).toEqual(printed.lowestPositives);
    expect(sorted(false).slice(-3)).toEqual(printed.highestNegatives);
    printed.scoreTables.forEach(([anchor, positive], t) => {
      const [a, at, p] = printed.indexTables[t] as [number, number, number];
      const k = printed.minority[at] as number;
      expect([score(a, k), score(p, k)]).toEqual([anchor, positive]);
    });
  });

  it('gives all 42 rows of the printed triplet index tables, row by row, in the article’s order', () => {
    const rows = visited.flatMap((anchor) =>
      anchor.positives.flatMap((p) =>
        [...anchor.negatives] // there the hardest come last
          .reverse()
          .map((n) => [anchor.sample, column(anchor), p, column(anchor), n, column(anchor)]),
      ),
    );
    expect(rows).toEqual(printed.indexTables);
    expect(formTriplets(hard).shape).toEqual([42, 5]);
  });
});
