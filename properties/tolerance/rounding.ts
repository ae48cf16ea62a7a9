/**
 * Rounding: what one operation, a sum, and two answers to the same question may be off by.
 *
 * @module
 */
import type { Capabilities } from '../../spec/index.js';

/** u of float32 and of float64: half the distance from 1 to the next number. */
const UNIT = { float32: 2 ** -24, float64: 2 ** -53 };

/** u, the unit roundoff of a backend: every operation is within a factor of 1 ± u of exact. */
export function roundoff({ precision }: Pick<Capabilities, 'precision'>): number {
  return UNIT[precision];
}

/** u where a backend trains: tensors are float32, even if it computes in float64. */
export function trainingRoundoff(supports: Pick<Capabilities, 'precision'>): number {
  return Math.max(roundoff(supports), UNIT.float32);
}

/**
 * Relative error of a sum of N terms, added one after the other: it is within N·u of exact, and 8u more
 * cover the handful of operations in a term.
 *
 * The probabilistic bound of Higham and Mary (2019), about 4√N·u, would be closer for large N. But it takes
 * the roundings for independent, and equal terms, such as the hinges of tied scores, all round the same way.
 */
export function sumError(terms: number, u: number): number {
  return (8 + Math.max(terms, 4 * Math.sqrt(terms))) * u;
}

/**
 * What may be lost by underflow, which no relative error covers: 2^16 results below the smallest normal
 * number, either flushed to 0, as arithmetic may, or rounded to few bits.
 */
export function underflow(u: number): number {
  return 2 ** 16 * (u > UNIT.float64 ? 2 ** -126 : 2 ** -1022);
}

/**
 * How far two right answers to one question may lie apart: each is within its allowance of exact, since
 * sums may be taken in another order. A derivative may besides differ by the rounding of its last few
 * operations, which no allowance of L_crl covers: up to 8u of its size on either side.
 *
 * @param slope - the size of the derivative; 0 for a loss, whose allowance is complete
 */
export function betweenTwoAnswers(allowance: number, u: number, slope = 0): number {
  return 2 * allowance + 16 * u * Math.abs(slope);
}

/** What a definition of a few float64 operations on numbers of about 1 may be off by: some 2^13 roundings. */
export const DEFINITION_ERROR = 1e-12;
