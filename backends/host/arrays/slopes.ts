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
  /** Adds the derivatives of one list of samples, all of the same column: as many calls of `add`, and faster. */
  addList(list: ListedSlopes): void;
}

/** Part of {@link HardestLists}: the samples from..to − 1, with derivatives and hardness to be multiplied. */
export interface ListedSlopes {
  readonly column: number;
  readonly row: Int32Array;
  readonly slope: Float64Array;
  readonly hardness: Float64Array;
  readonly from: number;
  readonly to: number;
  /** What a slope is multiplied by. */
  readonly scale: number;
  /** What a hardness is multiplied by to be the score: 1 or −1. */
  readonly sign: number;
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

  addList({ column, row, slope, from, to, scale }: ListedSlopes): void {
    const { gradient, width } = this;
    for (let at = from; at < to; at++) gradient[row[at] * width + column] += scale * slope[at];
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

  addList({ column, row, slope, hardness, from, to, scale, sign }: ListedSlopes): void {
    for (let at = from; at < to; at++) this.add(row[at], column, scale * slope[at], sign * hardness[at]);
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
