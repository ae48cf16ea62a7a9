/**
 * Distribution comparison (Eq. 14 to 16): the probability that a positive pair is no nearer than a
 * negative one, estimated by histograms of their distances.
 *
 * @module
 */
import type { Batch, Options } from './contract.js';
import { type Pair, pairDistance, type Side } from './distance.js';
import type { Compared } from './gradient.js';
import { histogram, histogramPlace } from './histogram.js';
import type { Pairs } from './pairs.js';

/**
 * L_crl = Σ_t h+_t Σ_{k≤t} h−_k (Eq. 16); 0 if P+ or P− is empty (ruling: nothing to compare).
 *
 * The derivative at a node is that of the bin to its right, at hi that of the last bin, and 0
 * strictly outside (ruling: kinks).
 *
 * @example
 * ```ts
 * import { createBatch, distributionComparison, resolveOptions } from 'class-rectification/spec';
 * const scores = [[0.5, 0.5], [0.5, 0.5], [0.75, 0.25]];
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [1]], scores });
 * const pair = (other: number) => ({ anchor: 0, other, attribute: 0, class: 0 });
 * distributionComparison(batch, { positive: [pair(1)], negative: [pair(2)] }, resolveOptions(batch)).loss; // → 1
 * ```
 */
export function distributionComparison(
  batch: Batch,
  { positive, negative }: Pairs,
  options: Options,
): Compared {
  if (positive.length === 0 || negative.length === 0) return { loss: 0, divisor: 0, visitSlopes: () => {} };
  const distance = (pair: Pair, side: Side) => pairDistance(batch, options, pair, side);
  const positives = histogram(
    positive.map((pair) => distance(pair, 'positive')),
    options,
  ); // h+
  const negatives = histogram(
    negative.map((pair) => distance(pair, 'negative')),
    options,
  ); // h−
  const nearer = runningSums(negatives); // Σ_{k≤t} h−_k, the slope of h+_t
  const farther = runningSums([...positives].reverse()).reverse(); // Σ_{t≥k} h+_t, the slope of h−_k
  const [lo, hi] = options.range;
  const density = (options.bins - 1) / (hi - lo); // 1/Δ
  return {
    loss: positives.reduce((sum, h, t) => sum + h * (nearer[t] as number), 0),
    divisor: 1,
    visitSlopes(visit) {
      const walk = (pairs: readonly Pair[], side: Side, slopes: readonly number[]) => {
        for (const pair of pairs) {
          const { bin, outside } = histogramPlace(distance(pair, side), options);
          if (outside) continue;
          const step = (slopes[bin + 1] as number) - (slopes[bin] as number);
          visit(pair, side, (step * density) / pairs.length);
        }
      };
      walk(positive, 'positive', nearer);
      walk(negative, 'negative', farther);
    },
  };
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}
