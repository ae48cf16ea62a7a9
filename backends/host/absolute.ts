/**
 * The absolute comparison (Eq. 13): two means of squares, over the positive and the negative pairs.
 *
 * @module
 */
import type { PairCounts } from './batch/selection.js';

/** L_crl of pair distances that are added one at a time, each of which returns its derivative. */
export class AbsoluteSum {
  private positives = 0;
  private negatives = 0;

  /**
   * @param pairs - |P+| and |P−|
   * @param weight - what derivatives are multiplied by
   */
  constructor(
    private readonly pairs: PairCounts,
    private readonly weight: number,
  ) {}

  /** Adds a positive pair, and returns `weight` times ∂L_crl/∂d. */
  addPositive(distance: number): number {
    this.positives += distance * distance;
    return (this.weight * distance) / this.pairs.positive;
  }

  /** Adds a negative pair, and returns `weight` times ∂L_crl/∂d. */
  addNegative(distance: number, margin: number): number {
    const short = Math.max(margin - distance, 0);
    this.negatives += short * short;
    return (-this.weight * short) / this.pairs.negative;
  }

  /** L_crl of all pairs that were added. */
  loss(): number {
    const { positive, negative } = this.pairs;
    return 0.5 * (meanOf(this.positives, positive) + meanOf(this.negatives, negative));
  }
}

/** The mean of `count` numbers by their sum; 0 where there are none (ruling: nothing to compare). */
function meanOf(sum: number, count: number): number {
  return count === 0 ? 0 : sum / count;
}
