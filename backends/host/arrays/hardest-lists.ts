/**
 * The hardest samples seen so far, a bounded list for each task.
 *
 * @module
 */
import { roomFor } from './scratch.js';
import { sortLargestFirst } from './sort.js';

/**
 * Lists of (hardness, row), at most a little more than `keep` each. Rows must come in ascending
 * order: then equals keep the order of their indices (ruling: mined order).
 */
export class Candidates {
  /** Where the list of a task begins. */
  start = new Int32Array(0);
  /** How many of a task's are wanted. */
  keep = new Int32Array(0);
  count = new Int32Array(0);
  /** A sample that is not above it can't be among the wanted; −∞ until a list has been cut. */
  bar = new Float64Array(0);
  hardness = new Float64Array(0);
  row = new Int32Array(0);
  /** ∂L/∂score of each, for whoever compares. */
  slope = new Float64Array(0);
  /** How many a task's list may hold. */
  room = new Int32Array(0);
  /** How many the open lists may hold, and the longest of them. */
  size = 0;
  longest = 0;

  /** Forgets all lists, and makes room for this many. */
  clear(tasks: number): void {
    this.size = 0;
    this.longest = 0;
    this.start = roomFor(this.start, tasks);
    this.keep = roomFor(this.keep, tasks);
    this.count = roomFor(this.count, tasks);
    this.room = roomFor(this.room, tasks);
    this.bar = roomFor(this.bar, tasks);
  }

  /** Opens the list of a task: `keep`, one or more, are wanted of `from` samples. */
  open(task: number, keep: number, from: number): void {
    // cutting costs a sort: with room for as many again it is rare
    const room = Math.min(from, 3 * keep + 16);
    this.start[task] = this.size;
    this.keep[task] = Math.min(keep, from);
    this.count[task] = 0;
    this.room[task] = room;
    this.bar[task] = Number.NEGATIVE_INFINITY;
    this.size += room;
    this.longest = Math.max(this.longest, room);
  }

  /** Makes room for what the open lists can hold, with slopes of 0: called once, after the last `open`. */
  allot(): void {
    this.hardness = roomFor(this.hardness, this.size);
    this.row = roomFor(this.row, this.size);
    this.slope = roomFor(this.slope, this.size).fill(0, 0, this.size);
  }

  /** @returns whether the list was cut, which raises its bar */
  push(task: number, hardness: number, row: number): boolean {
    if (!(hardness > this.bar[task])) return false;
    const count = this.count[task];
    const at = this.start[task] + count;
    this.hardness[at] = hardness;
    this.row[at] = row;
    this.count[task] = count + 1;
    if (count + 1 < this.room[task]) return false;
    this.settle(task);
    return true;
  }

  /** Sorts a list, hardest first, and cuts it to those that are wanted. */
  settle(task: number): void {
    const start = this.start[task];
    const keep = this.keep[task];
    const count = this.count[task];
    sortLargestFirst(this.hardness, this.row, start, count);
    if (count < keep) return;
    this.count[task] = keep;
    this.bar[task] = this.hardness[start + keep - 1];
  }

  /** Settles all lists. */
  settleAll(tasks: number): void {
    for (let t = 0; t < tasks; t++) this.settle(t);
  }
}
