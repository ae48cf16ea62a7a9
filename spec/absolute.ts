/**
 * Absolute comparison (Eq. 13): each positive should be near its anchor, and each negative beyond a margin.
 *
 * @module
 */
import type { Batch, Options } from './contract.js';
import { type Pair, pairDistance } from './distance.js';
import type { Compared } from './gradient.js';
import type { Pairs } from './pairs.js';

/**
 * L_crl = ½ ( mean_{P+} d(a,+)² + mean_{P−} max(m_ac − d(a,−), 0)² ) (Eq. 13).
 *
 * An empty mean is 0, the other stays (ruling: nothing to compare).
 *
 * @example
 * ```ts
 * import { absoluteComparison, createBatch, resolveOptions } from 'class-rectification/spec';
 * const batch = createBatch({ attributes: [2], labels: [[0], [0]], scores: [[0.25, 0.75], [0.75, 0.25]] });
 * const pair = { anchor: 0, other: 1, attribute: 0, class: 0 };
 * absoluteComparison(batch, { positive: [pair], negative: [] }, resolveOptions(batch)).loss; // → 0.125
 * ```
 */
export function absoluteComparison(batch: Batch, { positive, negative }: Pairs, options: Options): Compared {
  const near = (pair: Pair) => pairDistance(batch, options, pair, 'positive');
  const short = (pair: Pair) => {
    const margin = options.margin[pair.attribute] as number; // m_ac
    return Math.max(margin - pairDistance(batch, options, pair, 'negative'), 0);
  };
  return {
    loss: 0.5 * (meanSquare(positive, near) + meanSquare(negative, short)),
    divisor: 1,
    visitSlopes(visit) {
      for (const pair of positive) visit(pair, 'positive', near(pair) / positive.length);
      for (const pair of negative) visit(pair, 'negative', -short(pair) / negative.length);
    },
  };
}

function meanSquare(pairs: readonly Pair[], of: (pair: Pair) => number): number {
  if (pairs.length === 0) return 0;
  return pairs.reduce((sum, pair) => sum + of(pair) ** 2, 0) / pairs.length;
}
