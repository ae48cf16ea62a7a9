/**
 * Random batches with what is easy to get wrong: ties, empty and one-sample classes, long tails,
 * unlabelled samples, class sizes on the limit ρ·n_j, κ above every class size, sizes across block edges.
 *
 * A float32 backend is given scores that float32 holds exactly (ruling: precision).
 *
 * @module
 */

import fc from 'fast-check';
import type {
  AnchorChoice,
  BalancedOptions,
  Batch,
  BatchDocument,
  Comparison,
  Encoding,
  Level,
} from '../../spec/index.js';
import { createBatch, resolveOptions, writeDocument } from '../../spec/index.js';
import { logUniformAlpha, TRAINED_ALPHAS } from './alphas.js';
import { anchorChoice } from './anchor-choice.js';
import { boundaryRho, sufficientRho } from './boundary-rho.js';
import type { CaseCapabilities } from './case-capabilities.js';
import type { Choices } from './choices.js';
import { madeOnce } from './made-once.js';
import { mixed, pick } from './mixed.js';
import {
  comparisonOf,
  featureNearKinks,
  LARGE_KAPPAS,
  LARGE_MARGINS,
  levelOf,
  MANY_BINS,
  MARGIN_NEAR_KINKS,
  MIDDLING,
  manyAttributes,
  NODES,
  type Oddity,
  oddFeatures,
  SUBNORMAL,
  TINY,
  WIDTHS_OF_FEW,
} from './oddities.js';
import { optionsFirst } from './options-first.js';
import { alternating, chosen, dealt, type Place, planned, rarely } from './planned.js';
import { drawList, drawOf, drawRecord, rowsOf } from './rows.js';
import { FINEST, LOGIT, PROBABILITY, type ScoreKind } from './score-kinds.js';

/** One case: a batch with all options resolved. */
export interface Case {
  readonly batch: Batch;
  readonly options: BalancedOptions;
  /** A number from which properties draw what else they need, such as a permutation. */
  readonly shuffle: number;
  /** The conditions that were drawn, of a combined case. */
  readonly choices?: Choices;
}

/** The kind of cases that a property needs. */
export interface CaseOptions {
  /** Whether scores are logits. Default false. */
  readonly fromLogits?: boolean;
  /** Whether a column may have equal scores; if not, cases are of class level only. Default true. */
  readonly ties?: boolean;
  /** The most samples of an ordinary case. Default 24. */
  readonly samples?: number;
  /** Whether cases are of class level only. Default false. */
  readonly classLevel?: boolean;
  /** Whether scores may be left out at instance level. Default false. */
  readonly unscored?: boolean;
  /** Whether a few cases are larger than the block edges 64 and 256. Default true. */
  readonly blockEdges?: boolean;
  /** Whether float32 holds all numbers exactly, and features lie on a lattice. Default: true for a float32 backend. */
  readonly coarse?: boolean;
  /** The anchors of all cases, which have scores then. Default: easy ones in every fourth case of a backend that has them. */
  readonly anchors?: AnchorChoice;
  /** What is out of the ordinary. Default: nothing. */
  readonly oddities?: readonly Oddity[];
  /**
   * Whether scores, features and options lie on small lattices, so that most distances lie at kinks: of the
   * hinge, at 0, at nodes and ends of histograms. Default false.
   */
  readonly kinks?: boolean;
  /** Whether nearly all cases have triplets; a few have no minority class. Default: true at kinks, else false. */
  readonly triplets?: boolean;
  /** Whether ρ·n_j always lies at, or a rounding below, the size of some classes. Default false. */
  readonly rhoAtLimit?: boolean;
}

/** The case as a JSON document, as `crl explain` reads it. */
export function caseDocument({ batch, options }: Pick<Case, 'batch' | 'options'>): BatchDocument {
  return writeDocument(batch, options);
}

