/**
 * The chain rule: L_crl depends on pair distances, and those on scores or features.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import type { Batch, Options } from './contract.js';
import { addDistanceSlope, type Pair, type Side, zeroGradient } from './distance.js';

/** What a comparison finds: L_crl, and its derivative with respect to the distance of every pair. */
export interface Compared {
  readonly loss: number;
  /** What all slopes are to be divided by in the end; 0: there is nothing to compare. */
  readonly divisor: number;
  /** Visits ∂L/∂d, times the divisor, of the pairs; a pair may be visited many times. */
  visitSlopes(visit: (pair: Pair, side: Side, slope: number) => void): void;
}

/**
 * The derivative of L_crl in closed form, every number an independent variable, the selection
 * constant, flowing through anchor, positive and negative alike (rulings: gradient, kinks).
 *
 * @returns n×S at class level; n×d or J×n×d at instance level
 */
export function rectificationGradient(
  batch: Batch,
  options: Options,
  compared: Compared,
): NdArray<Float64Array> {
  const gradient = zeroGradient(batch, options);
  compared.visitSlopes((pair, side, slope) => {
    addDistanceSlope(gradient, batch, options, pair, side, slope);
  });
  for (let at = 0; at < gradient.data.length; at++) {
    gradient.data[at] = (gradient.data[at] as number) / (compared.divisor || 1);
  }
  return gradient;
}
