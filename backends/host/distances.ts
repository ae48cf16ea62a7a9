/**
 * Distances between feature vectors, as the specification rounds them (Eq. 11).
 *
 * @module
 */
import type { FeatureMatrix } from './feature-matrix.js';
import type { Workspace } from './simd/workspace.js';

/** Distances of one sample to others. */
export class Distances {
  /** The sample's own features. */
  own = new Float64Array(0);
  private matrix: FeatureMatrix = this.own;
  private width = 0;
  private sample = -1;
  private workspace: Workspace | undefined;

  /** @param workspace - if it holds the same numbers */
  take(matrix: FeatureMatrix, width: number, workspace: Workspace | undefined): void {
    this.matrix = matrix;
    this.width = width;
    this.sample = -1;
    this.workspace = workspace;
    if (this.own.length < width) this.own = new Float64Array(width);
  }

  /** From which sample distances are. */
  from(sample: number): void {
    if (this.sample === sample) return;
    this.sample = sample;
    const { own, matrix, width } = this;
    for (let t = 0, at = sample * width; t < width; t++, at++) own[t] = matrix[at] as number;
  }

  /**
   * ‖f_i − f_k‖₂ in float64, components in order (ruling: features), of k from `rows`. Four at a
   * time, since a sum in order waits for each of its additions.
   */
  to(rows: Int32Array, count: number, into: Float64Array): void {
    const found = this.workspace?.floats(this.workspace.found, 4) ?? four;
    for (let k = 0; k < count; k += 4) {
      const a = rows[k] as number;
      const b = k + 1 < count ? (rows[k + 1] as number) : a;
      const c = k + 2 < count ? (rows[k + 2] as number) : a;
      const d = k + 3 < count ? (rows[k + 3] as number) : a;
      if (this.workspace) {
        const { simd, stride } = this.workspace;
        const own = this.sample * stride;
        simd.distances(own, a * stride, b * stride, c * stride, d * stride, stride, this.workspace.found);
      } else this.toFour(a, b, c, d);
      for (let m = 0; m < 4 && k + m < count; m++) into[k + m] = found[m] as number;
    }
  }

  private toFour(rowA: number, rowB: number, rowC: number, rowD: number): void {
    const { own, matrix, width } = this;
    let [a, b, c, d] = [rowA * width, rowB * width, rowC * width, rowD * width];
    let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
    for (let t = 0; t < width; t++) {
      const x = own[t] as number;
      const ofA = x - (matrix[a++] as number);
      const ofB = x - (matrix[b++] as number);
      const ofC = x - (matrix[c++] as number);
      const ofD = x - (matrix[d++] as number);
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
