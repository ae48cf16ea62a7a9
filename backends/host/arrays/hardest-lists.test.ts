import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HardestLists } from './hardest-lists.js';

interface Samples {
  readonly keep: number;
  readonly hardness: readonly number[];
}

/** How many to keep of some lists, and the hardness of their samples, few or many, often tied. */
const anyLists: fc.Arbitrary<Samples[]> = fc.array(
  fc.record({
    keep: fc.integer({ min: 1, max: 6 }),
    hardness: fc.oneof(
      fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 80, size: 'max' }),
      fc.array(fc.double({ noNaN: true, min: -1, max: 1 }), { maxLength: 80, size: 'max' }),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

function addLists(lists: HardestLists, samples: readonly Samples[]): void {
  lists.reset(samples.length);
  for (const [t, { keep, hardness }] of samples.entries()) lists.addList(t, keep, hardness.length);
  lists.allocate();
}

/** Pushes the samples of all lists, row by row. */
function pushAll(lists: HardestLists, samples: readonly Samples[]): void {
  for (let row = 0; row < 80; row++) {
    for (const [t, { hardness }] of samples.entries()) {
      if (row < hardness.length) lists.push(t, hardness[row], row);
    }
  }
}

function listOf({ start, count, hardness, row }: HardestLists, own: number): number[][] {
  const first = start[own];
  return Array.from({ length: count[own] }, (_, k) => [hardness[first + k], row[first + k]]);
}

/** What the contract demands: the hardest, with equals in the order of their rows. */
function hardest({ keep, hardness }: Samples): number[][] {
  const pairs = hardness.map((value, row) => [value, row]);
  return pairs.sort(([a, k], [b, l]) => b - a || k - l).slice(0, keep);
}

/** A list that is offered many more samples than it keeps. */
function listFor(keep: number, from = 1000): HardestLists {
  const lists = new HardestLists();
  lists.reset(1);
  lists.addList(0, keep, from);
  lists.allocate();
  return lists;
}

describe('the lists of the hardest', () => {
  it('hold the samples to keep, hardest first, and nothing of an earlier batch', () => {
    fc.assert(
      fc.property(fc.array(anyLists, { minLength: 1, maxLength: 3 }), (batches) => {
        const lists = new HardestLists();
        for (const samples of batches) {
          addLists(lists, samples);
          pushAll(lists, samples);
          lists.sortAndCutAll(samples.length);
          for (const [t, own] of samples.entries()) expect(listOf(lists, t)).toEqual(hardest(own));
        }
      }),
      { seed: 1 },
    );
  });

  it('are not disturbed by an earlier list that lay across two of them', () => {
    const lists = new HardestLists();
    const before = [[1], [1], [1, 2, 3, 4]].map((hardness) => ({ keep: 4, hardness }));
    addLists(lists, before);
    pushAll(lists, before);
    const now = [
      [1, 2, 3],
      [7, 8, 9],
    ].map((hardness) => ({ keep: 4, hardness }));
    addLists(lists, now);
    pushAll(lists, now);
    lists.sortAndCutAll(2);
    expect(now.map((_, t) => listOf(lists, t))).toEqual(now.map(hardest));
  });

  it('that are short are only sorted, and have no threshold: any later sample may be kept', () => {
    const lists = listFor(3);
    lists.push(0, 1, 0);
    lists.push(0, 2, 1);
    lists.sortAndCut(0);
    expect(listOf(lists, 0)).toEqual([
      [2, 1],
      [1, 0],
    ]);
    expect(lists.threshold[0]).toBe(Number.NEGATIVE_INFINITY);
    lists.push(0, 0, 2);
    lists.sortAndCut(0);
    expect(lists.threshold[0]).toBe(0);
  });
});

describe('the capacity', () => {
  it('is that of all samples where they are few, else three times the samples to keep, and 16', () => {
    const lists = new HardestLists();
    lists.reset(5);
    const added = [
      [9, 4],
      [4, 4],
      [2, 22],
      [2, 23],
      [10, 1000],
    ] as const;
    for (const [t, [keep, from]] of added.entries()) lists.addList(t, keep, from);
    expect(Array.from(lists.capacity)).toEqual([4, 4, 22, 22, 46]);
    expect(Array.from(lists.keep)).toEqual([4, 4, 2, 2, 10]);
    expect(Array.from(lists.start)).toEqual([0, 4, 8, 30, 52]);
    expect([lists.size, lists.longest]).toEqual([98, 46]);
    lists.reset(1);
    lists.addList(0, 1, 3);
    expect([lists.size, lists.longest]).toEqual([3, 3]);
  });

  it('is allocated with slopes of 0, in old arrays and new ones', () => {
    const lists = listFor(1, 3);
    expect(Array.from(lists.slope)).toEqual([0, 0, 0]);
    lists.slope.fill(7);
    lists.reset(1);
    lists.addList(0, 1, 2);
    lists.allocate();
    expect(Array.from(lists.slope.subarray(0, 2))).toEqual([0, 0]);
  });
});

describe('the threshold', () => {
  it('is raised to the last sample to keep by the push that fills the list, which returns true', () => {
    const lists = listFor(2);
    for (let row = 0; row < 21; row++) expect(lists.push(0, row, row)).toBe(false);
    expect(lists.count[0]).toBe(21);
    expect(lists.threshold[0]).toBe(Number.NEGATIVE_INFINITY);
    expect(lists.push(0, 21, 21)).toBe(true);
    expect(lists.threshold[0]).toBe(20);
    expect(listOf(lists, 0)).toEqual([
      [21, 21],
      [20, 20],
    ]);
  });

  it('lets only harder samples pass: of equals the earlier rows are kept', () => {
    const lists = listFor(2);
    for (let row = 0; row < 22; row++) lists.push(0, 1, row);
    for (const hardness of [0, 1, Number.NaN]) {
      expect(lists.push(0, hardness, 30)).toBe(false);
      expect(lists.count[0]).toBe(2);
    }
    expect(lists.push(0, 2, 31)).toBe(false);
    expect(lists.count[0]).toBe(3);
  });
});
