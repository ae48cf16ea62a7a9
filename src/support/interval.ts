/**
 * Means of a few runs, and how far they can be trusted: Student's t.
 *
 * @module
 */

/** A mean, and half the width of its two-sided interval, of 95 % unless another confidence was asked for. */
export interface Interval {
  readonly n: number;
  readonly mean: number;
  /** Null for a single value, which says nothing of its spread. */
  readonly reach: number | null;
}

/** The mean of some numbers. */
export function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

/** Their standard deviation (n − 1). */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1));
}

/**
 * The mean with its two-sided interval, by Student's t with n − 1 degrees of freedom.
 *
 * @param confidence - of the interval, between 0 and 1. Default 0.95
 */
export function interval(values: readonly number[], confidence = 0.95): Interval {
  const n = values.length;
  const reach = n < 2 ? null : (studentT(n - 1, confidence) * deviation(values)) / Math.sqrt(n);
  return { n, mean: mean(values), reach };
}

/**
 * The p of the two-sided t test that the mean is 0: how often a mean as far from 0 or farther would be drawn if it
 * were. NaN for a single value; 0 or 1 for values without spread.
 */
export function pValue(values: readonly number[]): number {
  const n = values.length;
  if (n < 2) return Number.NaN;
  const centre = mean(values);
  const error = deviation(values) / Math.sqrt(n);
  if (error === 0) return centre === 0 ? 1 : 0;
  return 1 - within(Math.abs(centre) / error, n - 1);
}

/**
 * The t below which, without its sign, Student's distribution has a share of its values.
 *
 * @param freedom - degrees of freedom, a whole number ≥ 1
 * @param confidence - the share, between 0 and 1. Default 0.95
 */
export function studentT(freedom: number, confidence = 0.95): number {
  let [low, high] = [0, 13]; // one degree of freedom has 12.71 at 95 %
  while (within(high, freedom) < confidence) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (within(middle, freedom) < confidence) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(|T| ≤ t) for whole degrees of freedom (Abramowitz, Stegun 1964, 26.7.3 and 26.7.4). */
function within(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = freedom % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= freedom - 2; k += 2) {
    term *= (cosine ** 2 * (k - 1)) / k;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
