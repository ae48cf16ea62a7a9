import { describe, expect, it } from 'vitest';
import { PROBABILITY_TOLERANCE } from '../../../spec/index.js';
import { areFinite, areLogits, areProbabilities, HIGHEST, LOWEST, rowMajor } from './scores.js';
import { LAYOUTS } from './scores.test-helper.js';

const SCORES = [0, 0.5, 1, LOWEST, HIGHEST, 0.25];

it('a row-major view begins at 0, and its rows are as far apart as they are wide', () => {
  const data = new Float32Array(6);
  expect(rowMajor(data, 3)).toEqual({ data, offset: 0, rowStride: 3, columnStride: 1 });
});

it('a probability may be outside [0, 1] by the tolerance of the specification', () => {
  expect([LOWEST, HIGHEST]).toEqual([-PROBABILITY_TOLERANCE, 1 + PROBABILITY_TOLERANCE]);
});

describe.each(Object.keys(LAYOUTS))('scores in %s', (layout) => {
  const lay = LAYOUTS[layout];
  const areAll = (scores: readonly number[]) => areProbabilities(lay(scores, 2), 2, 3);

  it('are probabilities from 0 to 1, and beyond by the tolerance', () => {
    expect(areAll(SCORES)).toBe(true);
  });

  it.each([
    1 + 2 * PROBABILITY_TOLERANCE,
    -2 * PROBABILITY_TOLERANCE,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ])('are not probabilities if any of them is %d', (bad) => {
    for (let at = 0; at < SCORES.length; at++) expect(areAll(SCORES.with(at, bad))).toBe(false);
  });

  it('are logits if all are finite', () => {
    const logits = [0, 40, -1e30, Number.MAX_VALUE, -Number.MAX_VALUE, 1];
    expect(areLogits(lay(logits, 2), 2, 3)).toBe(true);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (let at = 0; at < 6; at++) expect(areLogits(lay(logits.with(at, bad), 2), 2, 3)).toBe(false);
    }
  });

  it('are only those of the batch: numbers between and after them may be anything', () => {
    // the entry of 2 lies outside the rows and columns that are checked
    expect(areProbabilities(lay(SCORES.with(3, 2), 2), 1, 3)).toBe(true);
    expect(areProbabilities(lay(SCORES.with(2, 2), 2), 2, 2)).toBe(true);
  });
});

describe.each([Float32Array, Float64Array])('numbers', (Kind) => {
  it('are finite if none is NaN or infinite', () => {
    expect(areFinite(Kind.of(1, -0, 1e30, 1e-40))).toBe(true);
    expect(areFinite(new Kind(0))).toBe(true);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      for (let at = 0; at < 3; at++) expect(areFinite(Kind.of(1, 2, 3).with(at, bad))).toBe(false);
    }
  });
});
