/**
 * Where a comparison puts the derivatives with respect to single scores: few scores of a batch have one.
 *
 * @module
 */
import type { FloatArray } from './float-array.js';
import { ensureLength } from './scratch.js';

/** Takes derivatives with respect to scores. Those of the same score add up. */
export interface SlopeSink {
  /**
   * Adds a derivative.
   *
   * @param column - which of the S scores of the sample
   * @param score - the score itself, a probability
   */
  add(sample: number, column: number, slope: number, score: number): void;
}

/** Adds derivatives to a gradient, n×S row by row. */
export class GradientSum implements SlopeSink {
  constructor(
    private readonly gradient: FloatArray,
    private readonly width: number,
  ) {}

  add(sample: number, column: number, slope: number): void {
    this.gradient[sample * this.width + column] += slope;
  }
}

/** Lists derivatives, for a gradient that is written later. */
export class SlopeList implements SlopeSink {
  count = 0;
  sample = new Int32Array(0);
  column = new Int32Array(0);
  slope = new Float64Array(0);
  score = new Float64Array(0);

  /** Empties the list, and makes space for `most` derivatives. */
  reset(most: number): void {
    this.count = 0;
    this.sample = ensureLength(this.sample, most);
    this.column = ensureLength(this.column, most);
    this.slope = ensureLength(this.slope, most);
    this.score = ensureLength(this.score, most);
  }

  add(sample: number, column: number, slope: number, score: number): void {
    const at = this.count++;
    this.sample[at] = sample;
    this.column[at] = column;
    this.slope[at] = slope;
    this.score[at] = score;
  }

  /** A list that the next batch does not overwrite. */
  copy(): SlopeList {
    const { count } = this;
    const copied = new SlopeList();
    copied.count = count;
    copied.sample = this.sample.slice(0, count);
    copied.column = this.column.slice(0, count);
    copied.slope = this.slope.slice(0, count);
    copied.score = this.score.slice(0, count);
    return copied;
  }
}
