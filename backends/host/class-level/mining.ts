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

import { Candidates } from '../arrays/hardest-lists.js';
import type { Plan } from '../batch/flat-schema.js';
import { membership } from '../batch/labels.js';
import { HIGHEST, LOWEST, type ScoreView } from '../batch/scores.js';
import type { Selection } from '../batch/selection.js';
import { Guess } from './sampled-bounds.js';
import { Bounds, borderScores } from './score-bounds.js';
import { SimdMiner } from './simd-miner.js';

/** What was mined, by task: the hardest κ + 1 members, and the hardest κ others. */
export class Miner {
  /** Hardness is −score: members of low score are hard. One more than κ, for an anchor leaves itself out. */
  readonly positives = new Candidates();
  /** Hardness is the score. */
  readonly negatives = new Candidates();
  /** Of each score column: the tasks whose negatives score high or low there, or −1. */
  private readonly above: Int32Array;
  private readonly below: Int32Array;
  private readonly bounds: Bounds;
  private readonly guess: Guess;
  private labels: Int32Array = new Int32Array(0);

  /** @param simd - what is asked first: it mines rows of float32, side by side */
  constructor(
    private readonly plan: Plan,
    private readonly simd: SimdMiner | undefined = SimdMiner.of(plan),
  ) {
    this.above = new Int32Array(plan.width);
    this.below = new Int32Array(plan.width);
    this.bounds = new Bounds(plan.width);
    this.guess = new Guess(plan);
  }

  /**
   * Mines a batch.
   *
   * @returns false if a score is no probability: the specification then says which
   */
  mine(labels: Int32Array, scores: ScoreView, selection: Selection, kappa: number): boolean {
    this.labels = labels;
    this.open(selection, kappa);
    const found = this.simd?.mine(labels, scores, selection, kappa, this);
    if (found !== undefined) {
      this.mendGuesses(scores, selection);
      return found;
    }
    this.guess.make(labels, scores, selection, kappa);
    this.setBounds(selection);
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
    this.positives.clear(tasks);
    this.negatives.clear(tasks);
    for (let t = 0; t < tasks; t++) {
      const c = column[t];
      this.positives.open(t, kappa + 1, members[t]);
      this.negatives.open(t, kappa, others[t]);
      const tasksOf = this.plan.signOf[c] > 0 ? this.above : this.below;
      tasksOf[this.plan.scoreOf[c]] = t;
    }
    this.positives.allot();
    this.negatives.allot();
  }

  private setBounds({ tasks, column }: Selection): void {
    this.bounds.clear();
    for (let t = 0; t < tasks; t++) {
      if (this.negatives.keep[t] !== 0) this.raise(column[t], this.guess.bar[t]);
    }
  }

  /** What is not harder than this is of no interest any more. */
  private raise(column: number, hardness: number): void {
    const s = this.plan.scoreOf[column];
    if (this.plan.signOf[column] > 0) this.bounds.setHigh(s, Math.min(hardness, HIGHEST));
    else this.bounds.setLow(s, Math.max(-hardness, LOWEST));
  }

  private walkRows(scores: ScoreView, { size, taskOf }: Selection): boolean {
    const { plan, labels, bounds, positives } = this;
    const { data, offset, rowStride, columnStride } = scores;
    const { width, attributes, first, encoding } = plan;
    const bordered = borderScores(scores);
    for (let i = 0; i < size; i++) {
      const row = offset + i * rowStride;
      for (let s = 0; ; s++) {
        s = bounds.nextAtBorder(bordered, row, s);
        if (s >= width) break;
        if (!this.atBorder(i, s, data[row + s * columnStride])) return false;
      }
      if (encoding === 'categorical') {
        for (let j = 0; j < attributes; j++) {
          const label = labels[i * attributes + j];
          if (label < 0) continue;
          const c = first[j] + label;
          const t = taskOf[c];
          if (t >= 0) positives.push(t, -data[row + c * columnStride], i);
        }
      } else this.pushBinaryMembers(i, row, scores, taskOf);
    }
    return true;
  }

  private pushBinaryMembers(i: number, base: number, scores: ScoreView, taskOf: Int32Array): void {
    const { width, encoding, signOf, presenceOf, absenceOf } = this.plan;
    for (let s = 0; s < width; s++) {
      const label = this.labels[i * width + s];
      if (label < 0 || (label === 0 && encoding === 'one-attribute')) continue;
      const c = label === 1 ? presenceOf[s] : absenceOf[s];
      const t = taskOf[c];
      if (t < 0) continue;
      this.positives.push(t, -signOf[c] * scores.data[base + s * scores.columnStride], i);
    }
  }

  private walkColumns(scores: ScoreView, size: number): boolean {
    const { plan } = this;
    const { high, low } = this.bounds;
    const { data, offset, rowStride, columnStride } = scores;
    for (let s = 0; s < plan.width; s++) {
      const base = offset + s * columnStride;
      for (let i = 0, at = base; i < size; i++, at += rowStride) {
        const v = data[at];
        if (v < high[s] && v > low[s]) continue;
        if (!this.atBorder(i, s, v)) return false;
      }
      for (const t of [this.above[s], this.below[s]]) {
        if (t >= 0) this.pushMembers(t, this.columnOf(s, t), scores, size);
      }
    }
    return true;
  }

  private columnOf(s: number, task: number): number {
    const { presenceOf, absenceOf } = this.plan;
    return (task === this.above[s] ? presenceOf[s] : absenceOf[s]) as number;
  }

  private pushMembers(t: number, column: number, scores: ScoreView, size: number): void {
    const sign = this.plan.signOf[column];
    const base = scores.offset + this.plan.scoreOf[column] * scores.columnStride;
    for (let i = 0; i < size; i++) {
      if (this.isMember(i, column)) {
        this.positives.push(t, -sign * scores.data[base + i * scores.rowStride], i);
      }
    }
  }

  /** A score at or beyond a bound: false if it is no probability, else maybe a hard negative. */
  private atBorder(i: number, s: number, v: number): boolean {
    if (!(v >= LOWEST && v <= HIGHEST)) return false;
    const { negatives, bounds } = this;
    const up = this.above[s];
    if (up >= 0 && v >= bounds.high[s]) {
      const column = this.plan.presenceOf[s];
      if (this.isOther(i, column) && negatives.push(up, v, i)) this.raise(column, negatives.bar[up]);
    }
    const down = this.below[s];
    if (down >= 0 && v <= bounds.low[s]) {
      const column = this.plan.absenceOf[s];
      if (this.isOther(i, column) && negatives.push(down, -v, i)) this.raise(column, negatives.bar[down]);
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
      if (negatives.count[t] >= negatives.keep[t]) continue;
      const c = column[t];
      const sign = plan.signOf[c];
      const base = scores.offset + plan.scoreOf[c] * scores.columnStride;
      negatives.count[t] = 0;
      negatives.bar[t] = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < size; i++) {
        if (this.isOther(i, c)) negatives.push(t, sign * scores.data[base + i * scores.rowStride], i);
      }
      negatives.settle(t);
    }
  }
}