const ALL_IN_FIRST = 400;
/** How much rarer each class is than the one before: from equally frequent to all samples in the first class. */
const TAILS = [0, 1, 2, 3, 0, 1, ALL_IN_FIRST];
const FLAT_TAILS = [0, 1, 2, 0, 1, 3];
/** Above a block of 64, at a full one of 256, and above both. The properties of scale have all the edges. */
const BLOCK_EDGES = [65, 256, 257, 257, 257];
/** Features so far from the origin that float32 cannot hold their squares, but can hold their differences. */
const FAR = 4096;
/** Above a vector of 4 and one of 8 numbers, the longest that engines work in. */
const WIDEST = 9;
const RHOS: readonly (number | 'boundary')[] = [
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
const UNLABELLED = [0, 0, 10, 40];
/** 0 puts ties, and 1 distances on a lattice, on the kink of the hinge. */
const MARGINS: readonly number[] = [0.5, 0, 0, 0.25, 0.3, 1, 1, 2];

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

/** What is dealt from decks, each of which is shuffled independently. */
const DECK = {
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

/** One case in so many is larger than a block. */
const EDGE = [true, ...new Array<boolean>(24).fill(false)];
/** Up to so few samples there is seldom a class of two and another one. */
const FEW = 3;
const FEW_TURNS = [true, ...new Array<boolean>(11).fill(false)];
const MOSTLY = [true, true, true, true, true, false];
const HALF = [true, false];
const THIRD = [true, false, false];

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

/** Cases that a backend with these capabilities must handle. */
export function cases(supports: CaseCapabilities, wanted: CaseOptions = {}): fc.Arbitrary<Case> {
  const {
    blockEdges = true,
    samples = 24,
    coarse = supports.precision === 'float32',
    oddities = [],
  } = wanted;
  const kinds = kindsOf(supports, wanted);
  // without bias: fast-check's preference for small numbers would make most batches too small to go wrong
  const upTo = (min: number, max: number) =>
    fc.noBias(fc.integer({ min, max })).map((n) => ({ n, edge: false }));
  const [few, ordinary] = [upTo(1, FEW), upTo(Math.min(FEW + 1, samples), samples)];
  const middling = fc.noBias(fc.integer(MIDDLING)).map((n) => ({ n, edge: true }));
  const sizeAt = (place: Place) => {
    if (oddities.includes('middling-size')) return middling;
    const isEdge = blockEdges && oddities.length === 0 && dealt(EDGE, place, DECK.edge);
    if (!isEdge) return dealt(FEW_TURNS, place, DECK.hasFew) ? few : rarely(ordinary, few);
    const n = dealt(BLOCK_EDGES, { ...place, index: Math.floor(place.index / EDGE.length) }, DECK.edgeSize);
    return rarely(fc.constant({ n, edge: true }), few);
  };
  return planned((place) => {
    const kind = dealt(kinds.all, place, DECK.kind);
    return fc
      .record({
        encoding: chosen(kinds.encodings, kind.encoding),
        level: chosen(kinds.levels, kind.level),
        comparison: chosen(kinds.comparisons, kind.comparison),
        size: sizeAt(place),
      })
      .chain(({ size: { n, edge: large }, ...own }) =>
        (oddities.includes('many-attributes')
          ? fc.nat().map((lot) => manyAttributes(own.encoding, lot))
          : classCounts(own.encoding)
        ).chain((attributes) =>
          rawCase(own, attributes, { n, large, place }, { ...wanted, coarse }, supports),
        ),
      );
  });
}

/** The encodings, levels and comparisons of cases, and all that combine them. */
function kindsOf(supports: CaseCapabilities, { classLevel, ties, kinks, oddities = [] }: CaseOptions) {
  const { encodings } = supports;
  // the absolute comparison has no kinks
  const withKinks = supports.comparisons.filter((one) => one !== 'absolute');
  const among = <T>(all: readonly T[], one: T | undefined) =>
    one !== undefined && all.includes(one) ? [one] : all;
  const levels = among(supports.levels, classLevel || ties === false ? 'class' : levelOf(oddities));
  const able = kinks && withKinks.length > 0 ? withKinks : supports.comparisons;
  const comparisons = among(able, comparisonOf(oddities));
  const all = encodings.flatMap((encoding) =>
    levels.flatMap((level) => comparisons.map((comparison): Kind => ({ encoding, level, comparison }))),
  );
  return { encodings, levels, comparisons, all };
}

/** Batches of probabilities and of logits, which a backend may read by different code. */
export function bothForms(supports: CaseCapabilities, wanted: CaseOptions = {}): fc.Arbitrary<Case> {
  const probabilities = cases(supports, wanted);
  return alternating(probabilities, cases(supports, { ...wanted, fromLogits: true }), probabilities);
}

const SEVERAL = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 3 });

