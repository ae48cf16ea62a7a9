/**
 * How sample weights enter the allowances (ruling: sample weights).
 *
 * @module
 */
import { meanWeight } from '../../spec/index.js';
import { sumError } from './rounding.js';

/** The weights of a batch as allowances need them; without weights all are 1. */
export interface Weighing {
  /** w_i. */
  readonly own: (sample: number) => number;
  /** w̄, by which L_crl counts. */
  readonly mean: number;
  /** Relative error of what counts by w̄: the weights are summed over n samples. Without weights 0. */
  readonly error: number;
}

/** The weights of a batch of n samples. */
export function weighing(weights: ArrayLike<number> | undefined, size: number, u: number): Weighing {
  if (weights === undefined) return { own: () => 1, mean: 1, error: 0 };
  return { own: (i) => weights[i] as number, mean: meanWeight(weights), error: sumError(size, u) };
}
