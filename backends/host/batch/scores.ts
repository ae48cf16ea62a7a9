/**
 * Scores in whatever layout they come.
 *
 * @module
 */
import { PROBABILITY_TOLERANCE } from '../../../spec/rules.js';

/** An n×S matrix in memory. */
export interface ScoreView {
  readonly data: Float32Array | Float64Array;
  readonly offset: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** Rows side by side. */
export function rowMajor(data: Float32Array | Float64Array, width: number): ScoreView {
  return { data, offset: 0, rowStride: width, columnStride: 1 };
}

/** What a probability may be, by its tolerance (ruling: probabilities). */
export const LOWEST = -PROBABILITY_TOLERANCE;
export const HIGHEST = 1 + PROBABILITY_TOLERANCE;

/** Whether all scores are probabilities. */
export function areProbabilities(scores: ScoreView, size: number, width: number): boolean {
  return areWithin(scores, size, width, LOWEST, HIGHEST);
}

/** Whether all scores are logits: finite. */
export function areLogits(scores: ScoreView, size: number, width: number): boolean {
  return areWithin(scores, size, width, -Number.MAX_VALUE, Number.MAX_VALUE);
}

function areWithin(
  { data, offset, rowStride, columnStride }: ScoreView,
  size: number,
  width: number,
  lowest: number,
  highest: number,
): boolean {
  for (let i = 0; i < size; i++) {
    for (let s = 0, at = offset + i * rowStride; s < width; s++, at += columnStride) {
      const v = data[at];
      if (!(v >= lowest && v <= highest)) return false;
    }
  }
  return true;
}

/** Whether all numbers are finite. */
export function areFinite(data: Float32Array | Float64Array): boolean {
  for (let at = 0; at < data.length; at++) {
    const x = data[at];
    if (x - x !== 0) return false;
  }
  return true;
}
