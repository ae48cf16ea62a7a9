/**
 * Lets pass what may be among the κ smallest of approximate numbers.
 *
 * @module
 */

import { roomFor } from '../arrays/scratch.js';

/** A cut: what is above it can't be among the κ smallest, if κ are not above the key. */
type CutAt = (key: number) => number;

/** (key, row) pairs, in the order they come; keys are integers. */
export class Sieve {
  /** What is above it need not be pushed. */
  bar = 0;
  count = 0;
  row = new Int32Array(0);
  private key = new Int32Array(0);
  private keep = 0;
  private cutAt!: CutAt;
  private full = 0;

  /** Empties the sieve; `size` is the most that is ever pushed. */
  open(keep: number, size: number, cutAt: CutAt): void {
    this.keep = keep;
    this.cutAt = cutAt;
    this.count = 0;
    this.bar = 0x7fffffff;
    this.full = 3 * keep + 16;
    this.row = roomFor(this.row, size);
    this.key = roomFor(this.key, size);
  }

  /** Takes a pair that is not above the bar. */
  push(key: number, row: number): void {
    this.key[this.count] = key;
    this.row[this.count] = row;
    this.count += 1;
    // a few too many are found sooner, and do no harm here
    if (this.count >= this.full) this.cut(this.keep >> 2);
  }

  /**
   * Drops those that can't be among the κ smallest of all that was pushed; does nothing while these are no
   * more than κ.
   *
   * @param spare - so many more may stay
   */
  cut(spare = 0): void {
    const { key, row, count, keep } = this;
    if (count <= keep) return;
    const bar = Math.min(this.bar, this.cutAt(boundOf(key, count, keep, keep + spare)));
    this.bar = bar;
    let kept = 0;
    for (let k = 0; k < count; k++) {
      const v = key[k];
      key[kept] = v;
      row[kept] = row[k];
      kept += notAbove(v, bar);
    }
    this.count = kept;
    // as many again, so that a crowd at the bar does not make every push a cut
    this.full = Math.max(this.full, 2 * kept);
  }
}

/**
 * A number that at least `keep` keys do not exceed, and no more than `most`, unless there are ties: by
 * bisection of their range, so that no order of them is slow.
 */
function boundOf(key: Int32Array, count: number, keep: number, most: number): number {
  let low = key[0];
  let high = low;
  for (let k = 1; k < count; k++) {
    const v = key[k];
    if (v < low) low = v;
    if (v > high) high = v;
  }
  while (low < high) {
    const middle = low + ((high - low) >>> 1);
    let below = 0;
    for (let k = 0; k < count; k++) below += notAbove(key[k], middle);
    if (below < keep) low = middle + 1;
    else {
      high = middle;
      if (below <= most) break;
    }
  }
  return high;
}

/** 1 if a ≤ b, else 0, without a branch that nobody could predict; a − b must be an int32. */
function notAbove(a: number, b: number): number {
  return (a - b - 1) >>> 31;
}
