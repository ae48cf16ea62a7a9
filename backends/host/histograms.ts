/**
 * The two histograms of the distribution comparison, and what they cost (Eq. 14 to 16).
 *
 * @module
 */
import { histogramPlace, type Options } from '../../spec/rules.js';

/** Histograms of positive and negative distances, filled one at a time. */
export class Histograms {
  private readonly near: Float64Array;
  /** With a node more, that no distance is shared with. */
  private readonly far: Float64Array;
  private readonly nearSlope: Float64Array;
  private readonly farSlope: Float64Array;
  private nearPairs = 0;
  private farPairs = 0;
  /** Distances added that lie strictly outside the range. */
  clamped = 0;

  /** @param nodes - how many, and from where to where */
  constructor(private readonly nodes: Pick<Options, 'bins' | 'range'>) {
    const { bins } = nodes;
    this.near = new Float64Array(bins);
    this.far = new Float64Array(bins + 1);
    this.nearSlope = new Float64Array(bins);
    this.farSlope = new Float64Array(bins);
  }

  clear(): void {
    this.near.fill(0);
    this.far.fill(0);
    this.nearPairs = 0;
    this.farPairs = 0;
    this.clamped = 0;
  }

  addNear(distance: number): void {
    this.add(this.near, distance);
    this.nearPairs += 1;
  }

  addFar(distance: number): void {
    this.add(this.far, distance);
    this.farPairs += 1;
  }

  private add(h: Float64Array, distance: number): void {
    const { bin, share, outside } = histogramPlace(distance, this.nodes);
    if (outside) this.clamped += 1;
    h[bin] += 1 - share;
    h[bin + 1] += share;
  }

  /** L_crl of all that was added (Eq. 16); it also readies the slopes. */
  loss(): number {
    const { nearPairs: near, farPairs: far } = this;
    this.nearSlope.fill(0);
    this.farSlope.fill(0);
    if (near === 0 || far === 0) return 0;
    const { bins, range } = this.nodes;
    const density = (bins - 1) / (range[1] - range[0]);
    let loss = 0;
    let nearer = 0; // Σ_{k≤t} h−_k
    // a distance that moves from node t to the next meets one more node of the other side, or one less
    for (let t = 0; t < bins; t++) {
      nearer += this.far[t] / far;
      loss += (this.near[t] / near) * nearer;
      this.nearSlope[t] = ((this.far[t + 1] / far) * density) / near;
      this.farSlope[t] = -((this.near[t] / near) * density) / far;
    }
    return loss;
  }

  /** ∂L/∂d of a positive distance (ruling: kinks). */
  slopeOfNear(distance: number): number {
    return this.slope(this.nearSlope, distance);
  }

  /** ∂L/∂d of a negative distance. */
  slopeOfFar(distance: number): number {
    return this.slope(this.farSlope, distance);
  }

  private slope(slopes: Float64Array, distance: number): number {
    const { bin, outside } = histogramPlace(distance, this.nodes);
    return outside ? 0 : slopes[bin];
  }
}
