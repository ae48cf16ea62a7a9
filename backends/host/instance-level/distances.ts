/**
 * Distances between feature vectors, rounded as the specification rounds them (Eq. 11).
 *
 * @module
 */

import { ensureLength } from '../arrays/scratch.js';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import type { SimdWorkspace } from './simd-workspace.js';

/** Distances from one anchor to other samples. */
export class Distances {
  /** The features of the anchor. */
  own = new Float64Array(0);
  private matrix: FeatureMatrix = this.own;
  private width = 0;
  private anchor = 0;
  private workspace: SimdWorkspace | undefined;
  private readonly four = new Float64Array(4);

  /**
   * Begins a matrix.
   *
   * @param workspace - holds exactly the same numbers, for SIMD; undefined: none does
   */
  prepare(matrix: FeatureMatrix, width: number, workspace: SimdWorkspace | undefined): void {
    this.matrix = matrix;
    this.width = width;
    this.workspace = workspace;
    this.own = ensureLength(this.own, width);
  }

  /** Sets the sample that distances are measured from. */
  setAnchor(anchor: number): void {
    this.anchor = anchor;
    const { own, matrix, width } = this;
    for (let t = 0, at = anchor * width; t < width; t++, at++) own[t] = matrix[at];
  }

  /**
   * Writes ‖f_anchor − f_k‖₂ for the first `count` of `rows`, in float64 with the components added in order
   * (ruling: features). Four distances are found at a time, since each addition of such a sum waits for the
   * one before.
   */
  compute(rows: Int32Array, count: number, into: Float64Array): void {
    const found = this.workspace?.floats(this.workspace.found, 4) ?? this.four;
    const last = count - 1;
    for (let k = 0; k < count; k += 4) {
      const a = rows[k];
      const b = rows[Math.min(k + 1, last)];
      const c = rows[Math.min(k + 2, last)];
      const d = rows[Math.min(k + 3, last)];
      if (this.workspace) {
        const { simd, stride } = this.workspace;
        const own = this.anchor * stride;
        simd.distances(own, a * stride, b * stride, c * stride, d * stride, stride, this.workspace.found);
      } else this.computeFour(a, b, c, d);
      const end = Math.min(k + 4, count);
      for (let at = k; at < end; at++) into[at] = found[at - k];
    }
  }

  private computeFour(rowA: number, rowB: number, rowC: number, rowD: number): void {
    const { own, matrix, width, four } = this;
    let [a, b, c, d] = [rowA * width, rowB * width, rowC * width, rowD * width];
    let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
    for (let t = 0; t < width; t++) {
      const x = own[t];
      const ofA = x - matrix[a++];
      const ofB = x - matrix[b++];
      const ofC = x - matrix[c++];
      const ofD = x - matrix[d++];
      sumA += ofA * ofA;
      sumB += ofB * ofB;
      sumC += ofC * ofC;
      sumD += ofD * ofD;
    }
    four[0] = Math.sqrt(sumA);
    four[1] = Math.sqrt(sumB);
    four[2] = Math.sqrt(sumC);
    four[3] = Math.sqrt(sumD);
  }
}
