import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HIGHEST, LOWEST, type ScoreView } from '../batch/scores.js';
import { type ComparableScores, comparableScores, ScoreBounds } from './score-bounds.js';

/** Scores that often equal bounds. −0 and numbers below 0 count as outside if they are float32. */
const FEW = [0, -0, 2 ** -149, 2 ** -148, 0.25, 0.5, 0.75, 1 - 2 ** -24, 1];
const OUTSIDE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.5, -0.5, -(2 ** -149)];
const anyScore = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...FEW) },
  { weight: 1, arbitrary: fc.constantFrom(...OUTSIDE) },
  { weight: 2, arbitrary: fc.float({ min: 0, max: 1, noNaN: true }) },
);
/** A bound; undefined keeps that of a probability. */
const anyBound = fc.option(fc.constantFrom(...FEW, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY), {
  freq: 2,
  nil: undefined,
});

interface Walk {
  readonly high: (number | undefined)[];
  readonly low: (number | undefined)[];
  readonly scores: number[];
  readonly stride: number;
  readonly row: number;
}

/** A row of up to 11 scores, with other numbers around it. */
function anyWalk(strides: readonly number[], twoSided: boolean): fc.Arbitrary<Walk> {
  return fc.integer({ min: 1, max: 11 }).chain((width) => {
    const row = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: width, maxLength: width });
    return fc.record({
      high: row(anyBound),
      low: row(twoSided ? anyBound : fc.constant(undefined)),
      scores: row(anyScore),
      stride: fc.constantFrom(...strides),
      row: fc.integer({ min: 33, max: 40 }),
    });
  });
}

function boundsOf({ high, low }: Walk): ScoreBounds {
  const bounds = new ScoreBounds(high.length);
  for (const [s, value] of high.entries()) if (value !== undefined) bounds.setHigh(s, value);
  for (const [s, value] of low.entries()) if (value !== undefined) bounds.setLow(s, value);
  return bounds;
}

/** The row in memory, among numbers that are outside all bounds. */
function viewOf({ scores, stride, row }: Walk, Kind: typeof Float32Array | typeof Float64Array): ScoreView {
  const data = new Kind(80).fill(-1);
  scores.forEach((score, s) => {
    data[row + s * stride] = score;
  });
  return { data, offset: 0, rowStride: 1, columnStride: stride };
}

function allOutside(bounds: ScoreBounds, view: ComparableScores, { row, scores }: Walk): number[] {
  const found: number[] = [];
  for (
    let s = bounds.nextOutside(view, row, 0);
    s < scores.length;
    s = bounds.nextOutside(view, row, s + 1)
  ) {
    found.push(s);
  }
  expect(bounds.nextOutside(view, row, scores.length)).toBe(scores.length);
  return found;
}

/** What the contract demands: the scores that are not strictly between their bounds. */
function notBetween({ high, low, scores }: Walk, isFloat32: boolean): number[] {
  return Array.from(scores.keys()).filter((s) => {
    const v = scores[s];
    if (isFloat32 && (v < 0 || Object.is(v, -0))) return true;
    return !(v < (high[s] ?? HIGHEST) && v > (low[s] ?? LOWEST));
  });
}

