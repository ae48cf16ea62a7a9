/**
 * A feature matrix in the memory of the SIMD functions, and the regions they work in.
 *
 * @module
 */
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import { reserve, type SimdFunctions, simdFunctions } from '../simd/functions.js';

/**
 * How many anchors have their squares found together: their rows, and four samples', fit the first-level
 * cache.
 */
export const BLOCK = 16;

/**
 * The matrix of one batch, of n samples and d components, both padded with 0 to a multiple of 4. The memory
 * holds, in this order: n×d float32 of features, n×d float64 of gradient, d float64 for the gradient of an
 * anchor, 4 float64 of distances, BLOCK×n float32 of squares, and BLOCK int32 with the indices of their
 * anchors.
 */
export class SimdWorkspace {
  /** n, padded. */
  samples = 0;
  /** d, padded. */
  width = 0;
  /** The largest magnitude of a feature. */
  largest = 0;
  /** The largest distance ‖x̂ − x‖ of a row x from its float32 x̂. */
  rounding = 0;
  /** Whether float32 holds all features exactly. */
  exact = true;

  private constructor(readonly simd: SimdFunctions) {}

  /** @returns undefined if SIMD is not available here */
  static create(): SimdWorkspace | undefined {
    const simd = simdFunctions();
    return simd && new SimdWorkspace(simd);
  }

  /** Copies a matrix into the memory; false if WebAssembly cannot get enough of it. */
  load(matrix: FeatureMatrix, size: number, width: number): boolean {
    this.samples = (size + 3) & ~3;
    this.width = (width + 3) & ~3;
    if (!reserve(this.simd, this.ids + 4 * BLOCK)) return false;
    this.copy(matrix, size, width);
    return true;
  }

  /** The bytes of a row of features. */
  get stride(): number {
    return 4 * this.width;
  }

  // where the regions begin, in bytes; features begin at 0

  get gradient(): number {
    return this.samples * this.stride;
  }

  get sum(): number {
    return 3 * this.gradient;
  }

  get found(): number {
    return this.sum + 2 * this.stride;
  }

  get squares(): number {
    return this.found + 32;
  }

  get ids(): number {
    return this.squares + 4 * BLOCK * this.samples;
  }

  /** A view of the memory as float64. */
  floats(at: number, length: number): Float64Array {
    return new Float64Array(this.simd.memory.buffer, at, length);
  }

  /** A view of the memory as int32. */
  integers(at: number, length: number): Int32Array {
    return new Int32Array(this.simd.memory.buffer, at, length);
  }

  private copy(matrix: FeatureMatrix, size: number, width: number): void {
    const copy = new Float32Array(this.simd.memory.buffer, 0, this.samples * this.width);
    const pad = this.width - width;
    let [largest, farthest, exact] = [0, 0, true];
    let to = 0;
    for (let i = 0, from = 0; i < size; i++, to += pad) {
      let off = 0;
      for (let t = 0; t < width; t++, from++, to++) {
        const x = matrix[from];
        copy[to] = x;
        const difference = x - copy[to];
        if (difference !== 0) exact = false;
        off += difference * difference;
        const magnitude = Math.abs(x);
        if (magnitude > largest) largest = magnitude;
      }
      farthest = Math.max(farthest, off);
      copy.fill(0, to, to + pad);
    }
    copy.fill(0, to);
    this.largest = largest;
    this.rounding = Math.sqrt(farthest);
    this.exact = exact;
  }
}
