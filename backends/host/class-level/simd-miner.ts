/**
 * Mining with SIMD: the scores pass through WebAssembly's memory a block at a time, and the lists come back
 * sorted.
 *
 * @module
 */

import { bitsBelow } from '../arrays/float-bits.js';
import type { Candidates } from '../arrays/hardest-lists.js';
import type { Plan } from '../batch/flat-schema.js';
import { HIGHEST, LOWEST, type ScoreView } from '../batch/scores.js';
import type { Selection } from '../batch/selection.js';
import { reserve, type SimdFunctions, simdFunctions } from '../simd/functions.js';
import { type GuessSize, guessSize, isWorthGuessing, sampledRow } from './sampled-bounds.js';
import { Layout, padded, Views } from './simd-layout.js';

/** Whatever is not below it is maybe no probability. */
const HIGHEST_BITS = bitsBelow(HIGHEST);
/** All from 0 are of interest. */
const ALL_BITS = -1;

/** Mines batches of one schema: one attribute, each class a column of scores. */
export class SimdMiner {
  private readonly layout = new Layout();
  private readonly views = new Views();
  /** Whether a row of labels is a 0 or 1 for each class, else the class. */
  private readonly multiHot: boolean;

  private constructor(
    private readonly simd: SimdFunctions,
    private readonly plan: Plan,
  ) {
    this.multiHot = plan.encoding === 'one-attribute';
  }

  /** @returns undefined if there is no SIMD, or the schema is of another kind */
  static of(plan: Plan, simd: SimdFunctions | undefined = simdFunctions()): SimdMiner | undefined {
    if (plan.encoding === 'multi-label' || plan.attributes > 1) return undefined;
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
    const { simd, plan, layout, views } = this;
    if (!(data instanceof Float32Array) || columnStride !== 1 || rowStride !== plan.width) return undefined;
    const { size, tasks } = selection;
    const guess = guessSize(size, kappa);
    layout.arrange(plan, selection, guess?.rank ?? 0, positives, negatives);
    if (!reserve(simd, layout.end)) return undefined;
    views.follow(simd.memory.buffer);
    this.writeRecords(layout.positives, positives, tasks);
    this.writeRecords(layout.negatives, negatives, tasks);
    views.integers.set(selection.taskOf, layout.taskOf >>> 2);
    this.clearBounds(selection);
    if (guess) {
      this.sample(labels, data, offset, size, guess);
      this.guessBounds(selection, kappa, guess.rank);
    }
    if (!this.scan(labels, data, offset, size)) return false;
    this.take(positives, tasks, layout.positives, layout.positiveKeys, layout.positiveRows);
    this.take(negatives, tasks, layout.negatives, layout.negativeKeys, layout.negativeRows);
    return true;
  }

  private writeRecords(at: number, { start, keep, room }: Candidates, tasks: number): void {
    const { integers } = this.views;
    for (let t = 0, to = at >>> 2; t < tasks; t++, to += 4) {
      integers[to] = start[t];
      integers[to + 1] = keep[t];
      integers[to + 2] = room[t];
      integers[to + 3] = 0;
    }
  }

  /** Of minority classes all scores are of interest, of others what may be no probability. */
  private clearBounds({ tasks, column }: Selection): void {
    const { integers } = this.views;
    const high = this.layout.high >>> 2;
    integers.fill(HIGHEST_BITS, high, high + this.plan.width);
    for (let t = 0; t < tasks; t++) integers[high + column[t]] = ALL_BITS;
  }

  /** Has the rows that a guess is made from taken into account. */
  private sample(
    labels: Int32Array,
    data: Float32Array,
    offset: number,
    size: number,
    { rows, rank }: GuessSize,
  ): void {
    const { simd, layout, multiHot } = this;
    const { integers, floats } = this.views;
    const { width } = this.plan;
    const { scores, sampled } = layout;
    // a score below 0 is guessed from like 0: all from 0 are of interest then
    integers.fill(0, sampled >>> 2, (sampled >>> 2) + rank * padded(width));
    for (let r = 0; r < rows; r++) {
      const i = sampledRow(r, rows, size);
      const label = multiHot ? -1 : labels[i];
      if (multiHot) integers.set(labels.subarray(i * width, (i + 1) * width), layout.labels >>> 2);
      else if (label < 0) continue;
      const from = offset + i * width;
      floats.set(data.subarray(from, from + width), scores >>> 2);
      simd.sample(scores, width, label, multiHot ? layout.labels : 0, sampled, rank);
    }
  }

  /** A bound for every minority class that has enough others: below the rank-th highest of the sample. */
  private guessBounds({ tasks, column, others }: Selection, kappa: number, rank: number): void {
    const { integers } = this.views;
    const { high, sampled } = this.layout;
    for (let t = 0; t < tasks; t++) {
      if (!isWorthGuessing(kappa, others[t])) continue;
      const c = column[t];
      // of the last of its column's vectors
      const at = (sampled >>> 2) + (c & ~3) * rank + 4 * (rank - 1) + (c & 3);
      integers[(high >>> 2) + c] = integers[at] - 1;
    }
  }

  private scan(labels: Int32Array, data: Float32Array, offset: number, size: number): boolean {
    const { simd, layout } = this;
    const { integers, floats } = this.views;
    const { width, labelWidth } = this.plan;
    const { rows } = layout;
    for (let first = 0; first < size; first += rows) {
      const count = Math.min(rows, size - first);
      floats.set(part(data, offset + first * width, count * width), layout.scores >>> 2);
      integers.set(part(labels, first * labelWidth, count * labelWidth), layout.labels >>> 2);
      const valid = simd.scan(
        layout.scores,
        count,
        width,
        first,
        layout.labels,
        Number(this.multiHot),
        layout.high,
        layout.taskOf,
        layout.positives,
        layout.positiveKeys,
        layout.negatives,
        layout.negativeKeys,
        layout.scratch,
        LOWEST,
        HIGHEST,
      );
      if (!valid) return false;
    }
    return true;
  }

  /** Sorts the lists of one side, and takes them over. */
  private take(lists: Candidates, tasks: number, records: number, keys: number, rows: number): void {
    const { integers, doubles } = this.views;
    this.simd.settle(records, tasks, keys, rows, this.layout.scratch);
    const { size } = lists;
    lists.hardness.set(doubles.subarray(keys >>> 3, (keys >>> 3) + size));
    lists.row.set(integers.subarray(rows >>> 2, (rows >>> 2) + size));
    for (let t = 0, at = (records >>> 2) + 3; t < tasks; t++, at += 4) lists.count[t] = integers[at];
  }
}

/** Some of an array; the whole of it as it is, since a view costs more than a small batch. */
function part<T extends Float32Array | Int32Array>(of: T, from: number, length: number): T {
  return length === of.length ? of : (of.subarray(from, from + length) as T);
}
