/**
 * Stage 4, `rectificationLoss`: L_crl of what was mined, and its derivative.
 *
 * @module
 */
import { relativeComparison } from './comparison.js';
import type { Batch, HardSamples, Options, RectificationLoss, Triplets } from './contract.js';
import { relativeGradient } from './gradient.js';
import { requireProbabilities } from './scores.js';

/**
 * L_crl and its derivative with respect to the scores.
 *
 * @param _hard - the pairs, which the absolute and distribution comparisons will read
 * @throws InputRangeError - if the batch holds logits
 */
export function rectificationLoss(
  batch: Batch,
  _hard: HardSamples,
  triplets: Triplets,
  options: Options,
): RectificationLoss {
  requireProbabilities(batch);
  return {
    loss: relativeComparison(batch, triplets, options),
    gradient: relativeGradient(batch, triplets, options),
  };
}
