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
  const found: Ranked[] = []; // hardest first
  for (const sample of candidates) {
    const its = hardness(sample);
    const last = found[kappa - 1];
    if (last !== undefined && !isHarder(sample, its, last)) continue;
    insert(found, { sample, hardness: its });
    if (found.length > kappa) found.pop();
  }
  return found.map(({ sample }) => sample);
}

/** A sample with its hardness. */
interface Ranked {
  readonly sample: number;
  readonly hardness: number;
}

/** Whether one sample comes before another: the harder, and of equals that of the lower index. */
function isHarder(sample: number, hardness: number, other: Ranked): boolean {
  return hardness > other.hardness || (hardness === other.hardness && sample < other.sample);
}

/** Inserts a sample into a list that is ordered hardest first; its place is found by halving. */
function insert(ordered: Ranked[], one: Ranked): void {
  let [low, high] = [0, ordered.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isHarder(one.sample, one.hardness, ordered[middle] as Ranked)) high = middle;
    else low = middle + 1;
  }
  ordered.splice(low, 0, one);
}

/**
 * Anchors of every surviving minority class with their hard samples.
 *
 * Class level: hard positives of class c are samples of c with low p(c) (Eq. 4), hard negatives
 * labelled samples not of c with high p(c) (Eq. 5). Instance level: hard positives are samples of c
 * at large distance from the anchor (Eq. 6), hard negatives those not of c at small distance (Eq. 7).
 * The anchor is taken out before κ are chosen (ruling: anchor excluded). Hard samples are mined among
 * all members and non-members, whichever members are anchors.
 *
 * @returns anchors by attribute, class, sample (rulings: anchors, easy anchors)
 * @throws InputRangeError - if the batch lacks scores or features; if it holds logits at class level, or
 * where anchors are chosen by score
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
  if (options.level === 'class' || options.anchors === 'easy') requireProbabilities(batch);
  const hardSamplesOf = options.level === 'class' ? hardByScore : hardByDistance;
  const anchors: Anchor[] = [];
  batch.attributes.forEach((attribute, j) => {
    const labelled = range(batch.size).filter((i) => batch.labelled.get(i, j) === 1);
    for (const k of selection.minority[j] as readonly number[]) {
      const column = attribute.columns[k] as number;
      const members = labelled.filter((i) => batch.membership.get(i, column) === 1);
      const others = labelled.filter((i) => batch.membership.get(i, column) === 0);
      const hardOf = hardSamplesOf(batch, { attribute: j, column, members, others }, options.kappa);
      for (const sample of anchorsAmong(batch, members, column, options))
        anchors.push({ sample, attribute: j, class: k, ...hardOf(sample) });
    }
  });
  return { anchors };
}

/**
 * The anchors of a class: all its members, or the κ easiest, which score highest on it. Of equal scores the
 * lower sample index is chosen first (ruling: easy anchors).
 *
 * @param members - the samples of the class, ascending
 * @returns sample indices, ascending
 * @example
 * ```ts
 * import { anchorsAmong, createBatch, resolveOptions } from 'class-rectification/spec';
 * const scores = [[0.25, 0.75], [0.5, 0.5], [0.5, 0.5], [0.75, 0.25]];
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [0], [0]], scores });
 * const options = resolveOptions(batch, { anchors: 'easy', kappa: 2 });
 * anchorsAmong(batch, [0, 1, 2, 3], 0, options); // → [1, 3]
 * ```
 */
export function anchorsAmong(
  batch: Batch,
  members: readonly number[],
  column: number,
  { anchors, kappa }: Pick<Options, 'anchors' | 'kappa'>,
): readonly number[] {
  if (anchors === 'all') return members;
  return hardest(members, (i) => classScore(batch, i, column), kappa).sort((a, b) => a - b);
}

/** A minority class, and the samples that can be mined for its anchors. */
interface MinorityClass {
  readonly attribute: number;
  readonly column: number;
  /** X_c, the samples of the class. */
  readonly members: readonly number[];
  /** The labelled samples that are not of the class. */
  readonly others: readonly number[];
}

/** The hard samples of an anchor. */
type HardSamplesOf = (anchor: number) => Pick<Anchor, 'positives' | 'negatives'>;

/** Class level: the bottom-κ and the top-κ scored on the class (Eq. 4, 5), one ranking for all its anchors. */
function hardByScore(batch: Batch, { column, members, others }: MinorityClass, kappa: number): HardSamplesOf {
  const score = (i: number) => classScore(batch, i, column);
  const lowest = hardest(members, (i) => -score(i), kappa + 1); // one more: the anchor may be among them
  const highest = hardest(others, score, kappa);
  return (anchor) => ({
    positives: lowest.filter((i) => i !== anchor).slice(0, kappa),
    negatives: [...highest],
  });
}

/** Instance level: the κ largest distances from the anchor, and the κ smallest (Eq. 6, 7). */
function hardByDistance(
  batch: Batch,
  { attribute, members, others }: MinorityClass,
  kappa: number,
): HardSamplesOf {
  const features = featuresOf(batch, attribute);
  return (anchor) => {
    const distance = (i: number) => featureDistance(features, anchor, i);
    const companions = members.filter((i) => i !== anchor);
    return {
      positives: hardest(companions, distance, kappa),
      negatives: hardest(others, (i) => -distance(i), kappa),
    };
  };
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
