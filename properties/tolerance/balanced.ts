/**
 * What may be wrong with L = α·L_crl + (1−α)·L_ce (Eq. 8) of probabilities, and with its gradients.
 *
 * @module
 */
import {
  type BalancedLoss,
  type BalancedOptions,
  type Batch,
  crossEntropyGradient,
  toProbabilities,
} from '../../spec/index.js';
import { entries } from '../walk.js';
import { crossEntropyAllowance, crossEntropySlopeAllowance } from './cross-entropy.js';
import type { LossAllowance } from './rectification.js';

/** What may be wrong with each part of a walk. */
export type PartAllowances = Readonly<Record<'rectification' | 'crossEntropy' | 'loss', number>>;

/**
 * L and its parts: L is off by at most what both parts are, as α and 1−α are at most 1, and by the
 * rounding of two products and a sum.
 *
 * @param expected - the specification's values
 * @param crl - the allowance of L_crl
 */
export function partAllowances(
  batch: Batch,
  expected: Pick<BalancedLoss, 'loss' | 'crossEntropy'>,
  crl: number,
  u: number,
): PartAllowances {
  const crossEntropy = crossEntropyAllowance(batch, expected.crossEntropy, u);
  const loss = crl + crossEntropy + 4 * u * Math.abs(expected.loss);
  return { rectification: crl, crossEntropy, loss };
}

/**
 * Each entry of ∂L/∂scores: α times what that of L_crl may be off by (nothing at instance level, where
 * L_crl is of features), 1−α times that of L_ce, and the rounding of the products and the sum.
 *
 * @returns the allowance of an entry, by its place in the row-major order of the gradient
 */
export function balancedSlopeAllowance(
  batch: Batch,
  { alpha, level }: BalancedOptions,
  crl: LossAllowance,
  u: number,
): (at: number) => number {
  const slopes = entries(crossEntropyGradient(batch));
  const probabilities = entries(toProbabilities(batch).scores);
  return (at) => {
    const slope = slopes[at] as number;
    const ofCrl = level === 'class' ? alpha * (crl.gradient[at] as number) : 0;
    const ofEntropy = crossEntropySlopeAllowance(batch, slope, probabilities[at] as number, u);
    return ofCrl + (1 - alpha) * ofEntropy + 4 * u * Math.abs(slope);
  };
}

/** Each entry of ∂L/∂features: α times what that of L_crl may be off by; L_ce has no share in it. */
export function featureSlopeAllowance(alpha: number, crl: LossAllowance): (at: number) => number {
  return (at) => alpha * (crl.gradient[at] as number);
}
