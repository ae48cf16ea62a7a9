/**
 * A feature matrix in the memory of the SIMD functions, and the room they need beside it.
 *
 * @module
 */
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import { reserve, type SimdFunctions, simdFunctions } from '../simd/functions.js';

/** Anchors whose squares are found together: their rows, and four samples', fit the nearest cache. */
export const BLOCK = 16;

/**
 * One batch's matrix, of n samples and d components, both padded to a multiple of 4 with 0. In this
 * order: n×d float32, n×d float64 of gradient, d float64 for an anchor's part of it, 4 float64 for
 * distances, BLOCK×n float32 of squares, BLOCK int32 for whose they are.
 */
export class Workspace {
  /** n and d, padded. */
  samples = 0;
  width = 0;
  /** The largest magnitude of a feature. */
  largest = 0;
  /** ‖x̂ − x‖ of the row x that is farthest from its float32 x̂. */
  rounding = 0;
  /** Whether float32 holds all features as they are. */
  exact = true;

  private constructor(readonly simd: SimdFunctions) {}

  /** @returns undefined if there is no SIMD */
  static open(): Workspace | undefined {
    const simd = simdFunctions();
    return simd && new Workspace(simd);
  }

  /** Takes a matrix; false if memory does not suffice. */
  take(matrix: FeatureMatrix, size: number, width: number): boolean {
    this.samples = (size + 3) & ~3;
    this.width = (width + 3) & ~3;
    if (!reserve(this.simd, this.ids + 4 * BLOCK)) return false;
    this.copy(matrix, size, width);
    return true;
  }

  /** Bytes of a row of float32. */
  get stride(): number {
    return 4 * this.width;
  }

  /** Where things begin, in bytes. */
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

  floats(at: number, length: number): Float64Array {
    return new Float64Array(this.simd.memory.buffer, at, length);
  }

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