function classCounts(encoding: Encoding): fc.Arbitrary<number[]> {
  // without bias: a single class, and a single attribute, would come too often
  if (encoding === 'multi-label') return fc.noBias(fc.array(fc.constant(2), { minLength: 1, maxLength: 4 }));
  if (encoding === 'one-attribute') return fc.noBias(fc.integer({ min: 1, max: 8 })).map((k) => [k]);
  return fc.noBias(
    fc.oneof(
      fc.integer({ min: 2, max: 3 }).map((k) => [k]), // few classes are large classes, in which κ leaves samples out
      fc.integer({ min: 1, max: 8 }).map((k) => [k]),
      SEVERAL,
      SEVERAL,
    ),
  );
}

/** What is computed from a batch. */
interface Kind {
  readonly encoding: Encoding;
  readonly level: Level;
  readonly comparison: Comparison;
}

/** What is drawn alike for every case: made once, since a case takes less time to draw than its generators to make. */
const DRAWN = {
  percent: fc.nat(99),
  score: fc.nat(FINEST),
  place: fc.nat(4),
  smallestKappa: fc.integer({ min: 1, max: 3 }),
  smallKappa: fc.integer({ min: 1, max: 8 }),
  largeKappa: fc.constantFrom(...LARGE_KAPPAS),
  boundary: fc.record({ choice: fc.nat(99), below: fc.constantFrom(false, false, true) }),
  shuffle: fc.nat(),
};

const [drawPercent, drawScore, drawPlace] = [drawOf(DRAWN.percent), drawOf(DRAWN.score), drawOf(DRAWN.place)];

function wantsTriplets({ kinks = false, triplets = kinks }: CaseOptions): boolean {
  return triplets;
}

/** The margins that cases of a kind need. */
function marginsOf({ oddities = [], kinks }: CaseOptions): readonly number[] {
  if (oddities.includes('large-margin')) return LARGE_MARGINS;
  if (oddities.includes('near-kinks')) return [MARGIN_NEAR_KINKS];
  return kinks ? AT_KINKS.margins : MARGINS;
}

function binsOf({ oddities = [], kinks }: CaseOptions): readonly number[] {
  if (oddities.includes('many-bins')) return MANY_BINS;
  if (oddities.includes('on-nodes')) return NODES.bins;
  return kinks ? AT_KINKS.bins : BINS;
}

function rangesOf({ oddities = [], kinks }: CaseOptions): readonly (readonly [number, number] | undefined)[] {
  if (oddities.includes('on-nodes')) return NODES.ranges;
  return kinks ? AT_KINKS.ranges : RANGES;
}

function scoresOf(
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

function alphaAt(place: Place): number {
  const kind = dealt(ALPHAS, place, DECK.alpha);
  if (kind === 'hundredths') return Math.round(100 * shareAt(place, DECK.ofAlpha)) / 100;
  if (kind === 'log-uniform') return logUniformAlpha(shareAt(place, DECK.ofAlpha));
  return kind === 'trained' ? dealt(TRAINED_ALPHAS, place, DECK.ofAlpha) : kind;
}

/** One margin, or one per attribute. */
function marginAt(place: Place, margins: readonly number[], attributes: number): number | number[] {
  if (!dealt(HALF, place, DECK.isByAttribute)) return dealt(margins, place, DECK.margin);
  const lot = mixed(mixed(place.seed || 1, DECK.margin) | 1, place.index);
  return Array.from({ length: attributes }, (_, j) => pick(margins, lot, j));
}

/** What is drawn alike for every case of one kind: made once for each. */
const MADE = {
  // above every class size, but not where there would be too many triplets
  kappa: madeOnce((n: number) =>
    fc.oneof(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: n + 3 }),
    ),
  ),
  features: madeOnce((coarse: boolean, atKinks: boolean) =>
    fc.record({
      width: atKinks
        ? fc.constantFrom(1, 1, 2)
        : fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: WIDEST })),
      perAttribute: fc.boolean(),
      origin: atKinks ? fc.constant(0) : fc.constantFrom(0, -2, FAR),
      step: fc.constantFrom(...(coarse || atKinks ? [1] : [1, 1, 2 ** -26])),
      wide: fc.constantFrom(...WIDTHS_OF_FEW),
    }),
  ),
  unscored: madeOnce((isAllowed: boolean) => fc.constantFrom(false, false, isAllowed)),
};

