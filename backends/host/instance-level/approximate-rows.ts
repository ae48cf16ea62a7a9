/**
 * Approximate squared distances of anchors to all samples, found with SIMD for a block of anchors at a time.
 *
 * @module
 */
import { BLOCK, type SimdWorkspace } from './simd-workspace.js';
import { SquareError } from './square-error.js';

/** The rows of squared distances of one batch, for anchors that are asked for in ascending order. */
export class ApproximateRows {
  /** How far a square may be off. */
  error = new SquareError(0, 0);
  /** The squares as the bits of float32, which keep the order of non-negative numbers. */
  bits: Int32Array = new Int32Array(0);
  private workspace: SimdWorkspace | undefined;
  private anchors: Int32Array = new Int32Array(0);
  private count = 0;
  private position = 0;
  /** The position after the last anchor whose row has been found. */
  private blockEnd = 0;

  /**
   * Begins a batch.
   *
   * @param workspace - holds the features, of `width` components
   * @param anchors - the first `count` are the anchors whose rows will be asked for, in this order
   */
  prepare(workspace: SimdWorkspace, width: number, anchors: Int32Array, count: number): void {
    this.workspace = workspace;
    this.error = new SquareError(width, workspace.rounding);
    this.bits = workspace.integers(workspace.squares, BLOCK * workspace.samples);
    this.anchors = anchors;
    this.count = count;
    this.position = 0;
    this.blockEnd = 0;
  }

  /**
   * Where the row of an anchor begins in {@link bits}. The anchor must not come before the one last asked
   * for.
   */
  rowOf(anchor: number): number {
    this.position = this.anchors.indexOf(anchor, this.position);
    const workspace = this.workspace as SimdWorkspace;
    if (this.position >= this.blockEnd) this.findBlock(workspace);
    return (this.position + BLOCK - this.blockEnd) * workspace.samples;
  }

  private findBlock(workspace: SimdWorkspace): void {
    const { position, count, anchors } = this;
    const { simd, stride, samples, squares, ids } = workspace;
    const block = workspace.integers(ids, BLOCK);
    const left = Math.min(BLOCK, count - position);
    block.set(anchors.subarray(position, position + left));
    // the function takes anchors in twos: where the last has no partner, this is one, and its row is not read
    block[left] = anchors[position];
    simd.squares(0, stride, samples, ids, (left + 1) & ~1, squares);
    this.blockEnd = position + BLOCK;
  }
}
