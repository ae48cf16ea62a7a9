/**
 * How hard the hardest of a class's others will about be: guessed from some rows.
 *
 * @module
 */

import { roomFor } from '../arrays/scratch.js';
import type { Plan } from '../batch/flat-schema.js';
import { membership } from '../batch/labels.js';
import type { ScoreView } from '../batch/scores.js';
import type { Selection } from '../batch/selection.js';

/** A guess is made where there are this many times the wanted samples to choose from. */
const WORTH_GUESSING = 8;
/** In smaller batches a guess costs more than it saves. */
const SMALLEST_BATCH = 128;
/** So many of the wanted are expected among the rows looked at, but at most one row in eight is. */
const EXPECTED = 3;
const LARGEST_SHARE = 1 / 8;

/** What a guess is made from. */
export interface GuessSize {
  /** Rows looked at, spread over the batch. */
  readonly rows: number;
  /** The guess is the so-many-highest score among them. */
  readonly rank: number;
}

/** Whether there are enough samples to choose κ of them from. */
export function isWorthGuessing(kappa: number, from: number): boolean {
  return WORTH_GUESSING * kappa <= from;
}

/** The r-th of the rows looked at: spread over the batch, which may be sorted by class. */
export function sampledRow(r: number, rows: number, size: number): number {
  return Math.floor((r * size) / rows);
}

/** @returns undefined if no guess is worth its cost */
export function guessSize(size: number, kappa: number): GuessSize | undefined {
  if (size < SMALLEST_BATCH || !isWorthGuessing(kappa, size)) return undefined;
  const share = Math.min(EXPECTED / kappa, LARGEST_SHARE);
  const expected = kappa * share;
  // so many deviations of Poisson's law above: more of the wanted are in the sample once in a hundred times,
  // which costs another walk over a column; one deviation more costs more, in candidates to sort
  return { rows: Math.ceil(size * share), rank: Math.ceil(expected + 2.5 * Math.sqrt(expected)) };
}

/** Guesses for the tasks of a batch. */
export class Guess {
  /** Of each task: a hardness that more than the wanted will reach, most likely; −∞ without a guess. */
  bar = new Float64Array(0);
  private score = new Int32Array(0);
  /** The sign it is read with; NaN, whose products are above nothing, where no guess is worth its cost. */
  private sign = new Float64Array(0);
  /** The highest of the sampled rows, `rank` a task, descending. */
  private highest = new Float64Array(0);
  private rank = 0;

  constructor(private readonly plan: Plan) {}

  make(
    labels: Int32Array,
    scores: ScoreView,
    { size, tasks, column, others }: Selection,
    kappa: number,
  ): void {
    this.bar = roomFor(this.bar, tasks);
    this.score = roomFor(this.score, tasks);
    this.sign = roomFor(this.sign, tasks);
    this.bar.fill(Number.NEGATIVE_INFINITY, 0, tasks);
    const guess = guessSize(size, kappa);
    if (!guess) return;
    const { rows } = guess;
    this.rank = guess.rank;
    this.highest = roomFor(this.highest, tasks * this.rank);
    this.highest.fill(Number.NEGATIVE_INFINITY);
    for (let t = 0; t < tasks; t++) {
      const c = column[t];
      this.score[t] = this.plan.scoreOf[c] * scores.columnStride;
      this.sign[t] = isWorthGuessing(kappa, others[t]) ? this.plan.signOf[c] : Number.NaN;
    }
    for (let r = 0; r < rows; r++) {
      this.sample(labels, scores, sampledRow(r, rows, size), tasks, column);
    }
  }

  private sample(
    labels: Int32Array,
    { data, offset, rowStride }: ScoreView,
    i: number,
    tasks: number,
    column: Int32Array,
  ): void {
    const { bar, score, sign } = this;
    const row = offset + i * rowStride;
    for (let t = 0; t < tasks; t++) {
      const hardness = sign[t] * data[row + score[t]];
      if (!(hardness > bar[t])) continue;
      if (membership(this.plan, labels, i, column[t]) === 0) this.enter(t, hardness);
    }
  }

  private enter(task: number, hardness: number): void {
    const { highest, rank } = this;
    const first = task * rank;
    let at = first + rank - 1;
    for (; at > first && hardness > highest[at - 1]; at--) highest[at] = highest[at - 1];
    highest[at] = hardness;
    this.bar[task] = highest[first + rank - 1];
  }
}
