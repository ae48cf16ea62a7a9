/**
 * Bounds of the score columns: a score between them is a probability that is of no interest.
 *
 * @module
 */
import { bitsAbove, bitsBelow } from './float-bits.js';
import { HIGHEST, LOWEST, type ScoreView } from './scores.js';

/** Two bounds of each of S columns. */
export class Bounds {
  readonly high: Float64Array;
  readonly low: Float64Array;
  private readonly highBits: Int32Array;
  private readonly lowBits: Int32Array;

  constructor(width: number) {
    this.high = new Float64Array(width);
    this.low = new Float64Array(width);
    this.highBits = new Int32Array(width);
    this.lowBits = new Int32Array(width);
  }

  /** Every probability lies between. */
  clear(): void {
    this.high.fill(HIGHEST);
    this.low.fill(LOWEST);
    this.highBits.fill(bitsBelow(HIGHEST));
    this.lowBits.fill(0);
  }

  setHigh(s: number, value: number): void {
    this.high[s] = value;
    this.highBits[s] = bitsBelow(value);
  }

  setLow(s: number, value: number): void {
    this.low[s] = value;
    this.lowBits[s] = value === Number.POSITIVE_INFINITY ? 0x7fffffff : bitsAbove(value);
  }

  /**
   * The next column of a row whose score is not strictly between its bounds; S if there is none. A
   * score that is no number is not.
   *
   * @param row - where the row begins
   */
  nextAtBorder({ data, columnStride }: ScoreView, row: number, from: number): number {
    const { high, low } = this;
    for (let s = from, at = row + from * columnStride; s < high.length; s++, at += columnStride) {
      const v = data[at] as number;
      if (!(v < (high[s] as number) && v > (low[s] as number))) return s;
    }
    return high.length;
  }

  /**
   * {@link nextAtBorder} for float32, whose bits are compared as integers: with one branch, and
   * nothing converted. A negative number is always at the border.
   */
  nextAtBorderOfBits(scores: Int32Array, columnStride: number, row: number, from: number): number {
    const { highBits, lowBits } = this;
    for (let s = from, at = row + from * columnStride; s < highBits.length; s++, at += columnStride) {
      const v = scores[at] as number;
      if ((v | ((highBits[s] as number) - v) | (v - (lowBits[s] as number))) < 0) return s;
    }
    return highBits.length;
  }
}
