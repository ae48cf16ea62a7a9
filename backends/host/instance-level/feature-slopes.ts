/**
 * Slopes of distances, taken back to the features.
 *
 * @module
 */

import type { Candidates } from '../arrays/hardest-lists.js';
import { roomFor } from '../arrays/scratch.js';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import type { Workspace } from './simd-workspace.js';

type Gradient = Float32Array | Float64Array;

/** What the slopes of a matrix become. */
export interface SlopeTarget {
  readonly matrix: FeatureMatrix;
  readonly size: number;
  readonly width: number;
  readonly gradient: Gradient;
  /** Where the matrix's part of the gradient begins; it is 0. */
  readonly base: number;
}

/** ∂L/∂features of one matrix: added up in float64, whatever it is asked for in. */
export class FeatureSlopes {
  private target: SlopeTarget | undefined;
  private workspace: Workspace | undefined;
  /** The gradient so far, rows of `stride`: itself where it is float64 and there is no workspace. */
  private total: Float64Array = new Float64Array(0);
  private stride = 0;
  /** An anchor's own part, which all its pairs add to. */
  private sum: Float64Array = new Float64Array(0);
  /** The total if it is apart from the gradient. */
  private apart: Float64Array | undefined;
  /** What the two are in where there is no workspace. */
  private totalRoom = new Float64Array(0);
  private sumRoom = new Float64Array(0);

  /** @param workspace - if it holds the same numbers as the matrix */
  take(target: SlopeTarget, workspace: Workspace | undefined): void {
    const { size, width, gradient, base } = target;
    this.target = target;
    this.workspace = workspace;
    this.stride = workspace?.width ?? width;
    if (workspace) {
      this.total = workspace.floats(workspace.gradient, size * this.stride).fill(0);
      this.apart = this.total;
      this.sum = workspace.floats(workspace.sum, this.stride);
      return;
    }
    this.sumRoom = roomFor(this.sumRoom, width);
    this.sum = this.sumRoom;
    const length = size * width;
    if (gradient instanceof Float64Array) {
      this.total = gradient.subarray(base, base + length);
      this.apart = undefined;
      return;
    }
    this.totalRoom = roomFor(this.totalRoom, length);
    this.total = this.totalRoom.fill(0, 0, length);
    this.apart = this.total;
  }

  /**
   * Adds ∂L/∂d of an anchor's positives and negatives.
   *
   * @param own - the anchor's features
   */
  add(anchor: number, own: Float64Array, positives: Candidates, negatives: Candidates): void {
    const { total, sum, stride } = this;
    sum.fill(0);
    this.addSide(anchor, own, positives, 1);
    this.addSide(anchor, own, negatives, -1);
    for (let t = 0, at = anchor * stride; t < stride; t++, at++) {
      total[at] += sum[t];
    }
  }

  /** @param sign - hardness is this times the distance */
  private addSide(
    anchor: number,
    own: Float64Array,
    { hardness, row, slope, count }: Candidates,
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
    const { total, sum, stride, target } = this;
    const { matrix } = target as SlopeTarget;
    for (let t = 0, at = other * stride; t < stride; t++, at++) {
      const amount = scale * (own[t] - matrix[at]);
      sum[t] += amount;
      total[at] -= amount;
    }
  }

  /** Writes the gradient where it was asked for. */
  give(): void {
    const { apart, stride, target } = this;
    if (!apart) return;
    const { size, width, gradient, base } = target as SlopeTarget;
    for (let i = 0, to = base; i < size; i++) {
      for (let t = 0, at = i * stride; t < width; t++, at++, to++) gradient[to] = apart[at];
    }
  }
}
