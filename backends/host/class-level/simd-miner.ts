/**
 * Class-level mining with SIMD. The scores pass through WebAssembly's memory in blocks of rows, and the
 * lists of hard samples come back sorted. The algorithm is that of mining.ts.
 *
 * @module
 */

import { bitsBelow } from '../arrays/float-bits.js';
import type { HardestLists } from '../arrays/hardest-lists.js';
import type { FlatSchema } from '../batch/flat-schema.js';
import { HIGHEST, LOWEST, type ScoreView } from '../batch/scores.js';
import type { Selection } from '../batch/selection.js';
import { reserve, type SimdFunctions, simdFunctions } from '../simd/functions.js';
import { isWorthSampling, type SampleSize, sampledRow, sampleSize } from './sampled-bounds.js';
import { MemoryViews, padded, SimdLayout } from './simd-layout.js';

/** The bound of columns without a minority class: only scores that may be no probability are above it. */
const HIGHEST_BITS = bitsBelow(HIGHEST);
/** The bound that all scores from 0 on are above. */
const ALL_BITS = -1;

/** Mines batches of one schema that has a single attribute, with one score column per class. */
export class SimdMiner {
  private readonly layout = new SimdLayout();
  private readonly views = new MemoryViews();
  /** Whether a sample's labels are a 0 or 1 for each class; else its label is the index of its class. */
  private readonly multiHot: boolean;

  private constructor(
    private readonly simd: SimdFunctions,
    private readonly schema: FlatSchema,
  ) {
    this.multiHot = schema.encoding === 'one-attribute';
  }

  /** @returns undefined if SIMD is not available here, or the schema is not of this kind */
  static create(
    schema: FlatSchema,
    simd: SimdFunctions | undefined = simdFunctions(),
  ): SimdMiner | undefined {
    if (schema.encoding === 'multi-label' || schema.attributes > 1) return undefined;
    return simd && new SimdMiner(simd, schema);
  }

  /**
   * Fills the lists, which must be allocated.
   *
   * @returns false if a score is not a probability; undefined if the scores are not adjacent rows of
   * float32, or WebAssembly cannot get enough memory
   */
  mine(
    labels: Int32Array,
    { data, offset, rowStride, columnStride }: ScoreView,
    selection: Selection,
    kappa: number,
    { positives, negatives }: { readonly positives: HardestLists; readonly negatives: HardestLists },
  ): boolean | undefined {
    const { simd, schema, layout, views } = this;
    if (!(data instanceof Float32Array) || columnStride !== 1 || rowStride !== schema.width) return undefined;
    const { size, minorityCount } = selection;
    const sample = sampleSize(size, kappa);
    layout.arrange(schema, selection, sample?.rank ?? 0, positives, negatives);
    if (!reserve(simd, layout.end)) return undefined;
    views.attach(simd.memory.buffer);
    this.writeRecords(layout.positives, positives, minorityCount);
    this.writeRecords(layout.negatives, negatives, minorityCount);
    views.integers.set(selection.minorityIndexOf, layout.minorityIndexOf >>> 2);
    this.clearBounds(selection);
    if (sample) {
      this.addSample(labels, data, offset, size, sample);
      this.setBounds(selection, kappa, sample.rank);
    }
    if (!this.scan(labels, data, offset, size)) return false;
    this.readLists(positives, minorityCount, layout.positives, layout.positiveKeys, layout.positiveRows);
    this.readLists(negatives, minorityCount, layout.negatives, layout.negativeKeys, layout.negativeRows);
    return true;
  }

  private writeRecords(at: number, { start, keep, capacity }: HardestLists, minorityCount: number): void {
    const { integers } = this.views;
    for (let t = 0, to = at >>> 2; t < minorityCount; t++, to += 4) {
      integers[to] = start[t];
      integers[to + 1] = keep[t];
      integers[to + 2] = capacity[t];
      integers[to + 3] = 0;
    }
  }

  /** Lets pass all scores of minority classes, and of other classes those that may be no probability. */
  private clearBounds({ minorityCount, column }: Selection): void {
    const { integers } = this.views;
    const high = this.layout.high >>> 2;
    integers.fill(HIGHEST_BITS, high, high + this.schema.width);
    for (let t = 0; t < minorityCount; t++) integers[high + column[t]] = ALL_BITS;
  }

  /** Collects the hardest negatives of the sampled rows. */
  private addSample(
    labels: Int32Array,
    data: Float32Array,
    offset: number,
    size: number,
    { rows, rank }: SampleSize,
  ): void {
    const { simd, layout, multiHot } = this;
    const { integers, floats } = this.views;
    const { width } = this.schema;
    const { scores, sampled } = layout;
    // begins with scores of 0, so that a score below 0 counts as one: the bound then lets pass all scores
    // from 0
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

  /**
   * Sets the bound of each minority class with enough negatives just below the rank-th hardest of the
   * sample.
   */
  private setBounds({ minorityCount, column, others }: Selection, kappa: number, rank: number): void {
    const { integers } = this.views;
    const { high, sampled } = this.layout;
    for (let t = 0; t < minorityCount; t++) {
      if (!isWorthSampling(kappa, others[t])) continue;
      const c = column[t];
      // the last of the column's vectors holds the rank-th
      const at = (sampled >>> 2) + (c & ~3) * rank + 4 * (rank - 1) + (c & 3);
      integers[(high >>> 2) + c] = integers[at] - 1;
    }
  }

  private scan(labels: Int32Array, data: Float32Array, offset: number, size: number): boolean {
    const { simd, layout } = this;
    const { integers, floats } = this.views;
    const { width, labelWidth } = this.schema;
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
        layout.minorityIndexOf,
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

  /** Has the lists of one side cut and sorted, and copies them out of WebAssembly's memory. */
  private readLists(
    lists: HardestLists,
    minorityCount: number,
    records: number,
    keys: number,
    rows: number,
  ): void {
    const { integers, doubles } = this.views;
    this.simd.settle(records, minorityCount, keys, rows, this.layout.scratch);
    const { size } = lists;
    lists.hardness.set(doubles.subarray(keys >>> 3, (keys >>> 3) + size));
    lists.row.set(integers.subarray(rows >>> 2, (rows >>> 2) + size));
    for (let t = 0, at = (records >>> 2) + 3; t < minorityCount; t++, at += 4) lists.count[t] = integers[at];
  }
}

/**
 * Part of an array. The whole of it is returned as it is: making a view costs more than mining a small
 * batch.
 */
function part<T extends Float32Array | Int32Array>(array: T, from: number, length: number): T {
  return length === array.length ? array : (array.subarray(from, from + length) as T);
}
