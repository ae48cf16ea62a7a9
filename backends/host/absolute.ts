/**
 * The absolute comparison (Eq. 13): two means of squares, over the positive and the negative pairs.
 *
 * @module
 */
import type { PairCounts } from './batch/selection.js';

/** L_crl of pair distances: each is added by a call that returns its derivative. */
export class AbsoluteSum {
  private positiveSum = 0;
  private negativeSum = 0;
  private readonly positivePairs: number;
  private readonly negativePairs: number;

  /**
   * @param pairs - |P+| and |P−|
   * @param weight - what derivatives are multiplied by
   */
  constructor(
    { positive, negative }: PairCounts,
    private readonly weight: number,
  ) {
    this.positivePairs = positive;
    this.negativePairs = negative;
  }

  /** Adds a positive pair, and returns `weight` times ∂L_crl/∂d. */
  addPositive(distance: number): number {
    this.positiveSum += distance * distance;
    return (this.weight * distance) / this.positivePairs;
  }

  /** Adds a negative pair, and returns `weight` times ∂L_crl/∂d. */
  addNegative(distance: number, margin: number): number {
    const short = Math.max(margin - distance, 0);
    this.negativeSum += short * short;
    return (-this.weight * short) / this.negativePairs;
  }

  /** L_crl of all pairs that were added. */
  loss(): number {
    return (
      0.5 * (meanOf(this.positiveSum, this.positivePairs) + meanOf(this.negativeSum, this.negativePairs))
    );
  }
}

/** The mean of `count` numbers by their sum; 0 where there are none (ruling: nothing to compare). */
function meanOf(sum: number, count: number): number {
  return count === 0 ? 0 : sum / count;
}