/** What a sample is made of. */
interface RowDraws {
  readonly label: [number, number][];
  readonly score: number[];
  readonly feature: number[];
}

/** How many samples a case has, and which case it is. */
interface Extent {
  readonly n: number;
  /** Whether the case would take long if κ were large too. */
  readonly large: boolean;
  readonly place: Place;
}

function rawCase(
  { encoding, level, comparison }: Kind,
  attributes: number[],
  { n, large, place }: Extent,
  wanted: CaseOptions,
  supports: CaseCapabilities,
): fc.Arbitrary<Case> {
  const width = encoding === 'multi-label' ? attributes.length : attributes.reduce((a, b) => a + b, 0);
  const labelWidth = encoding === 'categorical' ? attributes.length : width;
  const { coarse = false, kinks = false, oddities = [] } = wanted;
  const margins = marginsOf(wanted);
  const atKinks = kinks || oddities.includes('on-nodes');
  const dealing = <T>(list: readonly T[], deck: number) => chosen(list, dealt(list, place, deck));
  const tiny = coarse ? TINY : SUBNORMAL;
  const listOf = <T>(one: fc.Arbitrary<T>, length: number) =>
    fc.array(one, { minLength: length, maxLength: length });
  // enough for any width and one matrix per attribute; on a small lattice, where squared distances are exact
  const places = WIDEST * attributes.length;
  const row = () =>
    fc.record({
      label: listOf(fc.tuple(DRAWN.percent, DRAWN.percent), labelWidth),
      score: listOf(DRAWN.score, width),
      feature: listOf(DRAWN.place, places),
    });
  const drawRow = drawRecord<RowDraws>({
    label: drawList((...from) => [drawPercent(...from), drawPercent(...from)], labelWidth),
    score: drawList(drawScore, width),
    feature: drawList(drawPlace, places),
  });
  return optionsFirst(
    {
      rows: rowsOf<RowDraws>(row, n, drawRow),
      kind: dealing(scoresOf(encoding, wanted), DECK.scores),
      tail: dealing(wantsTriplets(wanted) ? FLAT_TAILS : TAILS, DECK.tail),
      presentFirst: chosen([false], dealt(HALF, place, DECK.presentFirst)),
      unlabelled: dealing(UNLABELLED, DECK.unlabelled),
      // above every class size, but not where there would be too many triplets
      kappa: large ? DRAWN.smallKappa : oddities.includes('large-kappa') ? DRAWN.largeKappa : MADE.kappa(n),
      rho: dealing(wanted.rhoAtLimit ? (['boundary'] as const) : RHOS, DECK.rho),
      isSufficient: chosen([false], dealt(MOSTLY, place, DECK.isSufficient)),
      boundary: DRAWN.boundary,
      margin: chosen([margins[0] as number], marginAt(place, margins, attributes.length)),
      bins: dealing(binsOf(wanted), DECK.bins),
      range: dealing(rangesOf(wanted), DECK.range),
      features: MADE.features(coarse, atKinks),
      unscored: MADE.unscored(wanted.unscored ?? false),
      defaultMargin: chosen([false], dealt(HALF, place, DECK.isDefaultMargin)),
      besides: chosen([false], dealt(THIRD, place, DECK.hasFeatures)), // at class level, where nothing reads them
      shuffle: DRAWN.shuffle,
      alpha: chosen([1], alphaAt(place)),
    },
    'rows',
  ).map((raw): Case => {
    const toScore = oddities.includes('tiny-scores')
      ? (x: number) => tiny[x % tiny.length] as number
      : (wanted.fromLogits ? LOGIT : PROBABILITY)[raw.kind];
    const batch = createBatch({
      attributes,
      encoding,
      fromLogits: wanted.fromLogits ?? false,
      labels: raw.rows.map(({ label: draws }) =>
        draws.map((draw, l) => toLabel(encoding, attributes[l] as number, draw, raw)),
      ),
      ...(level === 'instance' || raw.besides
        ? {
            features: featureRows(raw.rows, attributes.length, raw.features, wanted),
          }
        : {}),
      ...(level === 'instance' && raw.unscored
        ? {}
        : {
            scores: distinctScores(
              raw.rows.map(({ score }) => score),
              wanted.ties ?? true,
            ).map((row) => row.map(toScore)),
          }),
    });
    // a class of all labelled samples survives only at ρ = 1, and has no negatives
    const rho =
      raw.tail === ALL_IN_FIRST ? 1 : raw.rho === 'boundary' ? boundaryRho(batch, raw.boundary) : raw.rho;
    // one that falls short of a limit by a rounding stays, whatever it leaves
    const isSufficient = raw.isSufficient && !(raw.rho === 'boundary' && raw.boundary.below);
    const options = resolveOptions(batch, {
      level,
      comparison,
      anchors: wanted.anchors ?? anchorChoice(supports, batch, raw.shuffle),
      kappa: raw.kappa,
      bins: raw.bins,
      ...(raw.range ? { range: raw.range } : {}),
      ...(raw.defaultMargin && margins === MARGINS ? {} : { margin: raw.margin }),
      rho: isSufficient ? sufficientRho(batch, rho, raw.boundary.choice) : rho,
    });
    return { batch, options: { ...options, alpha: raw.alpha }, shuffle: raw.shuffle };
  });
}

