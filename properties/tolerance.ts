/**
 * How far a right answer may lie from the specification's: intervals derived from the arithmetic of
 * the backend and the number of operations, never one global epsilon.
 *
 * A sum of N terms that rounds at each addition is, with near certainty, within 4√N·u of exact (the
 * probabilistic bound of Higham and Mary, 2019); 8u more covers the handful of operations in a term.
 *
 * @module
 */
import type { Batch, Capabilities, Options, Triplets } from '../spec/index.js';
import { classScore, SMALLEST_PROBABILITY, tripletColumn, tripletTerm } from '../spec/index.js';

/** u, the unit roundoff. */
export function roundoff(supports: Capabilities): number {
  return supports.precision === 'float32' ? 2 ** -24 : 2 ** -53;
}

/** Relative error of a sum of N terms. */
export function sumError(terms: number, u: number): number {
  return (8 + 4 * Math.sqrt(terms)) * u;
}

/** What may be wrong with L_crl and with each entry of its gradient. */
export interface LossAllowance {
  readonly loss: number;
  /** n×S, row by row. */
  readonly gradient: Float64Array;
}

/**
 * Allowances of L_crl (Eq. 9) for probabilities that the backend holds exactly.
 *
 * A hinge within rounding of its kink is judged as a kink: either derivative passes, so each such
 * triplet adds its whole share. Where all numbers are short binary fractions no order of evaluation
 * rounds, and nothing is forgiven.
 */
export function lossAllowance(batch: Batch, triplets: Triplets, options: Options, u: number): LossAllowance {
  const count = triplets.shape[0] as number;
  const gradient = new Float64Array(batch.size * batch.scoreWidth);
  const largestTerm = Math.max(...options.margin) + 3;
  const perEntry = sumError(count, u);
  for (let t = 0; t < count; t++) {
    const column = tripletColumn(batch, triplets, t);
    const margin = options.margin[triplets.get(t, 3)] as number;
    const { excess } = tripletTerm(batch, triplets, t, options);
    const samples = [0, 1, 2].map((role) => triplets.get(t, role));
    const exact = isShort(margin) && samples.every((i) => isShort(classScore(batch, i, column)));
    const atKink = !exact && Math.abs(excess) <= 8 * u * largestTerm;
    const { score } = batch.columns[column] as { score: number };
    for (const i of samples) {
      const at = i * batch.scoreWidth + score;
      gradient[at] = (gradient[at] as number) + (2 / count) * (perEntry + (atKink ? 1 : 0));
    }
  }
  return { loss: sumError(count, u) * largestTerm, gradient };
}

/** A binary fraction so short that sums of a few of them are exact in float32. */
function isShort(x: number): boolean {
  return Math.abs(x) <= 8 && Number.isInteger(x * 4096);
}

/** What may be wrong with L_ce of probabilities, given L_ce. */
export function crossEntropyAllowance(batch: Batch, crossEntropy: number, u: number): number {
  const terms = batch.encoding === 'categorical' ? batch.attributes.length : batch.scoreWidth;
  return sumError(batch.size * terms, u) * (Math.abs(crossEntropy) + terms);
}

/** Whether a probability is within rounding of the floor of the logarithm: its derivative is a kink. */
export function atProbabilityFloor(batch: Batch, p: number, u: number): boolean {
  const near = (x: number) =>
    Math.abs(x - SMALLEST_PROBABILITY) <= 4 * u * (batch.encoding === 'categorical' ? x : 1);
  return near(p) || (batch.encoding !== 'categorical' && near(1 - p));
}
