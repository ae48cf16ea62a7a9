/**
 * Wrong triplets of the right hard samples.
 *
 * @module
 */
import ndarray from 'ndarray';
import type { Anchor } from '../../spec/index.js';
import type { Stages } from './compose.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

/** Wrong backends of stage 3. */
export const triplets: readonly WrongBackend[] = [
  wrongStages(
    'elementwise-triplets',
    'elementwise pairs instead of the full product',
    'triplets-agree',
    pairing(({ positives, negatives }) =>
      positives.slice(0, negatives.length).map((p, r) => [p, negatives[r] as number]),
    ),
  ),
  wrongStages(
    'grid-reshaped',
    'the grids of positives and negatives stacked and reshaped to rows instead of transposed',
    'triplets-agree',
    pairing((anchor) => {
      const grid = product(anchor);
      const stacked = [...grid.map(([p]) => p), ...grid.map(([, q]) => q)];
      return grid.map((_, r) => [stacked[2 * r] as number, stacked[2 * r + 1] as number]);
    }),
  ),
  wrongStages(
    'negatives-outermost',
    'an anchor’s triplets ordered by negative, then by positive',
    'triplets-agree',
    pairing(({ positives, negatives }) => negatives.flatMap((q) => positives.map((p): Two => [p, q]))),
  ),
  wrongStages(
    'triplets-by-sample',
    'triplets ordered by (sample, class), as the article prints them',
    'triplets-agree',
    pairing(product, (anchors) => [...anchors].sort((a, b) => a.sample - b.sample)),
  ),
  wrongStages(
    'one-triplet-per-anchor',
    'only the hardest positive with the hardest negative',
    'triplets-agree',
    pairing((anchor) => product(anchor).slice(0, 1)),
  ),
  wrongStages(
    'sides-swapped',
    'positives in the column of the negatives',
    'triplets-agree',
    pairing((anchor) => product(anchor).map(([p, q]): Two => [q, p])),
  ),
  wrongStages(
    'triplets-twice',
    'each triplet once from either side',
    'triplets-bounded',
    pairing((anchor) => [...product(anchor), ...product(anchor)]),
  ),
];

type Two = [positive: number, negative: number];

function product({ positives, negatives }: Anchor): Two[] {
  return positives.flatMap((p) => negatives.map((q): Two => [p, q]));
}

/** Triplets with another pairing, or other anchors. */
function pairing(
  pairs: (anchor: Anchor) => Two[],
  order: (anchors: readonly Anchor[]) => readonly Anchor[] = (anchors) => anchors,
): Partial<Stages> {
  return {
    formTriplets({ anchors }) {
      const rows = order(anchors).flatMap((anchor) =>
        pairs(anchor).map(([p, q]) => [anchor.sample, p, q, anchor.attribute, anchor.class]),
      );
      return ndarray(Int32Array.from(rows.flat()), [rows.length, 5]);
    },
  };
}
