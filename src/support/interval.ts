/**
 * Means of a few runs, and how far they can be trusted: Student's t.
 *
 * @module
 */

/** A mean, and half the width of its two-sided 95 % interval. */
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

/** The mean with its two-sided 95 % interval, by Student's t with n − 1 degrees of freedom. */
export function interval(values: readonly number[]): Interval {
  const n = values.length;
  const reach = n < 2 ? null : (studentT(n - 1) * deviation(values)) / Math.sqrt(n);
  return { n, mean: mean(values), reach };
}

/**
 * The t beyond which Student's distribution has 5 %, both tails together.
 *
 * @param freedom - degrees of freedom, a whole number ≥ 1
 */
export function studentT(freedom: number): number {
  let [low, high] = [0, 13]; // one degree of freedom has 12.71, and none has more
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (within(middle, freedom) < 0.95) low = middle;
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
