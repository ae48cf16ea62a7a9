/**
 * The gradient with respect to the features, from the derivatives with respect to distances (chain rule).
 *
 * @module
 */

import type { FloatArray } from '../arrays/float-array.js';
import type { HardestLists } from '../arrays/hardest-lists.js';
import { ensureLength } from '../arrays/scratch.js';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import type { SimdWorkspace } from './simd-workspace.js';

/** A matrix of features, and where its gradient goes. */
export interface SlopeTarget {
  readonly matrix: FeatureMatrix;
  readonly size: number;
  readonly width: number;
  readonly gradient: FloatArray;
  /** Where the matrix's part of the gradient begins. That part must be 0. */
  readonly base: number;
}

/** ∂L/∂features of one matrix, summed in float64 in whichever precision it is written. */
export class FeatureSlopes {
  private target: SlopeTarget | undefined;
  private workspace: SimdWorkspace | undefined;
  /**
   * The sum so far, in rows of `stride` numbers: the gradient itself if it is float64 and there is no
   * workspace.
   */
  private total: Float64Array = new Float64Array(0);
  private stride = 0;
  /** The gradient of the anchor's own features, which every pair of the anchor adds to. */
  private anchorSum: Float64Array = new Float64Array(0);
  /** The total, if it is not the gradient itself. */
  private separate: Float64Array | undefined;
  private totalScratch = new Float64Array(0);
  private anchorScratch = new Float64Array(0);

  /**
   * Begins a matrix.
   *
   * @param workspace - holds exactly the same numbers, for SIMD; undefined: none does
   */
  prepare(target: SlopeTarget, workspace: SimdWorkspace | undefined): void {
    const { size, width, gradient, base } = target;
    this.target = target;
    this.workspace = workspace;
    this.stride = workspace?.width ?? width;
    if (workspace) {
      this.total = workspace.floats(workspace.gradient, size * this.stride).fill(0);
      this.separate = this.total;
      this.anchorSum = workspace.floats(workspace.sum, this.stride);
      return;
    }
    this.anchorScratch = ensureLength(this.anchorScratch, width);
    this.anchorSum = this.anchorScratch;
    const length = size * width;
    if (gradient instanceof Float64Array) {
      this.total = gradient.subarray(base, base + length);
      this.separate = undefined;
      return;
    }
    this.totalScratch = ensureLength(this.totalScratch, length);
    this.total = this.totalScratch.fill(0, 0, length);
    this.separate = this.total;
  }

  /**
   * Adds what an anchor's pairs contribute; the slopes of the lists are ∂L/∂d.
   *
   * @param own - the anchor's features
   */
  add(anchor: number, own: Float64Array, positives: HardestLists, negatives: HardestLists): void {
    const { total, anchorSum, stride } = this;
    anchorSum.fill(0);
    this.addPairs(anchor, own, positives, 1);
    this.addPairs(anchor, own, negatives, -1);
    for (let t = 0, at = anchor * stride; t < stride; t++, at++) total[at] += anchorSum[t];
  }

  /** @param sign - hardness is this times the distance */
  private addPairs(
    anchor: number,
    own: Float64Array,
    { hardness, row, slope, count }: HardestLists,
    sign: 1 | -1,
  ): void {
    const { workspace } = this;
    for (let k = 0; k < count[0]; k++) {
      const distance = sign * hardness[k];
      if (distance === 0 || slope[k] === 0) continue; // ruling: kinks
      const scale = slope[k] / distance;
      const other = row[k];
      if (workspace) {
        const { simd, stride, sum, gradient } = workspace;
        simd.addSlope(anchor * stride, other * stride, stride, scale, sum, gradient + 2 * other * stride);
      } else this.addPair(own, other, scale);
    }
  }

  private addPair(own: Float64Array, other: number, scale: number): void {
    const { total, anchorSum, stride, target } = this;
    const { matrix } = target as SlopeTarget;
    for (let t = 0, at = other * stride; t < stride; t++, at++) {
      const amount = scale * (own[t] - matrix[at]);
      anchorSum[t] += amount;
      total[at] -= amount;
    }
  }

  /** Copies the sum to the gradient, unless it is there already. */
  writeGradient(): void {
    const { separate, stride, target } = this;
    if (!separate) return;
    const { size, width, gradient, base } = target as SlopeTarget;
    for (let i = 0, to = base; i < size; i++) {
      for (let t = 0, at = i * stride; t < width; t++, at++, to++) gradient[to] = separate[at];
    }
  }
}
