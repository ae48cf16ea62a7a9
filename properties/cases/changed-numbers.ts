/**
 * A batch whose scores or features are changed number by number.
 *
 * @module
 */
import ndarray from 'ndarray';
import type { Batch } from '../../spec/index.js';
import { entries } from '../walk.js';

/** The batch with every score changed. */
export function withScores(
  batch: Batch,
  change: (score: number, row: number, column: number) => number,
): Batch {
  const width = batch.scoreWidth;
  const scores = Float64Array.from(entries(batch.scores), (x, at) =>
    change(x, Math.floor(at / width), at % width),
  );
  return { ...batch, scores: ndarray(scores, [batch.size, width]) };
}

/** The batch with every component of its features changed; one without features stays as it is. */
export function withComponents(
  batch: Batch,
  change: (x: number, component: number, sample: number, matrix: number) => number,
): Batch {
  const { features, size } = batch;
  if (features === undefined) return batch;
  const { width } = features;
  const matrices = features.matrices.map((own, matrix) =>
    ndarray(
      Float64Array.from(entries(own), (x, at) => change(x, at % width, Math.floor(at / width), matrix)),
      [size, width],
    ),
  );
  return { ...batch, features: { ...features, matrices } };
}
