/**
 * Mining with SIMD: the scores pass through WebAssembly's memory a block at a time, and the lists come back
 * sorted.
 *
 * @module
 */

import type { Candidates } from '../candidates.js';
import { bitsBelow } from '../float-bits.js';
import { guessSize, isWorthGuessing, sampledRow } from '../guess.js';
import type { Plan } from '../plan.js';
import { HIGHEST, LOWEST, type ScoreView } from '../scores.js';
import type { Selection } from '../selection.js';
import { reserve, type SimdFunctions, simdFunctions } from './functions.js';

/** Scores that are in WebAssembly's memory at once: they fit the second cache, beside the lists. */
const BLOCK_SCORES = 1 << 16;
/** Whatever is not below it is maybe no probability. */
const HIGHEST_BITS = bitsBelow(HIGHEST);
/** All from 0 are of interest. */
const ALL_BITS = -1;

/** Mines batches of one schema: one attribute, each class a column of scores. */
export class SimdMiner {
  private buffer: ArrayBuffer | undefined;
  private integers = new Int32Array(0);
  private floats = new Float32Array(0);
  private doubles = new Float64Array(0);
  /** Places, in bytes. */
  private high = 0;
  private taskOf = 0;
  private sampled = 0;
  private positives = 0;
  private negatives = 0;
  private positiveKeys = 0;
  private negativeKeys = 0;
  private positiveRows = 0;
  private negativeRows = 0;
  private scratch = 0;
  private labels = 0;
  private scores = 0;
  private rows = 0;

  private constructor(
    private readonly simd: SimdFunctions,
    private readonly plan: Plan,
  ) {}

  /** @returns undefined if there is no SIMD, or the schema is of another kind */
  static of(plan: Plan): SimdMiner | undefined {
    if (plan.encoding === 'multi-label' || plan.attributes > 1) return undefined;
    const simd = simdFunctions();
    return simd && new SimdMiner(simd, plan);
  }

  /**
   * Fills the lists, which are open.
   *
   * @returns false if a score is no probability; undefined if the scores are no rows of float32 side by
   * side, or memory does not suffice
   */
  mine(
    labels: Int32Array,
    { data, offset, rowStride, columnStride }: ScoreView,
    selection: Selection,
    kappa: number,
    { positives, negatives }: { readonly positives: Candidates; readonly negatives: Candidates },
  ): boolean | undefined {
    const { width } = this.plan;
    if (!(data instanceof Float32Array) || columnStride !== 1 || rowStride !== width) return undefined;
    const { size, tasks } = selection;
    const guess = guessSize(size, kappa);
    if (!this.layOut(size, tasks, guess?.rank ?? 0, positives, negatives)) return undefined;
    this.writeRecords(this.positives, positives, tasks);
    this.writeRecords(this.negatives, negatives, tasks);
    this.integers.set(selection.taskOf, this.taskOf >> 2);
    this.integers.fill(HIGHEST_BITS, this.high >> 2, (this.high >> 2) + width);
    if (guess) this.sample(labels, data, offset, size, guess);
    this.setBounds(selection, guess ? kappa : undefined, guess?.rank ?? 0);
    if (!this.scan(labels, data, offset, size)) return false;
    this.take(positives, tasks, this.positives, this.positiveKeys, this.positiveRows);
    this.take(negatives, tasks, this.negatives, this.negativeKeys, this.negativeRows);
    return true;
  }

  /** Gives everything its place; false if memory does not suffice. */
  private layOut(
    size: number,
    tasks: number,
    rank: number,
    positives: Candidates,
    negatives: Candidates,
  ): boolean {
    const { width, encoding } = this.plan;
    this.rows = Math.max(1, Math.min(size, Math.floor(BLOCK_SCORES / width)));
    let end = 0;
    const place = (bytes: number) => {
      const at = end;
      end = (end + bytes + 15) & ~15;
      return at;
    };
    const padded = 4 * (width + 3);
    this.high = place(padded);
    this.taskOf = place(padded);
    this.sampled = place(rank * padded);
    this.positives = place(16 * tasks);
    this.negatives = place(16 * tasks);
    this.positiveKeys = place(8 * positives.size);
    this.negativeKeys = place(8 * negatives.size);
    this.positiveRows = place(4 * positives.size);
    this.negativeRows = place(4 * negatives.size);
    this.scratch = place(8 * Math.max(positives.longest, negatives.longest));
    // a vector may begin at the last entry
    this.labels = place(4 * this.rows * (encoding === 'categorical' ? 1 : width) + 16);
    this.scores = place(4 * this.rows * width + 16);
    if (!reserve(this.simd, end)) return false;
    const { buffer } = this.simd.memory;
    if (buffer !== this.buffer) {
      this.buffer = buffer;
      this.integers = new Int32Array(buffer);
      this.floats = new Float32Array(buffer);
      this.doubles = new Float64Array(buffer);
    }
    return true;
  }

