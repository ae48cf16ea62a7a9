/**
 * What may be wrong with the cross entropy of probabilities (Eq. 2), and with its derivative.
 *
 * @module
 */
import { type Batch, SMALLEST_PROBABILITY } from '../../spec/index.js';
import { sumError } from './rounding.js';

/** Terms of the cross entropy of one sample: one per attribute, or one per binary label. */
export function crossEntropyTerms(batch: Batch): number {
  return batch.encoding === 'categorical' ? batch.attributes.length : batch.scoreWidth;
}

/** L_ce of probabilities: a sum of n·terms logarithms, each within a few u of its size or of 1. */
export function crossEntropyAllowance(batch: Batch, crossEntropy: number, u: number): number {
  const terms = crossEntropyTerms(batch);
  return sumError(batch.size * terms, u) * (Math.abs(crossEntropy) + terms);
}

/** ce_i of probabilities, the cross entropy of one sample: a sum of as many logarithms as it has terms. */
export function sampleEntropyAllowance(batch: Batch, crossEntropy: number, u: number): number {
  const terms = crossEntropyTerms(batch);
  return sumError(terms, u) * (Math.abs(crossEntropy) + terms);
}

/**
 * One entry of the derivative of L_ce with respect to probabilities, −1/(n·p) or 1/(n·(1−p)): 8u for the
 * operations. Where 1−p is divided by, it was rounded before, so that its relative error is u/(1−p).
 *
 * Within rounding of the floor of the logarithm, 1e-7, either side of the kink passes: the slope is 0 below
 * and up to 1e7/n above. Twice that covers a float32 whose 1−p was rounded, which is of the floor's own size.
 *
 * @param slope - the entry, as the specification gives it
 * @param p - the probability
 */
export function crossEntropySlopeAllowance(batch: Batch, slope: number, p: number, u: number): number {
  const size = Math.abs(slope);
  const conditioning = batch.encoding === 'categorical' ? 1 : 1 + size * batch.size;
  const kink = atProbabilityFloor(batch, p, u) ? 2 / SMALLEST_PROBABILITY / batch.size : 0;
  return 8 * u * size * conditioning + kink;
}

/** The unit roundoff of float32: a float32 backend has another floor than 1e-7, the nearest number that it holds. */
const SINGLE = 2 ** -24;

/** Whether a probability, or of a binary label 1−p, is within rounding of the floor of the logarithm. */
function atProbabilityFloor(batch: Batch, p: number, u: number): boolean {
  const isCategorical = batch.encoding === 'categorical';
  // in float64 a probability is given exactly, and so is the side on which it lies (ruling: kinks)
  if (isCategorical && p === SMALLEST_PROBABILITY && u < SINGLE) return false;
  const near = (x: number) => Math.abs(x - SMALLEST_PROBABILITY) <= 4 * u * (isCategorical ? x : 1);
  return near(p) || (!isCategorical && near(1 - p));
}

/**
 * L_ce in float64, of logits moved by 1,000 too: exponents of 2,000 are right to 2,000·2^-53, about 2e-13, and
 * a sum of some thousand terms loses three or four digits more.
 */
export function entropyDefinitionError(size: number): number {
  return 1e-9 * (1 + Math.abs(size));
}
