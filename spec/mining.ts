/**
 * Stage 2, `mineHardSamples`: hard positives and hard negatives of every anchor (Eq. 4 to 7).
 *
 * @module
 */
import type { Anchor, Batch, HardSamples, MinoritySelection, Options } from './contract.js';
import { featureDistance } from './distance.js';
import { featuresOf } from './features.js';
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
  const ranked = candidates.map((sample) => ({ sample, hardness: hardness(sample) }));
  ranked.sort((a, b) => b.hardness - a.hardness || a.sample - b.sample);
  return ranked.slice(0, kappa).map(({ sample }) => sample);
}

/**
 * Anchors of every surviving minority class with their hard samples.
 *
 * Class level: hard positives of class c are samples of c with low p(c) (Eq. 4), hard negatives
 * labelled samples not of c with high p(c) (Eq. 5). Instance level: hard positives are samples of c
 * at large distance from the anchor (Eq. 6), hard negatives those not of c at small distance (Eq. 7).
 * The anchor is taken out before κ are chosen (ruling: anchor excluded).
 *
 * @returns anchors by attribute, class, sample (ruling: anchors)
 * @throws InputRangeError - if the batch holds logits at class level, or lacks scores or features
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
  if (options.level === 'class') requireProbabilities(batch);
  const anchors: Anchor[] = [];
  batch.attributes.forEach((attribute, j) => {
    for (const k of selection.minority[j] as readonly number[]) {
      const column = attribute.columns[k] as number;
      const labelled = range(batch.size).filter((i) => batch.labelled.get(i, j) === 1);
      const members = labelled.filter((i) => batch.membership.get(i, column) === 1);
      const others = labelled.filter((i) => batch.membership.get(i, column) === 0);
      for (const sample of members) {
        const closeness = closenessTo(batch, options, sample, j, column);
        const companions = members.filter((i) => i !== sample);
        const positives = hardest(companions, (i) => -closeness(i), options.kappa);
        anchors.push({
          sample,
          attribute: j,
          class: k,
          positives,
          negatives: hardest(others, closeness, options.kappa),
        });
      }
    }
  });
  return { anchors };
}

/** How much a sample looks like the anchor's class: low for a hard positive, high for a hard negative. */
function closenessTo(
  batch: Batch,
  options: Options,
  anchor: number,
  attribute: number,
  column: number,
): (i: number) => number {
  if (options.level === 'class') return (i) => classScore(batch, i, column);
  const features = featuresOf(batch, attribute);
  const distances = range(batch.size).map((i) => featureDistance(features, anchor, i));
  return (i) => -(distances[i] as number);
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
