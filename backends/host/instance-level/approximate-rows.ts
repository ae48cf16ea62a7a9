/**
 * Squared distances of anchors to all samples, approximately, a block of anchors at a time.
 *
 * @module
 */
import { BLOCK, type Workspace } from './simd-workspace.js';
import { SquareError } from './square-error.js';

/** Rows of one batch, for anchors asked for in order. */
export class ApproximateRows {
  /** What may be wrong with a square. */
  error = new SquareError(0, 0);
  /** The squares' bits: as integers, numbers from 0 keep their order. */
  bits: Int32Array = new Int32Array(0);
  private workspace: Workspace | undefined;
  private anchors: Int32Array = new Int32Array(0);
  private count = 0;
  private position = 0;
  /** Behind the last position whose row is found. */
  private blockEnd = 0;

  /** @param anchors - whose rows will be asked for, in this order, `count` of them */
  take(workspace: Workspace, width: number, anchors: Int32Array, count: number): void {
    this.workspace = workspace;
    this.error = new SquareError(width, workspace.rounding);
    this.bits = workspace.integers(workspace.squares, BLOCK * workspace.samples);
    this.anchors = anchors;
    this.count = count;
    this.position = 0;
    this.blockEnd = 0;
  }

  /** Where the row of an anchor begins in {@link bits}: the one last asked for, or a later one. */
  of(anchor: number): number {
    this.position = this.anchors.indexOf(anchor, this.position);
    const workspace = this.workspace as Workspace;
    if (this.position >= this.blockEnd) this.findBlock(workspace);
    return (this.position + BLOCK - this.blockEnd) * workspace.samples;
  }

  private findBlock(workspace: Workspace): void {
    const { position, count, anchors } = this;
    const { simd, stride, samples, squares, ids } = workspace;
    const block = workspace.integers(ids, BLOCK);
    const left = Math.min(BLOCK, count - position);
    block.set(anchors.subarray(position, position + left));
    // the function takes anchors by twos: this is for the last where it is one, else nobody reads it
    block[left] = anchors[position];
    simd.squares(0, stride, samples, ids, (left + 1) & ~1, squares);
    this.blockEnd = position + BLOCK;
  }
}
