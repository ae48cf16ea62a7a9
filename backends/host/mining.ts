/**
 * Stage 2 on flat arrays, class level: one pass over the scores, in the order they lie in memory,
 * keeps the hardest of every minority class (Eq. 4, 5) and sees that each score is a probability.
 *
 * A score is compared with the two bounds of its column and is mostly between them: whatever could
 * be a hard negative, or is no probability, is not. Bounds are guessed from a sample of the rows;
 * a guess that was too bold is found out by its short list, and that column is walked again.
 *
 * @module
 */
import { Candidates } from './candidates.js';
import { membership } from './labels.js';
import type { Plan } from './plan.js';
import { HIGHEST, LOWEST, type ScoreView } from './scores.js';
import type { Selection } from './selection.js';

/** A bound is guessed where there are this many times the wanted samples to choose from. */
const WORTH_GUESSING = 8;
/** Rows looked at for a guess: so many that about this many of the wanted are among them. */
const EXPECTED = 6;
/** The guess is the sample of this rank: by Poisson's law it is too bold in one of a hundred. */
const RANK = 13;

/** What was mined, by task: the hardest κ + 1 members, and the hardest κ others. */
export class Miner {
  /** Hardness is −score: members of low score are hard. One more than κ, for an anchor leaves itself out. */
  readonly positives = new Candidates();
  /** Hardness is the score. */
  readonly negatives = new Candidates();
  /** The highest of the sampled rows, RANK a task, descending. */
  private highest = new Float64Array(0);
  /** Of each score column: the tasks whose negatives score high or low there, or −1. */
  private readonly above: Int32Array;
  private readonly below: Int32Array;
  private readonly high: Float64Array;
  private readonly low: Float64Array;
  private guessed = new Uint8Array(0);
  private labels: Int32Array = new Int32Array(0);

  constructor(private readonly plan: Plan) {
    this.above = new Int32Array(plan.width).fill(-1);
    this.below = new Int32Array(plan.width).fill(-1);
    this.high = new Float64Array(plan.width);
    this.low = new Float64Array(plan.width);
  }

  /**
   * Mines a batch.
   *
   * @returns false if a score is no probability: the specification then says which
   */
  mine(labels: Int32Array, scores: ScoreView, selection: Selection, kappa: number): boolean {
    this.labels = labels;
    this.open(selection, kappa);
    this.guess(scores, selection, kappa);
    const inColumns = Math.abs(scores.columnStride) > Math.abs(scores.rowStride);
    const valid = inColumns ? this.walkColumns(scores, selection.size) : this.walkRows(scores, selection);
    if (!valid) return false;
    this.mendGuesses(scores, selection);
    this.positives.settleAll(selection.tasks);
    this.negatives.settleAll(selection.tasks);
    return true;
  }

  private open({ tasks, column, members, others }: Selection, kappa: number): void {
    this.above.fill(-1);
    this.below.fill(-1);
    this.high.fill(HIGHEST);
    this.low.fill(LOWEST);
    this.positives.clear(tasks);
    this.negatives.clear(tasks);
    for (let t = 0; t < tasks; t++) {
      const c = column[t] as number;
      const s = this.plan.scoreOf[c] as number;
      const available = others[t] as number;
      this.positives.open(t, kappa + 1, members[t] as number);
      this.negatives.open(t, kappa, available);
      const upward = (this.plan.signOf[c] as number) > 0;
      if (upward) this.above[s] = t;
      else this.below[s] = t;
      if (available === 0) continue; // nothing to mine: the bounds stay
      if (upward) this.high[s] = Number.NEGATIVE_INFINITY;
      else this.low[s] = Number.POSITIVE_INFINITY;
    }
    this.positives.allot();
    this.negatives.allot();
  }

  /** Guesses bounds from some rows, spread over the batch: a batch may be sorted by class. */
  private guess(scores: ScoreView, { size, tasks, column, others }: Selection, kappa: number): void {
    const rows = Math.ceil((EXPECTED * size) / kappa);
    if (this.guessed.length < tasks) this.guessed = new Uint8Array(tasks);
    this.guessed.fill(0);
    if (WORTH_GUESSING * kappa > size) return;
    const { highest, plan, guessed } = this;
    for (let t = 0; t < tasks; t++) guessed[t] = WORTH_GUESSING * kappa <= (others[t] as number) ? 1 : 0;
    if (highest.length < tasks * RANK) this.highest = new Float64Array(tasks * RANK);
    this.highest.fill(Number.NEGATIVE_INFINITY, 0, tasks * RANK);
    const { data, offset, rowStride, columnStride } = scores;
    for (let r = 0; r < rows; r++) {
      const i = Math.floor((r * size) / rows);
      const base = offset + i * rowStride;
      for (let t = 0; t < tasks; t++) {
        if (guessed[t] === 0) continue;
        const c = column[t] as number;
        const sign = plan.signOf[c] as number;
        const hardness = sign * (data[base + (plan.scoreOf[c] as number) * columnStride] as number);
        const last = t * RANK + RANK - 1;
        if (hardness > (this.highest[last] as number) && this.isOther(i, c)) this.enter(hardness, last);
      }
    }
    for (let t = 0; t < tasks; t++) {
      if (guessed[t] === 1) this.raise(column[t] as number, this.highest[t * RANK + RANK - 1] as number);
    }
  }

  /** Puts a hardness among the highest of its task, of which the last stands at `last`. */
  private enter(hardness: number, last: number): void {
    const { highest } = this;
    let at = last;
    for (const first = last - RANK + 1; at > first && hardness > (highest[at - 1] as number); at--) {
      highest[at] = highest[at - 1] as number;
    }
    highest[at] = hardness;
  }

