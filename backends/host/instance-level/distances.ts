/**
 * Distances between feature vectors, as the specification rounds them (Eq. 11).
 *
 * @module
 */

import { roomFor } from '../arrays/scratch.js';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import type { Workspace } from './simd-workspace.js';

/** Distances of one sample to others. */
export class Distances {
  /** The sample's own features. */
  own = new Float64Array(0);
  private matrix: FeatureMatrix = this.own;
  private width = 0;
  private sample = 0;
  private workspace: Workspace | undefined;

  /** @param workspace - if it holds the same numbers */
  take(matrix: FeatureMatrix, width: number, workspace: Workspace | undefined): void {
    this.matrix = matrix;
    this.width = width;
    this.workspace = workspace;
    this.own = roomFor(this.own, width);
  }

  /** From which sample distances are. */
  from(sample: number): void {
    this.sample = sample;
    const { own, matrix, width } = this;
    for (let t = 0, at = sample * width; t < width; t++, at++) own[t] = matrix[at];
  }

  /**
   * ‖f_i − f_k‖₂ in float64, components in order (ruling: features), of the first `count` of `rows`.
   * Four at a time, since a sum in order waits for each of its additions.
   */
  to(rows: Int32Array, count: number, into: Float64Array): void {
    const found = this.workspace?.floats(this.workspace.found, 4) ?? four;
    const last = count - 1;
    for (let k = 0; k < count; k += 4) {
      const a = rows[k];
      const b = rows[Math.min(k + 1, last)];
      const c = rows[Math.min(k + 2, last)];
      const d = rows[Math.min(k + 3, last)];
      if (this.workspace) {
        const { simd, stride } = this.workspace;
        const own = this.sample * stride;
        simd.distances(own, a * stride, b * stride, c * stride, d * stride, stride, this.workspace.found);
      } else this.toFour(a, b, c, d);
      const end = Math.min(k + 4, count);
      for (let at = k; at < end; at++) into[at] = found[at - k];
    }
  }

  private toFour(rowA: number, rowB: number, rowC: number, rowD: number): void {
    const { own, matrix, width } = this;
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

const four = new Float64Array(4);