  private writeRecords(at: number, { start, keep, room }: Candidates, tasks: number): void {
    const { integers } = this;
    for (let t = 0, to = at >> 2; t < tasks; t++, to += 4) {
      integers[to] = start[t] as number;
      integers[to + 1] = keep[t] as number;
      integers[to + 2] = room[t] as number;
      integers[to + 3] = 0;
    }
  }

  /** Has the rows that a guess is made from taken into account. */
  private sample(
    labels: Int32Array,
    data: Float32Array,
    offset: number,
    size: number,
    { rows, rank }: { readonly rows: number; readonly rank: number },
  ): void {
    const { simd, plan, integers, floats, scores, sampled } = this;
    const { width, encoding } = plan;
    const multiHot = encoding === 'one-attribute';
    integers.fill(-1, sampled >> 2, (sampled >> 2) + rank * ((width + 3) & ~3));
    for (let r = 0; r < rows; r++) {
      const i = sampledRow(r, rows, size);
      const label = multiHot ? -1 : (labels[i] as number);
      if (label < 0 && !multiHot) continue;
      const from = offset + i * width;
      floats.set(data.subarray(from, from + width), scores >> 2);
      if (multiHot) integers.set(labels.subarray(i * width, (i + 1) * width), this.labels >> 2);
      simd.sample(scores, width, label, multiHot ? this.labels : 0, sampled, rank);
    }
  }

  /** A bound for every minority class: what was guessed, else none. */
  private setBounds({ tasks, column, others }: Selection, kappa: number | undefined, rank: number): void {
    const { integers } = this;
    for (let t = 0; t < tasks; t++) {
      const c = column[t] as number;
      const guessed = kappa !== undefined && isWorthGuessing(kappa, others[t] as number);
      // of the last of its column's vectors
      const at = (this.sampled >> 2) + (c & ~3) * rank + 4 * (rank - 1) + (c & 3);
      integers[(this.high >> 2) + c] = guessed ? Math.max((integers[at] as number) - 1, ALL_BITS) : ALL_BITS;
    }
  }

  private scan(labels: Int32Array, data: Float32Array, offset: number, size: number): boolean {
    const { simd, plan, integers, floats, rows } = this;
    const { width, encoding } = plan;
    const multiHot = encoding === 'one-attribute' ? 1 : 0;
    const labelWidth = multiHot ? width : 1;
    for (let first = 0; first < size; first += rows) {
      const count = Math.min(rows, size - first);
      const from = offset + first * width;
      floats.set(part(data, from, count * width), this.scores >> 2);
      integers.set(part(labels, first * labelWidth, count * labelWidth), this.labels >> 2);
      const valid = simd.scan(
        this.scores,
        count,
        width,
        first,
        this.labels,
        multiHot,
        this.high,
        this.taskOf,
        this.positives,
        this.positiveKeys,
        this.negatives,
        this.negativeKeys,
        this.scratch,
        LOWEST,
        HIGHEST,
      );
      if (!valid) return false;
    }
    return true;
  }

  /** Sorts the lists of one side, and takes them over. */
  private take(lists: Candidates, tasks: number, records: number, keys: number, rows: number): void {
    const { integers, doubles } = this;
    this.simd.settle(records, tasks, keys, rows, this.scratch);
    const { size } = lists;
    lists.hardness.set(doubles.subarray(keys >> 3, (keys >> 3) + size));
    lists.row.set(integers.subarray(rows >> 2, (rows >> 2) + size));
    for (let t = 0, at = (records >> 2) + 3; t < tasks; t++, at += 4) lists.count[t] = integers[at] as number;
  }
}

/** Some of an array; the whole of it as it is, since a view costs more than a small batch. */
function part<T extends Float32Array | Int32Array>(of: T, from: number, length: number): T {
  return from === 0 && length === of.length ? of : (of.subarray(from, from + length) as T);
}