  private raise(column: number, hardness: number): void {
    const s = this.plan.scoreOf[column] as number;
    if ((this.plan.signOf[column] as number) > 0) {
      if (hardness > (this.high[s] as number)) this.high[s] = Math.min(hardness, HIGHEST);
    } else if (-hardness < (this.low[s] as number)) this.low[s] = Math.max(-hardness, LOWEST);
  }

  private walkRows(scores: ScoreView, { size, taskOf }: Selection): boolean {
    const { plan, labels, high, low, positives } = this;
    const { data, offset, rowStride, columnStride } = scores;
    const { width, attributes, first, encoding } = plan;
    const twoSided = encoding === 'multi-label'; // only there a low score is a hard negative
    for (let i = 0; i < size; i++) {
      const base = offset + i * rowStride;
      for (let s = 0, at = base; s < width; s++, at += columnStride) {
        const v = data[at] as number;
        if (v < (high[s] as number) && v > (twoSided ? (low[s] as number) : LOWEST)) continue;
        if (!this.atBorder(i, s, v)) return false;
      }
      if (encoding === 'categorical') {
        for (let j = 0; j < attributes; j++) {
          const label = labels[i * attributes + j] as number;
          if (label < 0) continue;
          const c = (first[j] as number) + label;
          const t = taskOf[c] as number;
          if (t >= 0) positives.push(t, -(data[base + c * columnStride] as number), i);
        }
      } else this.pushBinaryMembers(i, base, scores, taskOf);
    }
    return true;
  }

  private pushBinaryMembers(i: number, base: number, scores: ScoreView, taskOf: Int32Array): void {
    const { width, encoding, signOf } = this.plan;
    for (let s = 0; s < width; s++) {
      const label = this.labels[i * width + s] as number;
      if (label < 0 || (label === 0 && encoding === 'one-attribute')) continue;
      const c = encoding === 'one-attribute' ? s : 2 * s + label;
      const t = taskOf[c] as number;
      if (t < 0) continue;
      this.positives.push(
        t,
        -(signOf[c] as number) * (scores.data[base + s * scores.columnStride] as number),
        i,
      );
    }
  }

  private walkColumns(scores: ScoreView, size: number): boolean {
    const { plan, high, low } = this;
    const { data, offset, rowStride, columnStride } = scores;
    for (let s = 0; s < plan.width; s++) {
      const base = offset + s * columnStride;
      for (let i = 0, at = base; i < size; i++, at += rowStride) {
        const v = data[at] as number;
        if (v < (high[s] as number) && v > (low[s] as number)) continue;
        if (!this.atBorder(i, s, v)) return false;
      }
      for (const t of [this.above[s] as number, this.below[s] as number]) {
        if (t >= 0) this.pushMembers(t, this.columnOf(s, t), scores, size);
      }
    }
    return true;
  }

  private columnOf(s: number, task: number): number {
    if (this.plan.encoding !== 'multi-label') return s;
    return task === this.above[s] ? 2 * s + 1 : 2 * s;
  }

  private pushMembers(t: number, column: number, scores: ScoreView, size: number): void {
    const sign = this.plan.signOf[column] as number;
    const base = scores.offset + (this.plan.scoreOf[column] as number) * scores.columnStride;
    for (let i = 0; i < size; i++) {
      if (this.isMember(i, column)) {
        this.positives.push(t, -sign * (scores.data[base + i * scores.rowStride] as number), i);
      }
    }
  }

  /** A score at or beyond a bound: false if it is no probability, else maybe a hard negative. */
  private atBorder(i: number, s: number, v: number): boolean {
    if (!(v >= LOWEST && v <= HIGHEST)) return false;
    const { negatives, high, low } = this;
    const up = this.above[s] as number;
    if (up >= 0 && v >= (high[s] as number)) {
      const column = this.plan.encoding === 'multi-label' ? 2 * s + 1 : s;
      if (this.isOther(i, column)) {
        negatives.push(up, v, i);
        const bar = negatives.bar[up] as number;
        if (bar > (high[s] as number)) high[s] = bar;
      }
    }
    const down = this.below[s] as number;
    if (down >= 0 && v <= (low[s] as number) && this.isOther(i, 2 * s)) {
      negatives.push(down, -v, i);
      const bar = -(negatives.bar[down] as number);
      if (bar < (low[s] as number)) low[s] = bar;
    }
    return true;
  }

  private isMember(i: number, column: number): boolean {
    return membership(this.plan, this.labels, i, column) === 1;
  }

  private isOther(i: number, column: number): boolean {
    return membership(this.plan, this.labels, i, column) === 0;
  }

  /** Walks a column again whose bound let too few pass. */
  private mendGuesses(scores: ScoreView, { size, tasks, column }: Selection): void {
    const { negatives, plan } = this;
    for (let t = 0; t < tasks; t++) {
      if (this.guessed[t] === 0 || (negatives.count[t] as number) >= (negatives.keep[t] as number)) continue;
      const c = column[t] as number;
      const sign = plan.signOf[c] as number;
      const base = scores.offset + (plan.scoreOf[c] as number) * scores.columnStride;
      negatives.count[t] = 0;
      for (let i = 0; i < size; i++) {
        if (this.isOther(i, c))
          negatives.push(t, sign * (scores.data[base + i * scores.rowStride] as number), i);
      }
    }
  }
}
