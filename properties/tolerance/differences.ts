/**
 * What a central finite difference of a loss in float64 may be off by.
 *
 * @module
 */
import type { Options } from '../../spec/index.js';

/** How far a number is moved to either side. */
export const STEP = 2 ** -20;

/** A difference of two losses over the step: each is right to a few 2^-53 of its size, and 2^-48/2^-20 = 2^-28. */
export function quotientError(loss: number): number {
  return 2 ** -28 * (1 + loss);
}

/**
 * How far the one-sided differences may lie apart without a kink between them: what curvature adds over
 * two steps (it is at most about 4, since distances on the lattice of features are 1 or more), and the
 * error of either quotient.
 */
export function curvatureAllowance(loss: number): number {
  return 8 * STEP + 2 * quotientError(loss);
}

/**
 * A central difference: the slope is off by its own allowance, the quotient by its error, and by 1e-6 of
 * the slope where a square begins within the step, as at the hinge of Eq. 13; elsewhere by far less.
 *
 * @param slope - what may be wrong with the backend's derivative
 */
export function differenceAllowance(slope: number, central: number, loss: number): number {
  return slope + quotientError(loss) + 1e-6 * Math.max(1, Math.abs(central));
}

/**
 * How much the slope of one pair may change within the step where it has no kink: it moves with the
 * distances of the other pairs, through histograms of this many nodes per unit.
 */
export function smoothSlopeChange({ bins, range: [lo, hi] }: Options): number {
  const density = (bins - 1) / (hi - lo);
  return 4 * STEP * (1 + density ** 2);
}

/**
 * A central difference of the cross entropy of scores that are at least 2^-5 from 0 and 1, or of logits:
 * third derivatives are at most 2·2^15 there, times step²/6, which is below 2^-24; and the quotient's error.
 */
export function entropyDifferenceAllowance(slope: number, crossEntropy: number): number {
  return 2 ** -24 * (1 + Math.abs(slope)) + quotientError(crossEntropy);
}

/**
 * A central difference of the gradient: each entry is right to a few 2^-53, and 2^-48/2^-20 = 2^-28. Third derivatives,
 * times step²/6, are below 2^-17 of the second where vectors are at least 2^-10 apart.
 */
export function secondDerivativeAllowance(second: number): number {
  return 2 ** -17 * Math.max(1, Math.abs(second));
}