describe('a walk along a row stops at each score that is not strictly between its bounds, and at no other', () => {
  it.each([
    ['adjacent float32, with upper bounds', Float32Array, [1], false],
    ['adjacent float32, with lower bounds too', Float32Array, [1], true],
    ['float32 with gaps', Float32Array, [2, 3, -1, -3], false],
    ['float32 with gaps, with lower bounds too', Float32Array, [2, 3, -1, -3], true],
    ['float64', Float64Array, [1, 2, 3, -1, -3], true],
  ] as const)('%s', (_name, Kind, strides, twoSided) => {
    fc.assert(
      fc.property(anyWalk(strides, twoSided), (walk) => {
        const view = comparableScores(viewOf(walk, Kind));
        expect(allOutside(boundsOf(walk), view, walk)).toEqual(notBetween(walk, Kind === Float32Array));
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it('reads float32 inside a larger buffer', () => {
    const data = new Float32Array(new Float32Array([-1, -1, 0.5, 1.5]).buffer, 8, 2);
    const view = comparableScores({ data, offset: 0, rowStride: 2, columnStride: 1 });
    expect(new ScoreBounds(2).nextOutside(view, 0, 0)).toBe(1);
  });
});

describe('bounds', () => {
  it('are those of probabilities at first, and after they are cleared', () => {
    const bounds = new ScoreBounds(2);
    const both = [Float32Array, Float64Array].map((Kind) =>
      comparableScores({ data: Kind.of(0, 1), offset: 0, rowStride: 2, columnStride: 1 }),
    );
    const walks = () => both.map((view) => bounds.nextOutside(view, 0, 0));
    expect(walks()).toEqual([2, 2]);
    bounds.setHigh(0, 0);
    expect(walks()).toEqual([0, 0]);
    bounds.clear();
    bounds.setLow(1, 1);
    expect(walks()).toEqual([1, 1]);
    bounds.clear();
    expect(walks()).toEqual([2, 2]);
    expect(Array.from(bounds.high)).toEqual([HIGHEST, HIGHEST]);
    expect(Array.from(bounds.low)).toEqual([LOWEST, LOWEST]);
  });
});

/** The columns whose scores are read during one walk of a row, which is what a walk costs. */
function readsOf(
  bounds: ScoreBounds,
  stride: number,
  scores: readonly number[],
  Kind: typeof Float32Array | typeof Float64Array,
): number[] {
  const [row, reads] = [2, [] as number[]];
  const watched = <T extends object>(array: T): T =>
    new Proxy(array, {
      get(of, at) {
        reads.push((Number(at) - row) / stride);
        return of[at as keyof T];
      },
    });
  const data = new Kind(row + scores.length * stride + 4);
  scores.forEach((score, s) => {
    data[row + s * stride] = score;
  });
  const { bits, ...view } = comparableScores({ data, offset: 0, rowStride: 1, columnStride: stride });
  bounds.nextOutside({ ...view, data: watched(data), ...(bits ? { bits: watched(bits) } : {}) }, row, 0);
  return reads;
}

describe('a walk, which takes most of the time of mining, reads no more than it needs:', () => {
  const BETWEEN = new Array<number>(11).fill(0.5);

  it.each([4, 5, 6, 7, 8, 11])('each score of a row of %i once, and no other', (width) => {
    const scores = BETWEEN.slice(0, width);
    const once = Array.from(scores.keys());
    const twoSided = new ScoreBounds(width);
    twoSided.setLow(0, 0.25);
    expect(readsOf(new ScoreBounds(width), 1, scores, Float32Array)).toEqual(once);
    expect(readsOf(twoSided, 1, scores, Float32Array)).toEqual(once);
    expect(readsOf(new ScoreBounds(width), 2, scores, Float32Array)).toEqual(once);
    expect(readsOf(new ScoreBounds(width), 2, scores, Float64Array)).toEqual(once);
  });

  it('each score once too if scores of 0 lie just below the least possible bound', () => {
    const bounds = new ScoreBounds(8);
    for (let s = 0; s < 8; s++) bounds.setHigh(s, 2 ** -149);
    expect(readsOf(bounds, 1, new Array(8).fill(0), Float32Array)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('four adjacent float32 with one branch, as long as no lower bound is set', () => {
    const first = [1.5, ...BETWEEN.slice(1)];
    const bounds = new ScoreBounds(first.length);
    const atOnce = [0, 1, 2, 3, 0];
    expect(readsOf(bounds, 1, first, Float32Array)).toEqual(atOnce);
    bounds.setLow(4, 0.25);
    expect(readsOf(bounds, 1, first, Float32Array)).toEqual([0]);
    bounds.clear();
    expect(readsOf(bounds, 1, first, Float32Array)).toEqual(atOnce);
  });
});
