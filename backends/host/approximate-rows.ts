/**
 * Squared distances of anchors to all samples, approximately, a block of anchors at a time.
 *
 * @module
 */
import { BLOCK, type Workspace } from './simd/workspace.js';
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
  private blockStart = -BLOCK;

  /** @param anchors - whose rows will be asked for, in this order, `count` of them */
  take(workspace: Workspace, width: number, anchors: Int32Array, count: number): void {
    this.workspace = workspace;
    this.error = new SquareError(width, workspace.rounding);
    this.bits = workspace.integers(workspace.squares, BLOCK * workspace.samples);
    this.anchors = anchors;
    this.count = count;
    this.position = 0;
    this.blockStart = -BLOCK;
  }

  /** Where the row of an anchor begins in {@link bits}: the one last asked for, or a later one. */
  of(anchor: number): number {
    while (this.position < this.count && this.anchors[this.position] !== anchor) this.position += 1;
    if (this.position >= this.blockStart + BLOCK) this.findBlock();
    return (this.position - this.blockStart) * (this.workspace?.samples as number);
  }

  private findBlock(): void {
    const { workspace, position, count, anchors } = this;
    if (!workspace) return;
    const { simd, stride, samples, squares, ids } = workspace;
    const block = workspace.integers(ids, BLOCK);
    const left = Math.min(BLOCK, count - position);
    // the function takes anchors by twos
    const even = (left + 1) & ~1;
    for (let k = 0; k < even; k++) block[k] = anchors[position + Math.min(k, left - 1)] as number;
    simd.squares(0, stride, samples, ids, even, squares);
    this.blockStart = position;
  }
}
