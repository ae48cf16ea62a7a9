/**
 * The distribution comparison (Eq. 14 to 16): two histograms of pair distances, and their loss.
 *
 * @module
 */
import { histogramPlace, type Options } from '../../spec/rules.js';

/** The histograms of the positive and the negative distances, filled one distance at a time. */
export class Histograms {
  private readonly positives: Float64Array;
  /** Has one node more, which no distance is shared with, so that each node has a next. */
  private readonly negatives: Float64Array;
  private readonly positiveSlopes: Float64Array;
  private readonly negativeSlopes: Float64Array;
  private positivePairs = 0;
  private negativePairs = 0;
  /** How many of the distances lie strictly outside the range. */
  clamped = 0;

  /** @param nodes - τ, and the range [lo, hi] that the nodes are spread over */
  constructor(private readonly nodes: Pick<Options, 'bins' | 'range'>) {
    const { bins } = nodes;
    this.positives = new Float64Array(bins);
    this.negatives = new Float64Array(bins + 1);
    this.positiveSlopes = new Float64Array(bins);
    this.negativeSlopes = new Float64Array(bins);
  }

  /** Removes all distances. */
  clear(): void {
    this.positives.fill(0);
    this.negatives.fill(0);
    this.positivePairs = 0;
    this.negativePairs = 0;
    this.clamped = 0;
  }

  addPositive(distance: number): void {
    this.add(this.positives, distance);
    this.positivePairs += 1;
  }

  addNegative(distance: number): void {
    this.add(this.negatives, distance);
    this.negativePairs += 1;
  }

  /** Shares a distance between the two nodes around it (Eq. 14). */
  private add(h: Float64Array, distance: number): void {
    const { bin, share, outside } = histogramPlace(distance, this.nodes);
    if (outside) this.clamped += 1;
    h[bin] += 1 - share;
    h[bin + 1] += share;
  }

  /** L_crl of all distances that were added (Eq. 16). Call it before asking for derivatives. */
  loss(): number {
    const { positivePairs, negativePairs } = this;
    this.positiveSlopes.fill(0);
    this.negativeSlopes.fill(0);
    if (positivePairs === 0 || negativePairs === 0) return 0;
    const { bins, range } = this.nodes;
    const density = (bins - 1) / (range[1] - range[0]);
    let loss = 0;
    let cumulative = 0; // Σ_{k≤t} h−_k
    // a distance that moves from node t to node t + 1 passes one more node of the other histogram, or one
    // less
    for (let t = 0; t < bins; t++) {
      cumulative += this.negatives[t] / negativePairs;
      loss += (this.positives[t] / positivePairs) * cumulative;
      this.positiveSlopes[t] = ((this.negatives[t + 1] / negativePairs) * density) / positivePairs;
      this.negativeSlopes[t] = -((this.positives[t] / positivePairs) * density) / negativePairs;
    }
    return loss;
  }

  /** ∂L/∂d of a positive distance (ruling: kinks). */
  slopeOfPositive(distance: number): number {
    return this.slope(this.positiveSlopes, distance);
  }

  /** ∂L/∂d of a negative distance (ruling: kinks). */
  slopeOfNegative(distance: number): number {
    return this.slope(this.negativeSlopes, distance);
  }

  private slope(slopes: Float64Array, distance: number): number {
    const { bin, outside } = histogramPlace(distance, this.nodes);
    return outside ? 0 : slopes[bin];
  }
}
