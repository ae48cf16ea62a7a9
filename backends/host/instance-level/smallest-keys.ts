/**
 * Keeps, of many approximate numbers, those that may be among the κ smallest.
 *
 * @module
 */

import { listCapacity } from '../arrays/list-capacity.js';
import { ensureLength } from '../arrays/scratch.js';

/** Given a key that at least κ keys do not exceed, the largest key that may still be among the κ smallest. */
type CutAt = (key: number) => number;

/** Pairs of an integer key and a row, in the order they were pushed. */
export class SmallestKeys {
  /** A key above this cannot be among the κ smallest and need not be pushed. */
  threshold = 0;
  /** How many pairs are kept. */
  count = 0;
  row = new Int32Array(0);
  private key = new Int32Array(0);
  private keep = 0;
  private cutAt!: CutAt;
  /** The number of pairs at which they are cut. */
  private capacity = 0;

  /**
   * Removes all pairs.
   *
   * @param keep - κ
   * @param most - how many pairs will be pushed at most
   */
  reset(keep: number, most: number, cutAt: CutAt): void {
    this.keep = keep;
    this.cutAt = cutAt;
    this.count = 0;
    this.threshold = 0x7fffffff;
    this.capacity = listCapacity(keep);
    this.row = ensureLength(this.row, most);
    this.key = ensureLength(this.key, most);
  }

  /** Adds a pair, whose key must not be above the threshold. */
  push(key: number, row: number): void {
    this.key[this.count] = key;
    this.row[this.count] = row;
    this.count += 1;
    // a cut that may leave a quarter of κ too many is found sooner, and does no harm here
    if (this.count >= this.capacity) this.cut(this.keep >> 2);
  }

  /**
   * Drops the pairs that cannot be among the κ smallest of all that were pushed. Does nothing while there
   * are no more than κ.
   *
   * @param spare - how many more than needed may stay
   */
  cut(spare = 0): void {
    const { key, row, count, keep } = this;
    if (count <= keep) return;
    const threshold = Math.min(this.threshold, this.cutAt(boundOf(key, count, keep, keep + spare)));
    this.threshold = threshold;
    let kept = 0;
    for (let k = 0; k < count; k++) {
      const v = key[k];
      key[kept] = v;
      row[kept] = row[k];
      kept += isAtMost(v, threshold);
    }
    this.count = kept;
    // room for as many again, so that many keys at the threshold do not make every push a cut
    this.capacity = Math.max(this.capacity, 2 * kept);
  }
}

/**
 * A number that at least `keep` keys do not exceed, and, unless there are ties, at most `most`. Found by
 * bisection of the range of the keys, so that no order of them is slow.
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
    for (let k = 0; k < count; k++) below += isAtMost(key[k], middle);
    if (below < keep) low = middle + 1;
    else {
      high = middle;
      if (below <= most) break;
    }
  }
  return high;
}

/** 1 if a ≤ b, else 0, without a branch that could not be predicted. a − b must be an int32. */
function isAtMost(a: number, b: number): number {
  return (a - b - 1) >>> 31;
}
