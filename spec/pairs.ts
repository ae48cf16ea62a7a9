/**
 * P+ and P−: every anchor with each of its mined samples, once (ruling: pairs).
 *
 * @module
 */
import type { HardSamples } from './contract.js';
import type { Pair } from './distance.js';

/** The pairs of both sides, in the order of the anchors. */
export interface Pairs {
  /** P+: (anchor, hard positive). */
  readonly positive: readonly Pair[];
  /** P−: (anchor, hard negative). */
  readonly negative: readonly Pair[];
}

/**
 * Pairs do not depend on triplets: (a,b) and (b,a) are two, the same two samples under two classes
 * are two, and a pair is listed once, however many triplets it is in.
 *
 * @example
 * ```ts
 * import { formPairs } from 'class-rectification/spec';
 * const anchor = { sample: 4, attribute: 0, class: 2, positives: [7], negatives: [1, 0] };
 * formPairs({ anchors: [anchor] }).negative.map((pair) => pair.other); // → [1, 0]
 * ```
 */
export function formPairs({ anchors }: HardSamples): Pairs {
  const side = (of: 'positives' | 'negatives') =>
    anchors.flatMap((a): Pair[] =>
      Array.from(a[of]).map((other) => ({ anchor: a.sample, other, attribute: a.attribute, class: a.class })),
    );
  return { positive: side('positives'), negative: side('negatives') };
}
