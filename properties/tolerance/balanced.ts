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
  sampleCrossEntropies,
  toProbabilities,
} from '../../spec/index.js';
import { entries } from '../walk.js';
import { crossEntropyAllowance, crossEntropySlopeAllowance, crossEntropyTerms } from './cross-entropy.js';
import type { LossAllowance } from './rectification.js';
import { sumError, underflow } from './rounding.js';
import { weighing } from './weights.js';

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
 * Each entry of ∂L/∂scores: α·w̄ times what that of L_crl may be off by (nothing at instance level, where
 * L_crl is of features), (1−α)·w_i times that of L_ce, the rounding of the products and the sum, and that of
 * w̄ in what counts by it, the whole entry less its share of L_ce.
 *
 * @param gradient - the specification's ∂L/∂scores, row by row
 * @param weights - w_i. Default: 1 for all
 * @returns the allowance of an entry, by its place in the row-major order of the gradient
 */
export function balancedSlopeAllowance(
  batch: Batch,
  { alpha, level }: BalancedOptions,
  gradient: ArrayLike<number>,
  crl: LossAllowance,
  u: number,
  weights?: ArrayLike<number>,
): (at: number) => number {
  const slopes = entries(crossEntropyGradient(batch));
  const probabilities = entries(toProbabilities(batch).scores);
  const { own, mean, error } = weighing(weights, batch.size, u);
  return (at) => {
    const slope = slopes[at] as number;
    const weight = own(Math.floor(at / batch.scoreWidth));
    const ofCrl = level === 'class' ? alpha * (crl.gradient[at] as number) : 0;
    const ofEntropy = crossEntropySlopeAllowance(batch, slope, probabilities[at] as number, u);
    const byMean = (gradient[at] as number) - (1 - alpha) * weight * slope;
    const rounding = 4 * u * Math.abs(slope);
    const ofParts = mean * ofCrl + weight * ((1 - alpha) * ofEntropy + rounding);
    return ofParts + error * Math.abs(byMean) + underflow(u); // a product with α may underflow, whatever α is
  };
}

/**
 * Each entry of ∂L/∂features: α·w̄ times what that of L_crl may be off by, and the rounding of w̄. L_ce has no
 * share in it.
 *
 * @param gradient - the specification's ∂L/∂features, row by row
 * @param weights - w_i. Default: 1 for all
 */
export function featureSlopeAllowance(
  { size }: Batch,
  alpha: number,
  gradient: ArrayLike<number>,
  crl: LossAllowance,
  u: number,
  weights?: ArrayLike<number>,
): (at: number) => number {
  const { mean, error } = weighing(weights, size, u);
  const share = alpha * mean;
  // a share of 0 leaves nothing even of a gradient of which nothing is known, whose allowance is infinite
  const ofCrl = (at: number) => (share === 0 ? 0 : share * (crl.gradient[at] as number) + underflow(u));
  return (at) => ofCrl(at) + error * Math.abs(gradient[at] as number);
}

/** The losses of the samples, and what may be wrong with each. */
export interface SampleLosses {
  readonly losses: readonly number[];
  readonly allowances: readonly number[];
  /** Terms of the cross entropy of one sample. */
  readonly terms: number;
}

/**
 * α·L_crl + (1−α)·ce_i of each sample i, which is off by at most what L_crl and its ce_i are, and by the
 * rounding of two products and a sum.
 *
 * @param rectification - L_crl
 * @param crl - its allowance
 * @param ofEntropy - what may be wrong with the cross entropy of a sample, given the same
 */
export function sampleLosses(
  batch: Batch,
  alpha: number,
  rectification: number,
  crl: number,
  ofEntropy: (ce: number) => number,
  u: number,
): SampleLosses {
  const entropies = sampleCrossEntropies(batch);
  const losses = entropies.map((ce) => alpha * rectification + (1 - alpha) * ce);
  const allowances = entropies.map((ce, i) => crl + ofEntropy(ce) + 4 * u * Math.abs(losses[i] as number));
  return { losses, allowances, terms: crossEntropyTerms(batch) };
}

/**
 * mean(w · losses): each loss is off by its allowance, and n products are summed, or the terms of all samples one after
 * the other, as the specification does.
 */
export function weightedLossAllowance(
  { losses, allowances, terms }: SampleLosses,
  weights: ArrayLike<number>,
  u: number,
): number {
  const error = sumError(losses.length * terms, u);
  const sum = losses.reduce((all, loss, i) => {
    return all + (weights[i] as number) * ((allowances[i] as number) + error * Math.abs(loss));
  }, 0);
  return sum / losses.length;
}
