/**
 * Scores in any memory layout.
 *
 * @module
 */
import { PROBABILITY_TOLERANCE } from '../../../spec/rules.js';
import type { FloatArray } from '../arrays/float-array.js';

/** An n×S matrix in memory: entry (i, s) is `data[offset + i·rowStride + s·columnStride]`. */
export interface ScoreView {
  readonly data: FloatArray;
  readonly offset: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

/**
 * A matrix whose rows of `width` numbers follow each other from the start of the array.
 *
 * @example
 * ```ts
 * import { rowMajor } from 'class-rectification/backends/host';
 * rowMajor(Float32Array.of(0.1, 0.9, 0.4, 0.6), 2).rowStride; // → 2
 * ```
 */
export function rowMajor(data: FloatArray, width: number): ScoreView {
  return { data, offset: 0, rowStride: width, columnStride: 1 };
}

/** The least value that is accepted as a probability (ruling: probabilities). */
export const LOWEST = -PROBABILITY_TOLERANCE;
/** The greatest value that is accepted as a probability. */
export const HIGHEST = 1 + PROBABILITY_TOLERANCE;

/** Whether all scores are probabilities. */
export function areProbabilities(scores: ScoreView, size: number, width: number): boolean {
  return areWithin(scores, size, width, LOWEST, HIGHEST);
}

/** Whether all scores are finite, as logits must be. */
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
export function areFinite(data: FloatArray): boolean {
  for (let at = 0; at < data.length; at++) {
    if (!Number.isFinite(data[at])) return false;
  }
  return true;
}
