/**
 * The lists from which the options, the scores and the labels of a case are dealt.
 *
 * @module
 */
import type { Encoding } from '../../spec/index.js';
import { logUniformAlpha, TRAINED_ALPHAS } from './alphas.js';
import type { CaseOptions } from './case.js';
import { mixed, pick } from './mixed.js';
import { LARGE_MARGINS, MANY_BINS, MARGIN_NEAR_KINKS, NODES } from './oddities.js';
import { dealt, type Place } from './planned.js';
import type { ScoreKind } from './score-kinds.js';

/** What is dealt from decks, each of which is shuffled independently. */
export const DECK = {
  kind: 1,
  edge: 2,
  edgeSize: 3,
  scores: 4,
  tail: 5,
  presentFirst: 6,
  unlabelled: 7,
  rho: 8,
  isSufficient: 9,
  margin: 10,
  isByAttribute: 11,
  bins: 12,
  range: 13,
  alpha: 14,
  ofAlpha: 15,
  isDefaultMargin: 16,
  hasFeatures: 17,
  hasFew: 18,
} as const;

export const ALL_IN_FIRST = 400;
/** How much rarer each class is than the one before: from equally frequent to all samples in the first class. */
export const TAILS = [0, 1, 2, 3, 0, 1, ALL_IN_FIRST];
export const FLAT_TAILS = [0, 1, 2, 0, 1, 3];
export const RHOS: readonly (number | 'boundary')[] = [
  0.5,
  0.5,
  0.5,
  0.3,
  0.75,
  0.75,
  0.1,
  0.9,
  1,
  'boundary',
  'boundary',
  'boundary',
];
/** Unlabelled samples, in percent. */
export const UNLABELLED = [0, 0, 10, 40];
/** 0 puts ties, and 1 distances on a lattice, on the kink of the hinge. */
export const MARGINS: readonly number[] = [0.5, 0, 0, 0.25, 0.3, 1, 1, 2];

const BINS: readonly number[] = [17, 2, 5, 33, 100, 300, 300, 513];

/** undefined is the default of the level; a distance of one half lies on the ends of [−0.5, 0.5]. */
const RANGES: readonly (readonly [number, number] | undefined)[] = [
  undefined,
  undefined,
  [0, 4],
  [-0.5, 0.5],
  [-0.5, 0.5],
  [0.25, 1.5],
  [-1, 0.5],
];

/** With these, most distances between scores and features of the coarsest kinds lie at kinks. */
const AT_KINKS = {
  scores: ['halves', 'flat', 'eighths'],
  margins: [0.5, 0, 1, 0.25],
  bins: [17, 5, 9, 2, 33],
  ranges: [[-0.5, 0.5], [-1, 3], [0, 2], [-1, 0.5], undefined],
} as const;

/** α of a case; the others are drawn. */
const ALPHAS = [
  1,
  'trained',
  0,
  0.5,
  'hundredths',
  'log-uniform',
  1,
  'trained',
  0.25,
  'log-uniform',
] as const;

export const MOSTLY = [true, true, true, true, true, false];
export const HALF = [true, false];
export const THIRD = [true, false, false];

/** Most errors show in ties. Computing 1 − p, which only multi-label data invite, shows in extremes. */
const KINDS: Record<Encoding, readonly ScoreKind[]> = {
  categorical: ['flat', 'halves', 'eighths', 'tenths', 'fine', 'extreme'],
  'multi-label': [
    'flat',
    'halves',
    'eighths',
    'fine',
    'extreme',
    'near-zero',
    'near-zero',
    'near-zero',
    'near-zero',
  ],
  'one-attribute': ['flat', 'halves', 'eighths', 'tenths', 'fine', 'extreme'],
};

export function wantsTriplets({ kinks = false, triplets = kinks }: CaseOptions): boolean {
  return triplets;
}

/** The margins that cases of a kind need. */
export function marginsOf({ oddities = [], kinks }: CaseOptions): readonly number[] {
  if (oddities.includes('large-margin')) return LARGE_MARGINS;
  if (oddities.includes('near-kinks')) return [MARGIN_NEAR_KINKS];
  return kinks ? AT_KINKS.margins : MARGINS;
}

export function binsOf({ oddities = [], kinks }: CaseOptions): readonly number[] {
  if (oddities.includes('many-bins')) return MANY_BINS;
  if (oddities.includes('on-nodes')) return NODES.bins;
  return kinks ? AT_KINKS.bins : BINS;
}

export function rangesOf({
  oddities = [],
  kinks,
}: CaseOptions): readonly (readonly [number, number] | undefined)[] {
  if (oddities.includes('on-nodes')) return NODES.ranges;
  return kinks ? AT_KINKS.ranges : RANGES;
}

export function scoresOf(
  encoding: Encoding,
  { ties, kinks, coarse, fromLogits }: CaseOptions,
): readonly ScoreKind[] {
  if (ties === false) return ['fine'];
  if (kinks) return AT_KINKS.scores;
  const kinds = KINDS[fromLogits ? 'categorical' : encoding];
  return coarse ? kinds : [...kinds, 'double'];
}

/** A number from 0 to 1 of a place. */
function shareAt({ seed, index }: Place, deck: number): number {
  return mixed(mixed(seed || 1, deck) | 1, index) / 2 ** 32;
}

export function alphaAt(place: Place): number {
  const kind = dealt(ALPHAS, place, DECK.alpha);
  if (kind === 'hundredths') return Math.round(100 * shareAt(place, DECK.ofAlpha)) / 100;
  if (kind === 'log-uniform') return logUniformAlpha(shareAt(place, DECK.ofAlpha));
  return kind === 'trained' ? dealt(TRAINED_ALPHAS, place, DECK.ofAlpha) : kind;
}

/** One margin, or one per attribute. */
export function marginAt(place: Place, margins: readonly number[], attributes: number): number | number[] {
  if (dealt(THIRD, place, DECK.isByAttribute)) return dealt(margins, place, DECK.margin);
  const lot = mixed(mixed(place.seed || 1, DECK.margin) | 1, place.index);
  return Array.from({ length: attributes }, (_, j) => pick(margins, lot, j));
}
