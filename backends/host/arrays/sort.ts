/**
 * Sorting of (value, row) pairs, largest value first.
 *
 * @module
 */

import { ensureLength } from './scratch.js';

/** Runs of this length are sorted by insertion, which is faster than merging for so few. */
const RUN = 16;

/** A stable merge sort of pairs that are kept in two arrays, so that no order of the input is slow. */
export class PairSorter {
  /** The left of two runs while they are merged. */
  private values = new Float64Array(0);
  private rows = new Int32Array(0);

  /** Sorts `count` pairs in place from `start` on, largest value first; equal values keep their order. */
  sortLargestFirst(value: Float64Array, row: Int32Array, start: number, count: number): void {
    const end = start + count;
    for (let from = start; from < end; from += RUN) insert(value, row, from, Math.min(from + RUN, end));
    this.values = ensureLength(this.values, count);
    this.rows = ensureLength(this.rows, count);
    for (let width = RUN; width < count; width *= 2) {
      for (let from = start; from + width < end; from += 2 * width) {
        this.merge(value, row, from, from + width, Math.min(from + 2 * width, end));
      }
    }
  }

  /** Merges two sorted neighbouring runs; of equal values those of the left run come first. */
  private merge(value: Float64Array, row: Int32Array, from: number, middle: number, to: number): void {
    if (!(value[middle] > value[middle - 1])) return;
    const { values, rows } = this;
    const left = middle - from;
    for (let k = 0; k < left; k++) {
      values[k] = value[from + k];
      rows[k] = row[from + k];
    }
    let l = 0;
    let r = middle;
    let out = from;
    while (l < left && r < to) {
      const takeRight = value[r] > values[l];
      value[out] = takeRight ? value[r] : values[l];
      row[out] = takeRight ? row[r] : rows[l];
      if (takeRight) r += 1;
      else l += 1;
      out += 1;
    }
    while (l < left) {
      value[out] = values[l];
      row[out] = rows[l];
      l += 1;
      out += 1;
    }
  }
}

function insert(value: Float64Array, row: Int32Array, from: number, to: number): void {
  for (let at = from + 1; at < to; at++) {
    const v = value[at];
    if (!(v > value[at - 1])) continue;
    const r = row[at];
    let hole = at;
    do {
      value[hole] = value[hole - 1];
      row[hole] = row[hole - 1];
      hole -= 1;
    } while (hole > from && v > value[hole - 1]);
    value[hole] = v;
    row[hole] = r;
  }
}
