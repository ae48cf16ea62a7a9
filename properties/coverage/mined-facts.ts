/**
 * What is found among the anchors of a case and their mined samples.
 *
 * @module
 */
import {
  type Anchor,
  type Batch,
  classScore,
  featureDistance,
  featuresOf,
  type MinoritySelection,
} from '../../spec/index.js';
import type { Walk } from '../walk.js';

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

/** What is found among the anchors of a case and their mined samples. */
export function minedFacts({ batch, options, selection, hard }: Walk): ReadonlySet<MinedFact> {
  const found = new Set<MinedFact>();
  const { anchors } = hard;
  const { kappa } = options;
  if (anchors.length === 0) found.add('no-anchors');
  if (options.anchors === 'easy') found.add('easy-anchors');
  if (anchors.length > 4096) found.add('many-anchors');
  const pairs = new PositivePairs(batch.size);
  let minorityClass: MinorityClass | undefined;
  let [pairCount, tripletCount, anchorsOfClass] = [0, 0, 0];
  const stride = Math.ceil(anchors.length / MOST_COMPARED);
  for (const [at, anchor] of anchors.entries()) {
    const { sample, attribute, class: k, positives, negatives } = anchor;
    if (minorityClass?.attribute !== attribute || minorityClass.class !== k) {
      minorityClass = new MinorityClass(batch, options, selection, attribute, k);
      anchorsOfClass = 0;
      pairs.nextClass();
      if (options.anchors === 'easy' && minorityClass.size > kappa) found.add('anchors-left-out');
    }
    anchorsOfClass += 1;
    if (anchorsOfClass > 512) found.add('many-anchors-of-a-class');
    pairs.add(sample, positives);
    pairCount += positives.length + negatives.length;
    tripletCount += positives.length * negatives.length;
    if (positives.length < kappa) found.add('few-positives');
    if (negatives.length < kappa) found.add('few-negatives');
    if (negatives.length === 0) found.add('no-negatives');
    if (positives.length > 1 && negatives.length > 1) found.add('square-of-mined');
    if (inOneLane(positives) || inOneLane(negatives)) found.add('same-lane');
    if (at % stride === 0) compareWithRest(found, minorityClass, anchor, kappa);
  }
  if (pairs.haveAnchorTwice) found.add('two-anchors-of-a-sample');
  if (pairs.haveBothDirections) found.add('both-directions');
  if (pairs.haveTwoClasses) found.add('two-classes-of-a-pair');
  if (pairCount > 65_536) found.add('many-pairs');
  if (tripletCount > 65_536) found.add('many-triplets');
  return found;
}

/** Compares what was mined for an anchor with the samples that were left out. */
function compareWithRest(
  found: Set<MinedFact>,
  minorityClass: MinorityClass,
  { sample, positives, negatives }: Anchor,
  kappa: number,
): void {
  const near = minorityClass.closenessTo(sample);
  for (const mined of [positives, negatives])
    if (mined.some((other, rank) => rank > 0 && near(other) === near(mined[rank - 1] as number)))
      found.add('tie-mined');
  const positiveLimit = positives.length === kappa ? near(positives[kappa - 1] as number) : undefined;
  const negativeLimit = negatives.length === kappa ? near(negatives[kappa - 1] as number) : undefined;
  if (positiveLimit === undefined && negativeLimit === undefined) return;
  // a harder candidate than the last of κ, or its equal: it would have been chosen
  const isHardest =
    positiveLimit !== undefined && minorityClass.ranksByScore && near(sample) <= positiveLimit;
  if (isHardest && minorityClass.size - 1 > kappa) found.add('anchor-hardest');
  const asksPositives =
    positiveLimit !== undefined && !(found.has('positives-left-out') && found.has('positive-tie-at-limit'));
  const asksNegatives =
    negativeLimit !== undefined && !(found.has('negatives-left-out') && found.has('negative-tie-at-limit'));
  if (!asksPositives && !asksNegatives) return;
  const sides = minorityClass.sides();
  const chosen = new Uint8Array(sides.length);
  chosen[sample] = 1;
  for (const other of positives) chosen[other] = 1;
  for (const other of negatives) chosen[other] = 1;
  for (let i = 0; i < sides.length; i++) {
    if (chosen[i] === 1) continue;
    if (asksPositives && sides[i] === POSITIVE) {
      found.add('positives-left-out');
      if (near(i) === positiveLimit) found.add('positive-tie-at-limit');
    } else if (asksNegatives && sides[i] === NEGATIVE) {
      found.add('negatives-left-out');
      if (near(i) === negativeLimit) found.add('negative-tie-at-limit');
    }
  }
}

