/**
 * Estimates each class's κ-th hardest negative from a sample of the rows.
 *
 * The miner skips every score that is not harder than the estimate, so that few samples are ever listed and
 * sorted. The estimate is meant to be a little too low; where it turns out too high, the list of the class
 * comes out short, and the miner walks that column again without it.
 *
 * @module
 */

import { ensureLength } from '../arrays/scratch.js';
import type { FlatSchema } from '../batch/flat-schema.js';
import { membership } from '../batch/labels.js';
import type { ScoreView } from '../batch/scores.js';
import type { Selection } from '../batch/selection.js';

/** Sampling pays where there are at least this many times κ samples to choose from. */
const CHOICE = 8;
/** In smaller batches sampling costs more than it saves. */
const SMALLEST_BATCH = 128;
/** How many of the κ hardest negatives the sample is expected to hold … */
const EXPECTED = 3;
/** … unless that takes more than this share of the rows. */
const LARGEST_SHARE = 1 / 8;

/** The size of a sample of rows, and how an estimate is read from it. */
export interface SampleSize {
  /** How many rows are sampled, spread over the batch. */
  readonly rows: number;
  /** The estimate is the `rank`-th hardest negative of the sample. */
  readonly rank: number;
}

/** Whether sampling pays to find κ of this many samples. */
export function isWorthSampling(kappa: number, samples: number): boolean {
  return CHOICE * kappa <= samples;
}

/** The index of the r-th sampled row. Rows are spread over the batch, which may be sorted by class. */
export function sampledRow(r: number, rows: number, size: number): number {
  return Math.floor((r * size) / rows);
}

/** @returns undefined if sampling does not pay in a batch of this size */
export function sampleSize(size: number, kappa: number): SampleSize | undefined {
  if (size < SMALLEST_BATCH || !isWorthSampling(kappa, size)) return undefined;
  const share = Math.min(EXPECTED / kappa, LARGEST_SHARE);
  const expected = kappa * share;
  // The number of the κ hardest in the sample is about Poisson distributed. 2.5 standard deviations above
  // the mean it is exceeded once in a hundred times, and then costs a second walk over a column. One
  // deviation more would cost more than that, in candidates to sort.
  return { rows: Math.ceil(size * share), rank: Math.ceil(expected + 2.5 * Math.sqrt(expected)) };
}

/** Estimates for the minority classes of a batch; the arrays are reused by the next batch. */
export class SampledBounds {
  /**
   * Of each minority class, a hardness that most likely more than κ negatives reach; −∞ without an
   * estimate.
   */
  threshold = new Float64Array(0);
  /** Where the class's score lies in a row. */
  private score = new Int32Array(0);
  /**
   * The sign that the score is read with. NaN where sampling does not pay: no product of it is above
   * anything.
   */
  private sign = new Float64Array(0);
  /** The hardest negatives among the rows sampled so far: `rank` of each class, descending. */
  private hardest = new Float64Array(0);
  private rank = 0;

  constructor(private readonly schema: FlatSchema) {}

  /** Sets `threshold` for all minority classes of the selection. */
  estimate(
    labels: Int32Array,
    scores: ScoreView,
    { size, minorityCount, column, others }: Selection,
    kappa: number,
  ): void {
    this.threshold = ensureLength(this.threshold, minorityCount);
    this.score = ensureLength(this.score, minorityCount);
    this.sign = ensureLength(this.sign, minorityCount);
    this.threshold.fill(Number.NEGATIVE_INFINITY, 0, minorityCount);
    const sample = sampleSize(size, kappa);
    if (!sample) return;
    const { rows } = sample;
    this.rank = sample.rank;
    this.hardest = ensureLength(this.hardest, minorityCount * this.rank);
    this.hardest.fill(Number.NEGATIVE_INFINITY);
    for (let t = 0; t < minorityCount; t++) {
      const c = column[t];
      this.score[t] = this.schema.scoreOf[c] * scores.columnStride;
      this.sign[t] = isWorthSampling(kappa, others[t]) ? this.schema.signOf[c] : Number.NaN;
    }
    for (let r = 0; r < rows; r++) {
      this.addRow(labels, scores, sampledRow(r, rows, size), minorityCount, column);
    }
  }

  private addRow(
    labels: Int32Array,
    { data, offset, rowStride }: ScoreView,
    i: number,
    minorityCount: number,
    column: Int32Array,
  ): void {
    const { threshold, score, sign } = this;
    const row = offset + i * rowStride;
    for (let t = 0; t < minorityCount; t++) {
      const hardness = sign[t] * data[row + score[t]];
      if (!(hardness > threshold[t])) continue;
      if (membership(this.schema, labels, i, column[t]) === 0) this.insert(t, hardness);
    }
  }

  /** Inserts a hardness into the descending list of class t, and drops the last. */
  private insert(t: number, hardness: number): void {
    const { hardest, rank } = this;
    const first = t * rank;
    let at = first + rank - 1;
    for (; at > first && hardness > hardest[at - 1]; at--) hardest[at] = hardest[at - 1];
    hardest[at] = hardness;
    this.threshold[t] = hardest[first + rank - 1];
  }
}
