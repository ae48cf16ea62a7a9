/**
 * What conditions are read from: a case, and what the specification finds in it. Each part is computed when
 * it is first asked for, and only once per case.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import {
  type BalancedOptions,
  type Batch,
  featureDistance,
  featuresOf,
  histogramPlace,
  type MinoritySelection,
  pairDistance,
  SMALLEST_PROBABILITY,
  selectMinority,
} from '../../spec/index.js';
import type { Case } from '../cases/arbitraries.js';
import { specWalk, type Walk } from '../walk.js';

/** A case, and what is found in it. */
export class Facts {
  readonly batch: Batch;
  readonly options: BalancedOptions;
  #selection: MinoritySelection | undefined;
  #walk: Walk | undefined;
  #labels: ReadonlySet<LabelFact> | undefined;
  #inputs: ReadonlySet<InputFact> | undefined;
  #mined: ReadonlySet<MinedFact> | undefined;
  #compared: ReadonlySet<ComparedFact> | undefined;

  constructor({ batch, options }: Pick<Case, 'batch' | 'options'>) {
    this.batch = batch;
    this.options = options;
  }

  /** Stage 1 alone, which needs no scores. */
  get selection(): MinoritySelection {
    this.#selection ??= this.#walk?.selection ?? selectMinority(this.batch, this.options);
    return this.#selection;
  }

  /** Stages 1 to 3; of logits, those of their probabilities. */
  get walk(): Walk {
    this.#walk ??= specWalk({ batch: this.batch, options: this.options });
    return this.#walk;
  }

  /** The walk, if any condition asked for it. */
  get walkSoFar(): Walk | undefined {
    return this.#walk;
  }

  /** What the labels and class sizes are like. */
  get labels(): ReadonlySet<LabelFact> {
    this.#labels ??= labelFacts(this.batch, this.options, this.selection);
    return this.#labels;
  }

  /** What the scores and features are like. */
  get inputs(): ReadonlySet<InputFact> {
    this.#inputs ??= inputFacts(this.batch);
    return this.#inputs;
  }

  /** What is mined. */
  get mined(): ReadonlySet<MinedFact> {
    this.#mined ??= minedFacts(this.walk);
    return this.#mined;
  }

  /** What is compared. */
  get compared(): ReadonlySet<ComparedFact> {
    this.#compared ??= comparedFacts(this.walk);
    return this.#compared;
  }
}

/** What is found among labels, class sizes and minority classes. */
export type LabelFact =
  | 'unlabelled'
  | 'unlabelled-attribute'
  | 'all-zero-row'
  | 'two-labels'
  | 'empty-class'
  | 'single'
  | 'size-tie'
  | 'held-exactly'
  | 'held-short'
  | 'limit-fractional'
  | 'no-minority'
  | 'two-minority-classes'
  | 'two-attributes'
  | 'absent-minority'
  | 'present-minority'
  | 'halves'
  | 'whole-attribute'
  | 'late-class'
  | 'past-16-bits';

/** ρ·n_j and a sum of sizes closer than this differ by a rounding only. */
const ROUNDING = 1e-9;

function labelFacts(
  batch: Batch,
  { rho }: BalancedOptions,
  { profile, minority }: MinoritySelection,
): ReadonlySet<LabelFact> {
  const found = new Set<LabelFact>();
  batch.attributes.forEach((_, j) => {
    const sizes = profile[j] as readonly number[];
    const chosen = minority[j] as readonly number[];
    const labelled = columnSum(batch.labelled, j);
    if (labelled < batch.size) found.add('unlabelled');
    if (labelled === 0) found.add('unlabelled-attribute');
    if (sizes.includes(0)) found.add('empty-class');
    if (sizes.includes(1)) found.add('single');
    if (!Number.isInteger(rho * labelled)) found.add('limit-fractional');
    if (chosen.length > 1) found.add('two-minority-classes');
    if (chosen.some((k) => k >= 256)) found.add('late-class');
    if (sizes.length > 2 ** 16) found.add('past-16-bits');
    const own = new Set(chosen);
    const left = sizes.flatMap((size, k) => (size > 1 && !own.has(k) ? [size] : []));
    if (chosen.some((k) => left.includes(sizes[k] as number))) found.add('size-tie');
    // classes of one sample come before every class that survives
    const singles = sizes.filter((size) => size === 1).length;
    const held = chosen.reduce((sum, k) => sum + (sizes[k] as number), singles);
    if (chosen.length > 0 && held === rho * labelled) found.add('held-exactly');
    const short = held + Math.min(...left) - rho * labelled;
    if (chosen.length + left.length > 0 && short > 0 && short < ROUNDING) found.add('held-short');
    if (chosen.some((k) => sizes[k] === labelled)) found.add('whole-attribute');
    if (batch.encoding !== 'multi-label') return;
    if (own.has(0)) found.add('absent-minority');
    if (own.has(1)) found.add('present-minority');
    if (sizes[0] === sizes[1] && labelled > 0) found.add('halves');
  });
  const held = minority.filter((classes) => classes.length > 0).length;
  if (held === 0) found.add('no-minority');
  if (held > 1) found.add('two-attributes');
  if (batch.encoding === 'one-attribute') {
    for (let i = 0; i < batch.size; i++) {
      let labels = 0;
      for (let c = 0; c < batch.columns.length; c++) labels += batch.membership.get(i, c);
      if (labels === 0) found.add('all-zero-row');
      if (labels > 1) found.add('two-labels');
    }
  }
  return found;
}

