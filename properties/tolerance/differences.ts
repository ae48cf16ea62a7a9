/**
 * What a central finite difference of a loss in float64 may be off by.
 *
 * @module
 */
import type { Options } from '../../spec/index.js';
import type { Judged } from '../walk.js';
import { lossAllowance } from './rectification.js';
import { roundoff } from './rounding.js';

/** How far a number is moved to either side. */
export const STEP = 2 ** -20;

/** A difference of two losses over the step: each is right to a few 2^-53 of its size, and 2^-48/2^-20 = 2^-28. */
export function quotientError(loss: number): number {
  return 2 ** -28 * (1 + loss);
}

/**
 * A central difference of L_crl within a smooth piece: the slope is off by its own allowance; either loss by its
 * allowance in float64, and by the rounding of what the step adds to it; and the quotient by the third derivative,
 * times step²/6.
 *
 * @param slope - what may be wrong with the backend's derivative
 */
export function differenceAllowance(walk: Judged, slope: number): number {
  const u = roundoff({ precision: 'float64' });
  const loss = lossAllowance(walk, u).loss + u * STEP;
  return slope + loss / STEP + (mostOfThirdDerivative(walk.options) * STEP ** 2) / 6;
}

/**
 * A bound of the third derivatives of L_crl along one number. At class level, L_crl is at most quadratic in a score.
 * At instance level, those of a distance d are 1, 1/d and 3/d² at most, and distances on the lattice of features are
 * 1 or more: a hinge adds two distances, a square has products of the first two derivatives, and the product of two
 * histograms has these times the nodes per unit.
 */
function mostOfThirdDerivative({ level, comparison, bins, range: [lo, hi], margin }: Options): number {
  if (level === 'class') return 0;
  if (comparison === 'relative') return 6;
  if (comparison === 'absolute') return 3 * (2 + Math.max(...margin));
  const density = (bins - 1) / (hi - lo);
  return 6 * density * (1 + density);
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
