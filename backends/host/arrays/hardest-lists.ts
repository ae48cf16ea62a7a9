/**
 * Bounded lists of the hardest samples seen so far, one list per minority class.
 *
 * This is where a sample becomes a hard positive or a hard negative: `push` takes it if it is harder than the
 * list's threshold, and `sortAndCut` keeps the hardest.
 *
 * @module
 */
import { listCapacity } from './list-capacity.js';
import { ensureLength } from './scratch.js';
import { PairSorter } from './sort.js';

/**
 * Lists of (hardness, row), each a little longer than the `keep` entries it is meant to end with. Rows must
 * be pushed in ascending order; equal hardness then keeps the order of the sample indices (ruling: mined
 * order).
 *
 * Use: `reset`, `addList` for each minority class, `allocate`, any number of `push`, `sortAndCutAll`.
 */
export class HardestLists {
  /** Where the list of a class begins. */
  start = new Int32Array(0);
  /** How many entries of a list to keep. */
  keep = new Int32Array(0);
  /** How many entries a list has now. */
  count = new Int32Array(0);
  /** A sample that is not harder than this cannot be among those to keep; −∞ until a list has been cut. */
  threshold = new Float64Array(0);
  hardness = new Float64Array(0);
  row = new Int32Array(0);
  /**
   * The derivative of the loss with respect to each entry's score or distance, filled in by the comparison.
   */
  slope = new Float64Array(0);
  /** How many entries a list may hold before it is cut. */
  capacity = new Int32Array(0);
  /** The capacity of all lists together, and of the longest. */
  size = 0;
  longest = 0;
  private readonly sorter = new PairSorter();

  /** Removes all lists. At most `lists` can be added. */
  reset(lists: number): void {
    this.size = 0;
    this.longest = 0;
    this.start = ensureLength(this.start, lists);
    this.keep = ensureLength(this.keep, lists);
    this.count = ensureLength(this.count, lists);
    this.capacity = ensureLength(this.capacity, lists);
    this.threshold = ensureLength(this.threshold, lists);
  }

  /** Adds list `t`, which keeps the `keep` hardest, at least one, of `samples` samples. */
  addList(t: number, keep: number, samples: number): void {
    const capacity = Math.min(samples, listCapacity(keep));
    this.start[t] = this.size;
    this.keep[t] = Math.min(keep, samples);
    this.count[t] = 0;
    this.capacity[t] = capacity;
    this.threshold[t] = Number.NEGATIVE_INFINITY;
    this.size += capacity;
    this.longest = Math.max(this.longest, capacity);
  }

  /** Allocates the entries of all lists, with slopes of 0. Call it once, after the last `addList`. */
  allocate(): void {
    this.hardness = ensureLength(this.hardness, this.size);
    this.row = ensureLength(this.row, this.size);
    this.slope = ensureLength(this.slope, this.size).fill(0, 0, this.size);
  }

  /**
   * Adds a sample to list `t` if it is harder than the list's threshold.
   *
   * @returns whether the list was full and has been cut, which raises its threshold
   */
  push(t: number, hardness: number, row: number): boolean {
    if (!(hardness > this.threshold[t])) return false;
    const count = this.count[t];
    const at = this.start[t] + count;
    this.hardness[at] = hardness;
    this.row[at] = row;
    this.count[t] = count + 1;
    if (count + 1 < this.capacity[t]) return false;
    this.sortAndCut(t);
    return true;
  }

  /** Sorts list `t`, hardest first, and drops all but the entries to keep. */
  sortAndCut(t: number): void {
    const start = this.start[t];
    const keep = this.keep[t];
    const count = this.count[t];
    this.sorter.sortLargestFirst(this.hardness, this.row, start, count);
    if (count < keep) return;
    this.count[t] = keep;
    this.threshold[t] = this.hardness[start + keep - 1];
  }

  /** Sorts and cuts the first `lists` lists. */
  sortAndCutAll(lists: number): void {
    for (let t = 0; t < lists; t++) this.sortAndCut(t);
  }
}
