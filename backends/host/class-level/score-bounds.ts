/**
 * The two bounds of each score column. A score strictly between them is a valid probability and no
 * candidate for a hard negative, so that the miner passes over it with one comparison.
 *
 * @module
 */

import type { FloatArray } from '../arrays/float-array.js';
import { bitsAbove, bitsBelow } from '../arrays/float-bits.js';
import { HIGHEST, LOWEST, type ScoreView } from '../batch/scores.js';

/** An upper and a lower bound for each of S score columns. */
export class ScoreBounds {
  readonly high: Float64Array;
  readonly low: Float64Array;
  private readonly highBits: Int32Array;
  private readonly lowBits: Int32Array;
  /** Whether any lower bound is above that of a probability. */
  private twoSided!: boolean;

  constructor(width: number) {
    this.high = new Float64Array(width);
    this.low = new Float64Array(width);
    this.highBits = new Int32Array(width);
    this.lowBits = new Int32Array(width);
    this.clear();
  }

  /** Widens all bounds to those of a probability. */
  clear(): void {
    this.high.fill(HIGHEST);
    this.low.fill(LOWEST);
    this.highBits.fill(bitsBelow(HIGHEST));
    this.lowBits.fill(0);
    this.twoSided = false;
  }

  setHigh(s: number, value: number): void {
    this.high[s] = value;
    this.highBits[s] = bitsBelow(value);
  }

  setLow(s: number, value: number): void {
    this.twoSided = true;
    this.low[s] = value;
    this.lowBits[s] = bitsAbove(value);
  }

  /**
   * The next column of a row, from column `from` on, whose score is not strictly between its bounds; S if
   * there is none. NaN counts as outside. Of float32 scores so do numbers below 0 and −0, and numbers that
   * round to a bound which float32 does not hold: the caller compares again.
   *
   * @param row - where the row begins in `scores.data`
   */
  nextOutside(scores: ComparableScores, row: number, from: number): number {
    const { data, bits, columnStride } = scores;
    if (!bits) return nextOfNumbers(data, this.high, this.low, row, columnStride, from);
    if (columnStride === 1 && !this.twoSided) return nextOfBits(bits, this.highBits, row, from);
    return nextOfStridedBits(bits, this.highBits, this.lowBits, row, columnStride, from);
  }
}

/**
 * Scores with their bits, if they are float32: bits are compared as integers, without converting a number.
 */
export interface ComparableScores extends ScoreView {
  readonly bits?: Int32Array;
}

/** Prepares scores for {@link ScoreBounds.nextOutside}. */
export function comparableScores(scores: ScoreView): ComparableScores {
  const { data } = scores;
  if (!(data instanceof Float32Array)) return scores;
  return { ...scores, bits: new Int32Array(data.buffer, data.byteOffset, data.length) };
}

// The loops are functions of plain arrays, so that the compiler keeps everything they need in registers.

function nextOfNumbers(
  data: FloatArray,
  high: Float64Array,
  low: Float64Array,
  row: number,
  stride: number,
  from: number,
): number {
  const width = high.length;
  for (let s = from, at = row + from * stride; s < width; s++, at += stride) {
    const v = data[at];
    if (!(v < high[s] && v > low[s])) return s;
  }
  return width;
}

/** Compares four scores with one branch: a sign bit is set if a score is negative or above its bound. */
function nextOfBits(bits: Int32Array, high: Int32Array, row: number, from: number): number {
  const width = high.length;
  let s = from;
  for (; s + 3 < width; s += 4) {
    const at = row + s;
    const a = bits[at];
    const b = bits[at + 1];
    const c = bits[at + 2];
    const d = bits[at + 3];
    const above = (high[s] - a) | (high[s + 1] - b);
    if ((a | b | c | d | above | (high[s + 2] - c) | (high[s + 3] - d)) < 0) break;
  }
  for (; s < width; s++) {
    const v = bits[row + s];
    if ((v | (high[s] - v)) < 0) return s;
  }
  return width;
}

function nextOfStridedBits(
  bits: Int32Array,
  high: Int32Array,
  low: Int32Array,
  row: number,
  stride: number,
  from: number,
): number {
  const width = high.length;
  for (let s = from, at = row + from * stride; s < width; s++, at += stride) {
    const v = bits[at];
    if ((v | (high[s] - v) | (v - low[s])) < 0) return s;
  }
  return width;
}
