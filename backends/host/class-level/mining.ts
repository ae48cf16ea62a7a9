/**
 * Stage 2 at class level on flat arrays: chooses the hard positives and hard negatives of every minority
 * class (Eq. 4, 5) in one pass over the scores, and checks that every score is a probability.
 *
 * A hard negative is chosen in three steps. Two bounds per score column pass over most scores with one
 * comparison: a score strictly between them is a valid probability that is not hard enough
 * (score-bounds.ts). What is left enters the bounded list of its class if the sample is no member of it
 * (`considerNegative`). The lists are sorted and cut to the κ hardest (arrays/hardest-lists.ts). The first
 * bounds are estimated from a sample of rows (sampled-bounds.ts). An estimate that was too high shows as a
 * list that is too short, and the column of that class is walked again. Where scores are rows of float32,
 * WebAssembly does the same with SIMD (simd-miner.ts).
 *
 * @module
 */

import { HardestLists } from '../arrays/hardest-lists.js';
import type { FlatSchema } from '../batch/flat-schema.js';
import { membership } from '../batch/labels.js';
import { HIGHEST, LOWEST, type ScoreView } from '../batch/scores.js';
import type { Selection } from '../batch/selection.js';
import { SampledBounds } from './sampled-bounds.js';
import { comparableScores, ScoreBounds } from './score-bounds.js';
import { SimdMiner } from './simd-miner.js';

/** The miner of one schema; its lists hold the samples of the batch last mined. */
export class Miner {
  /**
   * The κ + 1 hardest members of each minority class: one more than κ, since an anchor is not its own
   * positive. Hardness is −score.
   */
  readonly positives = new HardestLists();
  /** The κ hardest non-members of each minority class. Hardness is the score. */
  readonly negatives = new HardestLists();
  /** Of each score column, the minority class whose negatives score high there, or −1. */
  private readonly above: Int32Array;
  /** Of each score column, the minority class whose negatives score low there, or −1. */
  private readonly below: Int32Array;
  private readonly bounds: ScoreBounds;
  private readonly sampledBounds: SampledBounds;
  private labels: Int32Array = new Int32Array(0);
  /** The column of each minority class of the batch. */
  private column: Int32Array = new Int32Array(0);

  /** @param simd - is tried first; it mines rows of float32 */
  constructor(
    private readonly schema: FlatSchema,
    private readonly simd: SimdMiner | undefined = SimdMiner.create(schema),
  ) {
    this.above = new Int32Array(schema.width);
    this.below = new Int32Array(schema.width);
    this.bounds = new ScoreBounds(schema.width);
    this.sampledBounds = new SampledBounds(schema);
  }

  /**
   * Fills the lists with the hard samples of a batch.
   *
   * @returns false if a score is not a probability; the specification then says which
   */
  mine(labels: Int32Array, scores: ScoreView, selection: Selection, kappa: number): boolean {
    this.labels = labels;
    this.column = selection.column;
    this.resetLists(selection, kappa);
    const found = this.simd?.mine(labels, scores, selection, kappa, this);
    if (found !== undefined) {
      this.refillShortLists(scores, selection);
      return found;
    }
    this.sampledBounds.estimate(labels, scores, selection, kappa);
    this.setBounds(selection);
    const inColumns = Math.abs(scores.columnStride) > Math.abs(scores.rowStride);
    const valid = inColumns ? this.walkColumns(scores, selection.size) : this.walkRows(scores, selection);
    if (!valid) return false;
    this.refillShortLists(scores, selection);
    this.positives.sortAndCutAll(selection.minorityCount);
    this.negatives.sortAndCutAll(selection.minorityCount);
    return true;
  }

  private resetLists({ minorityCount, column, members, others }: Selection, kappa: number): void {
    this.above.fill(-1);
    this.below.fill(-1);
    this.positives.reset(minorityCount);
    this.negatives.reset(minorityCount);
    for (let t = 0; t < minorityCount; t++) {
      const c = column[t];
      this.positives.addList(t, kappa + 1, members[t]);
      this.negatives.addList(t, kappa, others[t]);
      const side = this.schema.signOf[c] > 0 ? this.above : this.below;
      side[this.schema.scoreOf[c]] = t;
    }
    this.positives.allocate();
    this.negatives.allocate();
  }

  private setBounds({ minorityCount }: Selection): void {
    this.bounds.clear();
    for (let t = 0; t < minorityCount; t++) {
      if (this.negatives.keep[t] !== 0) this.tighten(t, this.sampledBounds.threshold[t]);
    }
  }

  /** Moves the bound of a minority class so that only scores at least this hard lie outside. */
  private tighten(t: number, hardness: number): void {
    const column = this.column[t];
    const s = this.schema.scoreOf[column];
    if (this.schema.signOf[column] > 0) this.bounds.setHigh(s, Math.min(hardness, HIGHEST));
    else this.bounds.setLow(s, Math.max(-hardness, LOWEST));
  }

