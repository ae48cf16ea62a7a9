/**
 * Weights of drawing a number of samples of a class.
 *
 * @module
 */

/** Terms below this share of the largest change no result that is shown. */
const NEGLIGIBLE = 1e-18;

/** Weights of the counts `from`, `from + 1`, …; those of all others are negligible. */
export interface CountWeights {
  readonly from: number;
  readonly weights: Float64Array;
}

/**
 * Weights of drawing 0, 1, … of `count` samples into a batch: those of the binomial distribution whose
 * probability is the share of the training set that a batch takes.
 *
 * A batch drawn without replacement has the multivariate hypergeometric distribution. That is the distribution
 * of independent binomial counts, given that they add up to the batch. So products of these weights, divided
 * by their sum over all counts that add up, are its probabilities, and none of them overflows.
 *
 * @param taken - the batch's share of the training set, in (0, 1]
 */
export function binomialWeights(count: number, taken: number): CountWeights {
  if (taken >= 1) return { from: count, weights: Float64Array.of(1) };
  const odds = taken / (1 - taken);
  const mode = Math.min(count, Math.floor((count + 1) * taken));
  const below: number[] = [];
  for (let a = mode, w = 1; a > 0; a--) {
    w *= a / ((count - a + 1) * odds);
    if (w < NEGLIGIBLE) break;
    below.push(w);
  }
  const above: number[] = [1];
  for (let a = mode, w = 1; a < count; a++) {
    w *= ((count - a) / (a + 1)) * odds;
    if (w < NEGLIGIBLE) break;
    above.push(w);
  }
  const weights = Float64Array.from([...below.reverse(), ...above]);
  const sum = weights.reduce((s, w) => s + w, 0);
  return { from: mode - below.length, weights: weights.map((w) => w / sum) };
}

/** The weight of a count. */
export function weightOf({ from, weights }: CountWeights, count: number): number {
  return weights[count - from] ?? 0;
}
