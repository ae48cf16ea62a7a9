/**
 * Where L_crl has kinks: it is smooth in pieces, and a finite difference says something about a derivative only
 * within one piece.
 *
 * @module
 */
import { scoreDifference } from '../spec/distance.js';
import {
  type Batch,
  formPairs,
  hingeArgument,
  histogramPlace,
  type Options,
  type Pair,
  pairDistance,
  type Side,
  tripletPairs,
} from '../spec/index.js';
import type { Judged } from './walk.js';

/**
 * Whether there is a kink between batches that lie near each other: some of them lie in different pieces of L_crl.
 *
 * How far the slopes change does not tell. The pairs of a loss of nearly 0 have slopes of nearly 0, so that a kink
 * changes them by less than a histogram does elsewhere; and two kinks may cancel each other.
 *
 * @param judged - what was mined, and the options; all batches are compared by it
 */
export function kinkBetween(judged: Judged, batches: readonly Batch[]): boolean {
  const [first, ...others] = batches.map((batch) => pieceOf({ ...judged, batch }));
  return others.some((piece) => piece.some((place, at) => place !== first?.[at]));
}

/** The piece that a batch lies in: for each place where L_crl can have a kink, the side of it. */
function pieceOf({ batch, hard, triplets, options }: Judged): number[] {
  const { comparison } = options;
  if (comparison === 'relative') {
    return Array.from({ length: triplets.shape[0] as number }, (_, t) => {
      const { positive, negative } = tripletPairs(triplets, t);
      const hinge = Math.sign(hingeArgument(batch, triplets, t, options));
      return [
        hinge,
        ...inDistance(batch, options, positive, 'positive'),
        ...inDistance(batch, options, negative, 'negative'),
      ];
    }).flat();
  }
  const { positive, negative } = formPairs(hard);
  if (comparison === 'absolute') {
    // the square of a distance has no kink where the distance has one; the square of what is missing to a margin has
    return negative.flatMap((pair) => {
      const margin = options.margin[pair.attribute] as number;
      const missing = Math.sign(margin - pairDistance(batch, options, pair, 'negative'));
      return [missing, ...inDistance(batch, options, pair, 'negative')];
    });
  }
  const inHistogram = (side: Side) => (pair: Pair) => {
    const { bin, outside } = histogramPlace(pairDistance(batch, options, pair, side), options);
    return [outside ? -1 - bin : bin, ...inDistance(batch, options, pair, side)];
  };
  return [...positive.flatMap(inHistogram('positive')), ...negative.flatMap(inHistogram('negative'))];
}

/** The side on which a distance lies of the kinks that it has itself: |x| and ‖·‖ at 0. */
function inDistance(batch: Batch, options: Options, pair: Pair, side: Side): number[] {
  if (options.level === 'instance') return [Math.sign(pairDistance(batch, options, pair, side))];
  return side === 'positive' ? [Math.sign(scoreDifference(batch, pair))] : [];
}