const UNLABELLED = 0;
const POSITIVE = 1;
const NEGATIVE = 2;

/** A minority class, with what all its anchors are compared by. */
class MinorityClass {
  readonly attribute: number;
  readonly class: number;
  /** h^j_k. */
  readonly size: number;
  readonly ranksByScore: boolean;
  readonly #batch: Batch;
  readonly #column: number;
  #sides: Uint8Array | undefined;
  #scores: Float64Array | undefined;

  constructor(
    batch: Batch,
    { level }: Walk['options'],
    { profile }: MinoritySelection,
    attribute: number,
    k: number,
  ) {
    this.#batch = batch;
    this.attribute = attribute;
    this.class = k;
    this.size = profile[attribute]?.[k] as number;
    this.ranksByScore = level === 'class';
    this.#column = batch.attributes[attribute]?.columns[k] as number;
  }

  /** Of each sample, on which side it can be mined. */
  sides(): Uint8Array {
    if (this.#sides !== undefined) return this.#sides;
    const { labelled, membership, size } = this.#batch;
    const sides = new Uint8Array(size).fill(UNLABELLED);
    for (let i = 0; i < size; i++) {
      if (labelled.get(i, this.attribute) === 1)
        sides[i] = membership.get(i, this.#column) === 1 ? POSITIVE : NEGATIVE;
    }
    this.#sides = sides;
    return sides;
  }

  /** The score of a sample on the class, or its distance from an anchor. */
  closenessTo(anchor: number): (sample: number) => number {
    if (!this.ranksByScore) {
      const features = featuresOf(this.#batch, this.attribute);
      return (i) => featureDistance(features, anchor, i);
    }
    this.#scores ??= this.#scoresOfClass();
    const scores = this.#scores;
    return (i) => scores[i] as number;
  }

  #scoresOfClass(): Float64Array {
    const scores = new Float64Array(this.#batch.size);
    for (let i = 0; i < scores.length; i++) scores[i] = classScore(this.#batch, i, this.#column);
    return scores;
  }
}

/** Finds samples that are anchors of several classes, and positive pairs that come again. */
class PositivePairs {
  haveAnchorTwice = false;
  /** Whether two samples are each a hard positive of the other, under one class. */
  haveBothDirections = false;
  /** Whether a sample has the same hard positive under two classes. */
  haveTwoClasses = false;
  /** The anchors of earlier classes, and those of this one, with the hard positives of each. */
  readonly #earlier = new Map<number, (readonly number[])[]>();
  #own = new Map<number, readonly number[]>();
  /** Of each sample, the last anchor, counted from 1, whose hard positive it is. */
  readonly #positiveOf: Int32Array;
  #anchors = 0;

  /** @param size - n */
  constructor(size: number) {
    this.#positiveOf = new Int32Array(size);
  }

  nextClass(): void {
    for (const [sample, positives] of this.#own) {
      const known = this.#earlier.get(sample);
      if (known === undefined) this.#earlier.set(sample, [positives]);
      else known.push(positives);
    }
    this.#own = new Map();
  }

  add(sample: number, positives: readonly number[]): void {
    const earlier = this.#earlier.get(sample);
    if (earlier !== undefined) {
      this.haveAnchorTwice = true;
      this.haveTwoClasses ||= this.#areShared(positives, earlier);
    }
    this.haveBothDirections ||= positives.some((other) => this.#own.get(other)?.includes(sample));
    this.#own.set(sample, positives);
  }

  /** In time that grows with κ, where to look each one up in each list would take κ². */
  #areShared(positives: readonly number[], earlier: readonly (readonly number[])[]): boolean {
    this.#anchors += 1;
    for (const other of positives) this.#positiveOf[other] = this.#anchors;
    return earlier.some((known) => known.some((other) => this.#positiveOf[other] === this.#anchors));
  }
}

/** Whether several of the mined samples lie in one lane, where a kernel that keeps one per lane loses some. */
function inOneLane(mined: readonly number[]): boolean {
  if (mined.length < IN_ONE_LANE) return false;
  const lane = (mined[0] as number) % LANES;
  return mined.every((sample) => sample % LANES === lane);
}