/** Labels that are drawn from a number this large or larger are mostly of the rarer classes. */
const MOSTLY_RARE = 70;

interface FeatureKind {
  readonly width: number;
  readonly perAttribute: boolean;
  /** Added to every number of the lattice. */
  readonly origin: number;
  /** Factor of every third number of the lattice: small enough, it makes squared distances differ whose roots are equal. */
  readonly step: number;
  /** The width of features that are unusually wide. */
  readonly wide: number;
}

/** n×width, shared by all attributes; or one such matrix per attribute. */
function featureRows(
  rows: readonly { readonly label: readonly (readonly number[])[]; readonly feature: readonly number[] }[],
  attributes: number,
  { width, perAttribute, origin, step, wide }: FeatureKind,
  { oddities = [], coarse = false }: CaseOptions,
): number[][] | number[][][] {
  const ofDraws = (draws: readonly number[], isRare: boolean): number[] => {
    if (oddities.includes('wide-features')) return oddFeatures(draws, wide, false);
    if (oddities.includes('fine-features')) return oddFeatures(draws, 1, true);
    if (oddities.includes('near-kinks')) return featureNearKinks(draws, isRare, coarse);
    return draws.slice(0, width).map((x, t) => origin + (t % 3 === 1 ? x * step : x));
  };
  const matrix = (j: number) =>
    rows.map(({ label: [first], feature }) =>
      ofDraws(feature.slice(WIDEST * j, WIDEST * (j + 1)), (first?.[0] ?? 0) >= MOSTLY_RARE),
    );
  return perAttribute ? Array.from({ length: attributes }, (_, j) => matrix(j)) : matrix(0);
}

interface LabelKind {
  /** The larger, the rarer are the higher classes. */
  readonly tail: number;
  /** Whether present is the frequent side of binary labels. */
  readonly presentFirst: boolean;
  /** In percent. */
  readonly unlabelled: number;
}

/** A label from a long-tailed distribution. */
function toLabel(
  encoding: Encoding,
  classes: number,
  [draw, lot]: [number, number],
  { tail, presentFirst, unlabelled }: LabelKind,
): number {
  const skewed = (draw / 100) ** (1 + tail);
  if (encoding === 'one-attribute') return +(skewed > 0.4);
  if (lot < unlabelled) return -1;
  if (encoding === 'categorical') return Math.floor(skewed * classes);
  const side = Math.floor(skewed * 2);
  return presentFirst ? 1 - side : side;
}

/** Without ties, the draws of a column are replaced by their ranks, spread out, which are all different. */
function distinctScores(rows: number[][], ties: boolean): number[][] {
  if (ties) return rows;
  const spread = Math.floor(FINEST / (rows.length + 1));
  const rank = (i: number, s: number) => {
    const own = rows[i]?.[s] as number;
    return rows.filter((row, k) => (row[s] as number) < own || (row[s] === own && k < i)).length;
  };
  return rows.map((row, i) => row.map((_, s) => (rank(i, s) + 1) * spread));
}
