/**
 * Stage 2, `mineHardSamples`: hard positives and hard negatives of every anchor (Eq. 4, 5).
 *
 * @module
 */
import type { Anchor, Batch, HardSamples, MinoritySelection, Options } from './contract.js';
import { classScore, requireProbabilities } from './scores.js';

/**
 * The κ hardest of some samples.
 *
 * @param candidates - sample indices
 * @param hardness - larger is harder
 * @returns at most κ indices, hardest first; equals by lower index (ruling: mined order)
 * @example
 * ```ts
 * import { hardest } from 'class-rectification/spec';
 * hardest([0, 1, 2], (i) => [0.2, 0.9, 0.2][i], 2); // → [1, 0]
 * ```
 */
export function hardest(
  candidates: readonly number[],
  hardness: (sample: number) => number,
  kappa: number,
): number[] {
  return [...candidates].sort((a, b) => hardness(b) - hardness(a) || a - b).slice(0, kappa);
}

/**
 * Anchors of every surviving minority class with their hard samples.
 *
 * Hard positives of class c are samples of c with low p(c) (Eq. 4), the anchor taken out before κ
 * are chosen; hard negatives are labelled samples not of c with high p(c) (Eq. 5).
 *
 * @returns anchors by attribute, class, sample (ruling: anchors)
 * @throws InputRangeError - if the batch holds logits
 * @example
 * ```ts
 * import { createBatch, mineHardSamples, resolveOptions } from 'class-rectification/spec';
 * const scores = [[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.6, 0.4]];
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [1], [1]], scores });
 * const options = resolveOptions(batch, { kappa: 1 });
 * mineHardSamples(batch, { profile: [[2, 2]], minority: [[0]] }, options).anchors[0];
 * // → { sample: 0, attribute: 0, class: 0, positives: [1], negatives: [3] }
 * ```
 */
export function mineHardSamples(batch: Batch, selection: MinoritySelection, options: Options): HardSamples {
  requireProbabilities(batch);
  const anchors: Anchor[] = [];
  batch.attributes.forEach((attribute, j) => {
    for (const k of selection.minority[j] as readonly number[]) {
      const column = attribute.columns[k] as number;
      const labelled = range(batch.size).filter((i) => batch.labelled.get(i, j) === 1);
      const members = labelled.filter((i) => batch.membership.get(i, column) === 1);
      const others = labelled.filter((i) => batch.membership.get(i, column) === 0);
      const score = (i: number) => classScore(batch, i, column);
      const negatives = hardest(others, score, options.kappa);
      for (const sample of members) {
        const companions = members.filter((i) => i !== sample); // ruling: anchor excluded
        const positives = hardest(companions, (i) => -score(i), options.kappa);
        anchors.push({ sample, attribute: j, class: k, positives, negatives });
      }
    }
  });
  return { anchors };
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
