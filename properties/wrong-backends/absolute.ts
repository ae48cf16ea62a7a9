/**
 * Wrong absolute comparisons (Eq. 13).
 *
 * @module
 */
import { type Pair, type Pairs, rectificationLoss, tripletPairs } from '../../spec/index.js';
import type { Stages } from './compose.js';
import { type LossWalk, lossBy, mean, slopesBy, sum } from './replace.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** Wrong backends of the absolute comparison. */
export const absolute: readonly WrongBackend[] = [
  wrongStages(
    'absolute-ignored',
    'the absolute comparison silently replaced by the relative one',
    'loss-agrees',
    {
      rectificationLoss(batch, hard, triplets, options) {
        const comparison = options.comparison === 'absolute' ? 'relative' : options.comparison;
        return rectificationLoss(batch, hard, triplets, { ...options, comparison });
      },
    },
  ),
  wrongStages(
    'absolute-pooled',
    'both sums divided by all pairs',
    'loss-agrees',
    measured(({ near, short }) => 0.5 * mean([...near, ...short].map(square))),
  ),
  wrongStages(
    'absolute-unhalved',
    'the ½ missing',
    'loss-agrees',
    measured(({ near, short }) => mean(near.map(square)) + mean(short.map(square))),
  ),
  wrongStages(
    'absolute-hinge-linear',
    'the hinge of the negatives not squared',
    'loss-agrees',
    measured(({ near, short }) => 0.5 * (mean(near.map(square)) + mean(short))),
  ),
  wrongStages(
    'absolute-hinge-missing',
    'negatives beyond the margin are penalised too',
    'loss-agrees',
    measured(
      ({ near, short }) => 0.5 * (mean(near.map(square)) + mean(short.map(square))),
      (margin, d) => margin - d,
    ),
  ),
  wrongStages(
    'absolute-rooted',
    'contrastive terms under a square root',
    'loss-agrees',
    measured(
      ({ near, short }) => 0.5 * (Math.sqrt(mean(near.map(square))) + Math.sqrt(mean(short.map(square)))),
    ),
  ),
  wrongStages(
    'absolute-by-triplet',
    'pairs repeated for each triplet',
    'loss-agrees',
    measured(half, hinge, ({ triplets }) => {
      const rows = Array.from({ length: triplets.shape[0] as number }, (_, t) => tripletPairs(triplets, t));
      return { positive: rows.map((r) => r.positive), negative: rows.map((r) => r.negative) };
    }),
  ),
  wrongStages(
    'absolute-pairs-once',
    '(a, b) and (b, a) counted once',
    'loss-agrees',
    measured(half, hinge, ({ pairs }) => ({
      positive: once(pairs.positive),
      negative: once(pairs.negative),
    })),
  ),
  wrongStages(
    'absolute-unsigned',
    '|p_a − p_−| instead of the signed difference',
    'loss-agrees',
    measured(half, (margin, d) => hinge(margin, Math.abs(d))),
  ),
  wrongStages(
    'absolute-both-or-nothing',
    'L_crl is 0 as soon as one side has no pair',
    'loss-agrees',
    measured((given) => (given.near.length === 0 || given.short.length === 0 ? 0 : half(given))),
  ),
  wrongStages(
    'absolute-nan-without-pairs',
    'the mean of no pairs is NaN',
    'loss-nonnegative',
    measured(({ near, short }) => 0.5 * (squares(near) / near.length + squares(short) / short.length)),
  ),
  wrongStages(
    'absolute-slope-doubled',
    'the derivative of the squared hinge with a factor of 2, the ½ forgotten',
    'gradient-agrees',
    slopesBy((compared, { options }) => ({
      ...compared,
      visitSlopes: (visit) =>
        compared.visitSlopes((pair, side, slope) => {
          visit(pair, side, options.comparison === 'absolute' && side === 'negative' ? 2 * slope : slope);
        }),
    })),
  ),
];

/** The distances of positive pairs, and how far negative pairs fall short of the margin. */
interface Measured {
  readonly near: readonly number[];
  readonly short: readonly number[];
}

function half({ near, short }: Measured): number {
  return 0.5 * (mean(near.map(square)) + mean(short.map(square)));
}

function hinge(margin: number, distance: number): number {
  return Math.max(0, margin - distance);
}

/** A wrong absolute comparison. */
function measured(
  loss: (given: Measured) => number,
  shortOf: (margin: number, distance: number) => number = hinge,
  pairsOf: (walk: LossWalk) => Pairs = ({ pairs }) => pairs,
): Partial<Stages> {
  return lossBy((walk) => {
    const { options, distance } = walk;
    if (options.comparison !== 'absolute') return walk.loss;
    const { positive, negative } = pairsOf(walk);
    const margin = ({ attribute }: Pair) => options.margin[attribute] as number;
    return loss({
      near: positive.map((pair) => distance(pair, 'positive')),
      short: negative.map((pair) => shortOf(margin(pair), distance(pair, 'negative'))),
    });
  });
}

/** The first of every two pairs that differ only in their order. */
function once(pairs: readonly Pair[]): Pair[] {
  const seen = new Map<string, Pair>();
  for (const pair of pairs) {
    const [low, high] = [Math.min(pair.anchor, pair.other), Math.max(pair.anchor, pair.other)];
    const key = `${pair.attribute} ${pair.class} ${low} ${high}`;
    if (!seen.has(key)) seen.set(key, pair);
  }
  return [...seen.values()];
}

function square(x: number): number {
  return x * x;
}

function squares(values: readonly number[]): number {
  return sum(values.map(square));
}