  /** Walks scores that lie in memory row by row. */
  private walkRows(scores: ScoreView, { size, minorityIndexOf }: Selection): boolean {
    const { schema, labels, bounds, positives } = this;
    const { data, offset, rowStride, columnStride } = scores;
    const { width, attributes, first, encoding } = schema;
    const comparable = comparableScores(scores);
    for (let i = 0; i < size; i++) {
      const row = offset + i * rowStride;
      for (let s = 0; ; s++) {
        s = bounds.nextOutside(comparable, row, s);
        if (s >= width) break;
        if (!this.considerNegative(i, s, data[row + s * columnStride])) return false;
      }
      if (encoding === 'categorical') {
        for (let j = 0; j < attributes; j++) {
          const label = labels[i * attributes + j];
          if (label < 0) continue;
          const c = first[j] + label;
          const t = minorityIndexOf[c];
          if (t >= 0) positives.push(t, -data[row + c * columnStride], i);
        }
      } else this.pushBinaryMember(i, row, scores, minorityIndexOf);
    }
    return true;
  }

  /** Pushes a sample to the positives of all its classes, where labels are 0 or 1. */
  private pushBinaryMember(i: number, row: number, scores: ScoreView, minorityIndexOf: Int32Array): void {
    const { width, encoding, first, signOf } = this.schema;
    for (let s = 0; s < width; s++) {
      const label = this.labels[i * width + s];
      if (label < 0 || (label === 0 && encoding === 'one-attribute')) continue;
      const c = encoding === 'one-attribute' ? s : first[s] + label;
      const t = minorityIndexOf[c];
      if (t < 0) continue;
      this.positives.push(t, -signOf[c] * scores.data[row + s * scores.columnStride], i);
    }
  }

  /** Walks scores that lie in memory column by column. */
  private walkColumns(scores: ScoreView, size: number): boolean {
    const { high, low } = this.bounds;
    const { data, offset, rowStride, columnStride } = scores;
    for (let s = 0; s < this.schema.width; s++) {
      const base = offset + s * columnStride;
      for (let i = 0, at = base; i < size; i++, at += rowStride) {
        const v = data[at];
        if (v < high[s] && v > low[s]) continue;
        if (!this.considerNegative(i, s, v)) return false;
      }
      for (const t of [this.above[s], this.below[s]]) {
        if (t >= 0) this.pushMembers(t, scores, size);
      }
    }
    return true;
  }

  /** Pushes all members of a minority class to its positives. */
  private pushMembers(t: number, scores: ScoreView, size: number): void {
    const column = this.column[t];
    const sign = this.schema.signOf[column];
    const base = scores.offset + this.schema.scoreOf[column] * scores.columnStride;
    for (let i = 0; i < size; i++) {
      if (membership(this.schema, this.labels, i, column) === 1) {
        this.positives.push(t, -sign * scores.data[base + i * scores.rowStride], i);
      }
    }
  }

  /**
   * Looks at a score at or outside a bound of its column, and pushes the sample to the hard negatives of the
   * minority classes that it is not a member of.
   *
   * @returns false if the score is not a probability
   */
  private considerNegative(i: number, s: number, v: number): boolean {
    if (!(v >= LOWEST && v <= HIGHEST)) return false;
    const { negatives, bounds } = this;
    const up = this.above[s];
    if (up >= 0 && v >= bounds.high[s] && this.isOther(i, up)) {
      if (negatives.push(up, v, i)) this.tighten(up, negatives.threshold[up]);
    }
    const down = this.below[s];
    if (down >= 0 && v <= bounds.low[s] && this.isOther(i, down)) {
      if (negatives.push(down, -v, i)) this.tighten(down, negatives.threshold[down]);
    }
    return true;
  }

  /** Whether a sample is labelled and not a member of minority class t. */
  private isOther(i: number, t: number): boolean {
    return membership(this.schema, this.labels, i, this.column[t]) === 0;
  }

  /** Walks the columns of classes again whose estimated bound let too few negatives pass. */
  private refillShortLists(scores: ScoreView, { size, minorityCount, column }: Selection): void {
    const { negatives, schema } = this;
    for (let t = 0; t < minorityCount; t++) {
      if (negatives.count[t] >= negatives.keep[t]) continue;
      const c = column[t];
      const sign = schema.signOf[c];
      const base = scores.offset + schema.scoreOf[c] * scores.columnStride;
      negatives.count[t] = 0;
      negatives.threshold[t] = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < size; i++) {
        if (this.isOther(i, t)) negatives.push(t, sign * scores.data[base + i * scores.rowStride], i);
      }
      negatives.sortAndCut(t);
    }
  }
}
