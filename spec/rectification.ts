/**
 * Stage 4, `rectificationLoss`: L_crl of what was mined, and its derivative.
 *
 * @module
 */
import { absoluteComparison } from './absolute.js';
import type { Batch, HardSamples, Options, RectificationLoss, Triplets } from './contract.js';
import { distributionComparison } from './distribution.js';
import { type Compared, rectificationGradient } from './gradient.js';
import { formPairs } from './pairs.js';
import { relativeComparison } from './relative.js';
import { requireProbabilities } from './scores.js';

/** L_crl by the comparison that the options name: Eq. 9, Eq. 13 or Eq. 16. */
export function compare(batch: Batch, hard: HardSamples, triplets: Triplets, options: Options): Compared {
  if (options.comparison === 'relative') return relativeComparison(batch, triplets, options);
  const pairs = formPairs(hard);
  if (options.comparison === 'absolute') return absoluteComparison(batch, pairs, options);
  return distributionComparison(batch, pairs, options);
}

/**
 * L_crl and its derivative: with respect to the scores at class level, to the features at instance
 * level.
 *
 * @throws InputRangeError - if the batch holds logits at class level, or lacks scores or features
 */
export function rectificationLoss(
  batch: Batch,
  hard: HardSamples,
  triplets: Triplets,
  options: Options,
): RectificationLoss {
  if (options.level === 'class') requireProbabilities(batch);
  const compared = compare(batch, hard, triplets, options);
  return { loss: compared.loss, gradient: rectificationGradient(batch, options, compared) };
}
