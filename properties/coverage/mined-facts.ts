/**
 * What is found among the anchors of a case and their mined samples.
 *
 * @module
 */
import { type BalancedOptions, type Batch, featureDistance, featuresOf } from '../../spec/index.js';
import type { Walk } from '../walk.js';
import { columnSum } from './column-sum.js';

/** What is found among anchors and their mined samples. */
export type MinedFact =
  | 'no-anchors'
  | 'easy-anchors'
  | 'anchors-left-out'
  | 'positives-left-out'
  | 'negatives-left-out'
  | 'few-positives'
  | 'few-negatives'
  | 'no-negatives'
  | 'tie-mined'
  | 'positive-tie-at-limit'
  | 'negative-tie-at-limit'
  | 'anchor-hardest'
  | 'two-anchors-of-a-sample'
  | 'both-directions'
  | 'two-classes-of-a-pair'
  | 'same-lane'
  | 'square-of-mined'
  | 'many-pairs'
  | 'many-anchors'
  | 'many-anchors-of-a-class'
  | 'many-triplets';

/** The lanes of a vector, or the least stride, in which a kernel may look for a maximum each. */
const LANES = 8;
/** So many hardest samples in one lane show a search that keeps fewer of each. */
const IN_ONE_LANE = 3;

/**
 * Of so many anchors, evenly spread, the scores or distances of all samples are compared with what was mined: of
 * thousands it would take longer than all else that a case costs. Cases of fewer anchors are looked at whole.
 */
const MOST_COMPARED = 32;

export function minedFacts({ batch, options, hard }: Walk): ReadonlySet<MinedFact> {
  const found = new Set<MinedFact>();
  const { anchors } = hard;
  const { kappa } = options;
  if (anchors.length === 0) found.add('no-anchors');
  if (options.anchors === 'easy') found.add('easy-anchors');
  if (anchors.length > 4096) found.add('many-anchors');
  const asAnchor = new Set<number>();
  const pairs = new Set<number>();
  const ofClass = new Map<number, number>();
  let [pairCount, tripletCount, column, classPairs] = [0, 0, -1, new Set<number>()];
  const stride = Math.ceil(anchors.length / MOST_COMPARED);
  for (const [at, anchor] of anchors.entries()) {
    const { sample, positives, negatives } = anchor;
    const own = batch.attributes[anchor.attribute]?.columns[anchor.class] as number;
    if (own !== column) {
      for (const pair of classPairs) pairs.add(pair);
      [column, classPairs] = [own, new Set()];
      const isLeftOut = options.anchors === 'easy' && columnSum(batch.membership, own) > kappa;
      if (isLeftOut) found.add('anchors-left-out');
    }
    ofClass.set(own, (ofClass.get(own) ?? 0) + 1);
    if (asAnchor.has(sample)) found.add('two-anchors-of-a-sample');
    asAnchor.add(sample);
    pairCount += positives.length + negatives.length;
    tripletCount += positives.length * negatives.length;
    if (positives.length < kappa) found.add('few-positives');
    if (negatives.length < kappa) found.add('few-negatives');
    if (negatives.length === 0) found.add('no-negatives');
    if (positives.length > 1 && negatives.length > 1) found.add('square-of-mined');
    if (inOneLane(positives) || inOneLane(negatives)) found.add('same-lane');
    for (const other of positives) {
      const pair = sample * batch.size + other;
      if (classPairs.has(other * batch.size + sample)) found.add('both-directions');
      if (pairs.has(pair)) found.add('two-classes-of-a-pair');
      classPairs.add(pair);
    }
    if (at % stride !== 0) continue;
    const near = closeness(batch, options, anchor.attribute, own, sample);
    for (const mined of [positives, negatives]) {
      const values = Array.from(mined, near);
      if (values.some((value, rank) => rank > 0 && value === values[rank - 1])) found.add('tie-mined');
    }
    const limits = [positives, negatives].map((mined) =>
      mined.length === kappa ? near(mined[kappa - 1] as number) : undefined,
    );
    if (limits[0] === undefined && limits[1] === undefined) continue;
    const chosen = new Set([...positives, ...negatives]);
    if (limits[0] !== undefined && options.level === 'class' && near(sample) <= limits[0]) {
      // a harder candidate than the last of κ, or its equal: it would have been chosen
      if (columnSum(batch.membership, own) - 1 > kappa) found.add('anchor-hardest');
    }
    for (let i = 0; i < batch.size; i++) {
      if (i === sample || chosen.has(i) || batch.labelled.get(i, anchor.attribute) === 0) continue;
      const side = batch.membership.get(i, own) === 1 ? 0 : 1;
      if (limits[side] === undefined) continue;
      found.add(side === 0 ? 'positives-left-out' : 'negatives-left-out');
      if (near(i) === limits[side]) found.add(side === 0 ? 'positive-tie-at-limit' : 'negative-tie-at-limit');
    }
  }
  if (pairCount > 65_536) found.add('many-pairs');
  if (tripletCount > 65_536) found.add('many-triplets');
  if ([...ofClass.values()].some((size) => size > 512)) found.add('many-anchors-of-a-class');
  return found;
}

/** Whether several of the mined samples lie in one lane, where a kernel that keeps one per lane loses some. */
function inOneLane(mined: readonly number[]): boolean {
  if (mined.length < IN_ONE_LANE) return false;
  const lanes = new Array<number>(LANES).fill(0);
  for (const sample of mined) lanes[sample % LANES] = (lanes[sample % LANES] as number) + 1;
  return lanes.some((count) => count === mined.length);
}

/** A score of the class, or the distance from an anchor. */
function closeness(
  batch: Batch,
  { level }: BalancedOptions | Walk['options'],
  attribute: number,
  column: number,
  anchor: number,
): (sample: number) => number {
  if (level === 'instance') {
    const features = featuresOf(batch, attribute);
    return (i) => featureDistance(features, anchor, i);
  }
  const { score, sign } = batch.columns[column] as { score: number; sign: number };
  return (i) => sign * batch.scores.get(i, score);
}
