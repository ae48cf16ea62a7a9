/**
 * Moments of plain batches that are computed without drawing any.
 *
 * @module
 */
import type { AttributeMoments, Mining } from './batch-moments.js';
import { classSizeMoments } from './class-sizes.js';
import type { PlainBatches } from './plain-batches.js';
import type { TrainingSet } from './training-set.js';
import { twoClassMoments } from './two-classes.js';

/** Batches as one attribute sees them; undefined if some sample has several classes of it. */
export function plainBatches(
  { schema, size, counts, single }: TrainingSet,
  attribute: number,
  batchSize: number,
  { rho, kappa, anchors }: Mining & { readonly rho: number },
): PlainBatches | undefined {
  if (!single) return undefined;
  const own = counts[attribute] as readonly number[];
  const others = size - own.reduce((sum, n) => sum + n, 0);
  const othersLabelled = schema.encoding === 'one-attribute';
  return { counts: own, others, othersLabelled, total: size, batchSize, rho, kappa, anchors };
}

/** Exact moments of an attribute; undefined if there are none, or if they would take too long. */
export function exactMoments(batches: PlainBatches): AttributeMoments | undefined {
  return twoClassMoments(batches) ?? classSizeMoments(batches);
}
