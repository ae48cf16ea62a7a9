/**
 * How scores are made from whole numbers.
 *
 * Uniform scores would give almost no ties, so most scores come from small lattices.
 *
 * @module
 */
import { SMALLEST_PROBABILITY } from '../../spec/rules.js';

/** How a score is made from a whole number from 0 to {@link FINEST}. */
export type ScoreKind =
  | 'flat'
  | 'halves'
  | 'eighths'
  | 'tenths'
  | 'fine'
  | 'extreme'
  | 'near-zero'
  | 'double'
  | 'finer-than-float32';

/** The largest number that a score is made from. */
export const FINEST = 2 ** 20;

/** 0, 2^-60 and 2^-40 differ, but are equal once they are subtracted from 1 in float32. */
const EXTREMES = [
  0,
  2 ** -60,
  1,
  2 ** -40,
  0.5,
  2 ** -60,
  ...[1e-7, 2e-7, 5e-8, -1e-6, 1 + 9e-7].map(Math.fround),
];

/** Nearly all differ, and are equal once they are subtracted from 1. */
const NEAR_ZERO = [2 ** -60, 0, 2 ** -59, 2 ** -62, 1];

/** Probabilities of each kind. Those of the last two kinds are not float32 numbers. */
export const PROBABILITY: Record<ScoreKind, (x: number) => number> = {
  flat: (x) => (x % 5 === 0 ? 1 : 0.5),
  halves: (x) => (x % 3) / 2,
  eighths: (x) => (x % 9) / 8,
  tenths: (x) => Math.fround((x % 11) / 10),
  fine: (x) => x / FINEST,
  extreme: (x) => EXTREMES[x % EXTREMES.length] as number,
  'near-zero': (x) => NEAR_ZERO[x % NEAR_ZERO.length] as number,
  // all the same in float32, but for the floor of a probability, at which the slope of its logarithm ends
  double: (x) => (x % 6 === 5 ? SMALLEST_PROBABILITY : 0.5 + (x % 7) * 2 ** -40),
  'finer-than-float32': (x) => ((x >> 4) % 64) / 64 + (x & 15) * 2 ** -45, // many of them the same in float32
};

/** Logits of each kind. */
export const LOGIT: Record<ScoreKind, (x: number) => number> = {
  flat: (x) => +(x % 5 === 0),
  halves: (x) => (x % 3) - 1,
  eighths: (x) => (x % 33) / 4 - 4,
  tenths: (x) => Math.fround((x % 81) / 10 - 4),
  fine: (x) => (x / FINEST) * 16 - 8,
  extreme: (x) => (x % 5) * (x % 3 === 0 ? 500 : 20) - 40, // e^1000 is infinite even in float64
  'near-zero': (x) => (x % 33) / 4 - 4, // nothing is lost to 1 − p here
  double: (x) => (x % 81) / 10 - 4,
  'finer-than-float32': (x) => (x % 81) / 10 - 4 + (x & 3) * 2 ** -30,
};
