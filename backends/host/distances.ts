/**
 * Distances between feature vectors, a row at a time, as the specification rounds them (Eq. 11).
 *
 * @module
 */
import type { Candidates } from './candidates.js';

/** n×d in memory, rows side by side. */
export type FeatureMatrix = Float32Array | Float64Array;

/** Distances of one sample to all; the row last asked for is kept. */
export class DistanceRows {
  private size = 0;
  private width = 0;
  private matrices: readonly FeatureMatrix[] = [];
  private row = new Float64Array(0);
  private at = -1;
  private matrix = -1;

  /** Takes a batch: one matrix, which all attributes share, or one an attribute. */
  take(matrices: readonly FeatureMatrix[], size: number, width: number): void {
    this.matrices = matrices;
    this.size = size;
    this.width = width;
    this.at = -1;
    if (this.row.length < size) this.row = new Float64Array(size);
  }

  /** ‖f_i − f_k‖₂ for every k, in float64, components in order (ruling: features). */
  of(i: number, attribute: number): Float64Array {
    const matrix = this.matrices.length > 1 ? attribute : 0;
    if (this.at === i && this.matrix === matrix) return this.row;
    this.at = i;
    this.matrix = matrix;
    const { row, size, width } = this;
    const f = this.matrices[matrix] as FeatureMatrix;
    const own = i * width;
    for (let k = 0, other = 0; k < size; k++) {
      let sum = 0;
      for (let t = 0; t < width; t++, other++) {
        const difference = (f[own + t] as number) - (f[other] as number);
        sum += difference * difference;
      }
      row[k] = Math.sqrt(sum);
    }
    return row;
  }

  /**
   * Takes ∂L/∂d of an anchor's samples back to the features.
   *
   * @param sign - hardness is this times the distance
   */
  addSlopes(
    i: number,
    attribute: number,
    { hardness, row, slope, count }: Candidates,
    sign: 1 | -1,
    gradient: Float32Array | Float64Array,
  ): void {
    const { width } = this;
    const matrix = this.matrices.length > 1 ? attribute : 0;
    const f = this.matrices[matrix] as FeatureMatrix;
    const base = matrix * this.size * width;
    const own = i * width;
    for (let k = 0; k < (count[0] as number); k++) {
      const distance = sign * (hardness[k] as number);
      if (distance === 0 || slope[k] === 0) continue; // ruling: kinks
      const scale = (slope[k] as number) / distance;
      const other = (row[k] as number) * width;
      for (let t = 0; t < width; t++) {
        const amount = scale * ((f[own + t] as number) - (f[other + t] as number));
        gradient[base + own + t] = (gradient[base + own + t] as number) + amount;
        gradient[base + other + t] = (gradient[base + other + t] as number) - amount;
      }
    }
  }
}
