/**
 * Stage 3, `formTriplets`: every anchor with every pair of its hard positives and hard negatives.
 *
 * @module
 */
import ndarray from 'ndarray';
import type { HardSamples, Triplets } from './contract.js';

/**
 * At most κ² triplets per anchor, and |X_min|·κ² in all.
 *
 * @returns |T|×5 rows (anchor, positive, negative, attribute, class): anchors, then positives, then
 * negatives, each in mined order (ruling: triplet order)
 * @example
 * ```ts
 * import { formTriplets } from 'class-rectification/spec';
 * const anchor = { sample: 4, attribute: 0, class: 2, positives: [7], negatives: [1, 0] };
 * Array.from(formTriplets({ anchors: [anchor] }).data); // → [4, 7, 1, 0, 2, 4, 7, 0, 0, 2]
 * ```
 */
export function formTriplets(hard: HardSamples): Triplets {
  const count = hard.anchors.reduce((sum, a) => sum + a.positives.length * a.negatives.length, 0);
  const rows = new Int32Array(count * 5);
  let row = 0;
  for (const { sample, attribute, class: k, positives, negatives } of hard.anchors) {
    for (const positive of positives) {
      for (const negative of negatives) {
        rows[row] = sample;
        rows[row + 1] = positive;
        rows[row + 2] = negative;
        rows[row + 3] = attribute;
        rows[row + 4] = k;
        row += 5;
      }
    }
  }
  return ndarray(rows, [count, 5]);
}
