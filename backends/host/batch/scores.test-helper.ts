/**
 * Scores in several memory layouts.
 *
 * @module
 */
import { rowMajor, type ScoreView } from './scores.js';

/** Lays out scores row by row, column by column, and backward with gaps. */
export const LAYOUTS: Readonly<Record<string, (scores: readonly number[], size: number) => ScoreView>> = {
  rows: (scores, size) => rowMajor(Float64Array.from(scores), scores.length / size),
  columns: (scores, size) => laidOut(scores, size, { offset: 1, rowStride: 1, columnStride: size }),
  spread: (scores, size) => {
    const rowStride = (-3 * scores.length) / size;
    return laidOut(scores, size, { offset: -size * rowStride, rowStride, columnStride: 2 });
  },
};

function laidOut(scores: readonly number[], size: number, layout: Omit<ScoreView, 'data'>): ScoreView {
  const width = scores.length / size;
  const { offset, rowStride, columnStride } = layout;
  // every number between the scores is NaN
  const data = new Float64Array(offset + size * Math.abs(rowStride) + width * columnStride).fill(Number.NaN);
  scores.forEach((score, at) => {
    data[offset + Math.floor(at / width) * rowStride + (at % width) * columnStride] = score;
  });
  return { ...layout, data };
}

/** A flat matrix as rows. */
export function inRows<T>(flat: readonly T[], width: number): T[][] {
  return Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));
}
