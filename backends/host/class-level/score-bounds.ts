/**
 * Bounds of the score columns: a score between them is a probability that is of no interest.
 *
 * @module
 */

import { bitsAbove, bitsBelow } from '../arrays/float-bits.js';
import { HIGHEST, LOWEST, type ScoreView } from '../batch/scores.js';

/** Two bounds of each of S columns. */
export class Bounds {
  readonly high: Float64Array;
  readonly low: Float64Array;
  private readonly highBits: Int32Array;
  private readonly lowBits: Int32Array;
  /** Whether any low bound is more than that of a probability. */
  private twoSided!: boolean;

  constructor(width: number) {
    this.high = new Float64Array(width);
    this.low = new Float64Array(width);
    this.highBits = new Int32Array(width);
    this.lowBits = new Int32Array(width);
    this.clear();
  }

  /** Every probability lies between. */
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
   * Walks a row: where its scores are not strictly between their bounds.
   *
   * @returns the next such column from `from` on; S if there is none. A score that is no number is one, and
   * of float32 also one below 0, −0 included, or nearest to a bound that is no float32: whoever is told looks
   */
  nextAtBorder(scores: BorderScores, row: number, from: number): number {
    const { data, bits, columnStride } = scores;
    if (!bits) return nextOfNumbers(data, this.high, this.low, row, columnStride, from);
    if (columnStride === 1 && !this.twoSided) return nextOfBits(bits, this.highBits, row, from);
    return nextOfStridedBits(bits, this.highBits, this.lowBits, row, columnStride, from);
  }
}

/** Scores, and where they are float32 their bits: those are compared as integers, nothing converted. */
export interface BorderScores extends ScoreView {
  readonly bits?: Int32Array;
}

/** Scores as {@link Bounds.nextAtBorder} reads them. */
export function borderScores(scores: ScoreView): BorderScores {
  const { data } = scores;
  if (!(data instanceof Float32Array)) return scores;
  return { ...scores, bits: new Int32Array(data.buffer, data.byteOffset, data.length) };
}

// functions of their own, of arrays alone: the compiler keeps all that they need in registers

function nextOfNumbers(
  data: Float32Array | Float64Array,
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

/** Four at a time, with one branch: a sign bit says that a score is negative, or above its bound. */
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