/** What is found among scores and features. */
export type InputFact =
  | 'outside-unit'
  | 'minus-zero'
  | 'subnormal'
  | 'beyond-float32'
  | 'entropy-floor'
  | 'large-logit'
  | 'huge-logit'
  | 'equal-logits'
  | 'far-features'
  | 'uneven-features';

/** e^z is infinite in float32 above the first, in float64 above the second. */
const [LARGE_LOGIT, HUGE_LOGIT] = [88.8, 709.8];
const SMALLEST_NORMAL = 2 ** -126;
/** Squares of such features lose digits that their differences keep. */
const FAR = 1000;

function inputFacts(batch: Batch): ReadonlySet<InputFact> {
  const found = new Set<InputFact>();
  const { scores, fromLogits, scored, presence, size, scoreWidth } = batch;
  for (let i = 0; scored && i < size; i++) {
    for (let s = 0; s < scoreWidth; s++) {
      const score = scores.get(i, s);
      if (Math.fround(score) !== score) found.add('beyond-float32');
      if (fromLogits) {
        if (Math.abs(score) > LARGE_LOGIT) found.add('large-logit');
        if (Math.abs(score) > HUGE_LOGIT) found.add('huge-logit');
        if (i > 0 && score === scores.get(i - 1, s)) found.add('equal-logits');
        continue;
      }
      if (score < 0 || score > 1) found.add('outside-unit');
      if (Object.is(score, -0)) found.add('minus-zero');
      if (score !== 0 && Math.abs(score) < SMALLEST_NORMAL) found.add('subnormal');
      if (score <= SMALLEST_PROBABILITY && batch.membership.get(i, presence[s] as number) === 1)
        found.add('entropy-floor');
    }
  }
  for (const matrix of batch.features?.matrices ?? []) {
    const [rows, width] = matrix.shape as [number, number];
    for (let i = 0; i < rows; i++) {
      for (let t = 0; t < width; t++) {
        const value = matrix.get(i, t);
        if (Math.abs(value) > FAR) found.add('far-features');
        if (!Number.isInteger(value * 8)) found.add('uneven-features');
      }
    }
  }
  return found;
}

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

function minedFacts({ batch, options, hard }: Walk): ReadonlySet<MinedFact> {
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

/** What is found among the distances that are compared. */
export type ComparedFact =
  | 'no-triplets'
  | 'positives-alone'
  | 'two-attributes-compared'
  | 'active'
  | 'inactive'
  | 'at-the-kink'
  | 'order-decides'
  | 'signed'
  | 'equal-scores'
  | 'equal-features'
  | 'far-apart'
  | 'at-a-node'
  | 'at-lo'
  | 'at-hi'
  | 'below-lo'
  | 'above-hi';

function comparedFacts({ batch, options, hard }: Walk): ReadonlySet<ComparedFact> {
  const found = new Set<ComparedFact>();
  const attributes = new Set<number>();
  let [triplets, positivePairs, negativePairs] = [0, 0, 0];
  for (const { sample, attribute, class: k, positives, negatives } of hard.anchors) {
    const margin = options.margin[attribute] as number;
    const distances = (others: readonly number[], side: 'positive' | 'negative') =>
      Array.from(others, (other) =>
        pairDistance(batch, options, { anchor: sample, other, attribute, class: k }, side),
      );
    const toPositives = distances(positives, 'positive');
    const toNegatives = distances(negatives, 'negative');
    triplets += positives.length * negatives.length;
    positivePairs += positives.length;
    negativePairs += negatives.length;
    if (positives.length + negatives.length > 0) attributes.add(attribute);
    if (toNegatives.some((d) => d < 0)) found.add('signed');
    if (toPositives.includes(0)) found.add(options.level === 'class' ? 'equal-scores' : 'equal-features');
    if (options.level === 'instance' && toNegatives.includes(0)) found.add('equal-features');
    if (toPositives.some((d) => d > FAR)) found.add('far-apart');
    if (options.comparison === 'relative') {
      for (const p of toPositives) {
        for (const n of toNegatives) hingeAt(found, margin + p - n, margin + (p - n));
      }
    } else if (options.comparison === 'absolute') {
      for (const n of toNegatives) hingeAt(found, margin - n, margin - n);
    } else {
      for (const d of [...toPositives, ...toNegatives]) nodeAt(found, d, options);
    }
  }
  if (triplets === 0) found.add('no-triplets');
  if (positivePairs > 0 && negativePairs === 0) found.add('positives-alone');
  if (attributes.size > 1) found.add('two-attributes-compared');
  return found;
}

function hingeAt(found: Set<ComparedFact>, argument: number, otherwise: number): void {
  found.add(argument > 0 ? 'active' : argument === 0 ? 'at-the-kink' : 'inactive');
  if (argument > 0 !== otherwise > 0) found.add('order-decides');
}

function nodeAt(found: Set<ComparedFact>, d: number, options: Walk['options']): void {
  const [lo, hi] = options.range;
  if (d < lo) found.add('below-lo');
  else if (d > hi) found.add('above-hi');
  else if (d === lo) found.add('at-lo');
  else if (d === hi) found.add('at-hi');
  else if (histogramPlace(d, options).share === 0) found.add('at-a-node');
}

/** The sum of a column of 0 and 1. */
function columnSum(matrix: NdArray<Uint8Array>, column: number): number {
  let sum = 0;
  for (let i = 0; i < (matrix.shape[0] as number); i++) sum += matrix.get(i, column);
  return sum;
}
