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
import { boundaryRho } from './boundary-rho.js';
import type { CaseCapabilities } from './case-capabilities.js';
import type { Choices } from './choices.js';
import { madeOnce } from './made-once.js';
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
  WIDTHS,
} from './oddities.js';
import { optionsFirst } from './options-first.js';
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
  /** Something out of the ordinary. Default: none. */
  readonly oddity?: Oddity;
}

/** The case as a JSON document, as `crl explain` reads it. */
export function caseDocument({ batch, options }: Pick<Case, 'batch' | 'options'>): BatchDocument {
  return writeDocument(batch, options);
}

const ALL_IN_FIRST = 400;
/** How much rarer each class is than the one before: from equally frequent to all samples in the first class. */
const TAILS = [0, 1, 2, 3, 0, 1, 2, ALL_IN_FIRST];
/** Above a block of 64, at a full one of 256, and above both. The properties of scale have all the edges. */
const BLOCK_EDGES = [65, 256, 257, 257, 257];
/** Features so far from the origin that float32 cannot hold their squares, but can hold their differences. */
const FAR = 4096;
/** Above a vector of 4 and one of 8 numbers, the longest that engines work in. */
const WIDEST = 9;
const RHOS = [0.5, 0.5, 0.5, 0.3, 0.75, 0.75, 0.1, 0.9, 1];
/** 0 puts ties, and 1 distances on a lattice, on the kink of the hinge. */
const MARGINS = [0.5, 0, 0, 0.25, 0.3, 1, 1, 2];

const BINS: readonly number[] = [17, 2, 5, 33, 100, 300];

/** Most errors show in ties. Computing 1 − p, which only multi-label data invite, shows in extremes. */
const KINDS: Record<Encoding, readonly ScoreKind[]> = {
  categorical: ['flat', 'halves', 'eighths', 'tenths', 'fine', 'extreme'],
  'multi-label': ['flat', 'halves', 'eighths', 'tenths', 'fine', 'extreme', 'extreme', 'extreme', 'extreme'],
  'one-attribute': ['flat', 'halves', 'eighths', 'tenths', 'fine', 'extreme'],
};

/** Cases that a backend with these capabilities must handle. */
export function cases(supports: CaseCapabilities, wanted: CaseOptions = {}): fc.Arbitrary<Case> {
  const { blockEdges = true, samples = 24, coarse = supports.precision === 'float32' } = wanted;
  const scoresOnly = wanted.classLevel || wanted.ties === false;
  const { oddity } = wanted;
  const shownAt = levelOf(oddity);
  const levels = supports.levels.filter((level) => (scoresOnly ? level === 'class' : true));
  const shownIn = comparisonOf(oddity);
  const shown = supports.comparisons.filter((one) => shownIn === undefined || one === shownIn);
  const telling = levels.filter((level) => shownAt === undefined || level === shownAt);
  // without bias: fast-check's preference for small numbers would make most batches too small to go wrong
  const ordinary = fc.noBias(fc.integer({ min: 1, max: samples })).map((n) => ({ n, edge: false }));
  const edge = fc.constantFrom(...BLOCK_EDGES).map((n) => ({ n, edge: true }));
  const middling = fc.noBias(fc.integer(MIDDLING)).map((n) => ({ n, edge: true }));
  const size =
    oddity === 'middling-size'
      ? middling
      : blockEdges && oddity === undefined
        ? fc.oneof(
            { withCrossShrink: true },
            { weight: 32, arbitrary: ordinary },
            { weight: 1, arbitrary: edge },
          )
        : ordinary;
  return fc
    .record({
      encoding: fc.constantFrom(...supports.encodings),
      level: fc.constantFrom(...(telling.length > 0 ? telling : levels)),
      comparison: fc.constantFrom(...(shown.length > 0 ? shown : supports.comparisons)),
      size,
    })
    .chain(({ size: { n, edge: large }, ...kind }) =>
      (oddity === 'many-attributes'
        ? fc.nat().map((lot) => manyAttributes(kind.encoding, lot))
        : classCounts(kind.encoding)
      ).chain((attributes) => rawCase(kind, attributes, n, large, { ...wanted, coarse }, supports)),
    );
}

/** Batches of probabilities and of logits, which a backend may read by different code. */
export function bothForms(supports: CaseCapabilities, wanted: CaseOptions = {}): fc.Arbitrary<Case> {
  return fc.oneof(
    { weight: 2, arbitrary: cases(supports, wanted) },
    { weight: 1, arbitrary: cases(supports, { ...wanted, fromLogits: true }) },
  );
}

function classCounts(encoding: Encoding): fc.Arbitrary<number[]> {
  if (encoding === 'multi-label') return fc.array(fc.constant(2), { minLength: 1, maxLength: 4 });
  if (encoding === 'one-attribute') return fc.integer({ min: 1, max: 8 }).map((k) => [k]);
  return fc.oneof(
    fc.integer({ min: 2, max: 3 }).map((k) => [k]), // few classes are large classes, in which κ leaves samples out
    fc.integer({ min: 1, max: 8 }).map((k) => [k]),
    fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
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
  fine: fc.constant<ScoreKind>('fine'),
  smallKappa: fc.integer({ min: 1, max: 8 }),
  largeKappa: fc.constantFrom(...LARGE_KAPPAS),
  tail: fc.constantFrom(...TAILS),
  presentFirst: fc.boolean(),
  unlabelled: fc.constantFrom(0, 0, 10, 40),
  rho: fc.constantFrom<number | 'boundary'>(...RHOS, 'boundary', 'boundary'),
  boundary: fc.record({ choice: fc.nat(99), below: fc.constantFrom(false, false, true) }),
  range: fc.constantFrom<readonly [number, number] | undefined>(
    undefined,
    undefined,
    [0, 4],
    [-0.5, 0.5], // a distance of one half lies on its ends
    [-0.5, 0.5],
    [0.25, 1.5],
    [-1, 0.5],
  ),
  defaultMargin: fc.boolean(),
  besides: fc.constantFrom(false, false, true), // features beside the scores, at class level
  shuffle: fc.nat(),
  alpha: fc.oneof(
    fc.constantFrom(1, 0.5, 0.25, 0),
    fc.nat(100).map((x) => x / 100),
    fc.constantFrom(...TRAINED_ALPHAS),
    fc.noBias(fc.nat(FINEST)).map((x) => logUniformAlpha(x / FINEST)),
  ),
};

const [drawPercent, drawScore, drawPlace] = [drawOf(DRAWN.percent), drawOf(DRAWN.score), drawOf(DRAWN.place)];

/** Margins that an oddity needs; the usual ones without. */
function marginsOf(oddity: Oddity | undefined): readonly number[] {
  if (oddity === 'large-margin') return LARGE_MARGINS;
  return oddity === 'near-kinks' ? [MARGIN_NEAR_KINKS] : MARGINS;
}

/** What is drawn alike for every case of one kind: made once for each. */
const MADE = {
  kind: madeOnce((encoding: Encoding, coarse: boolean) =>
    fc.constantFrom(...KINDS[encoding], ...(coarse ? [] : (['double'] as const))),
  ),
  // above every class size, but not where there would be too many triplets
  kappa: madeOnce((n: number) =>
    fc.oneof(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: n + 3 }),
    ),
  ),
  margin: madeOnce((oddity: Oddity | undefined, attributes: number) => {
    const one = fc.constantFrom(...marginsOf(oddity));
    return fc.oneof(one, fc.array(one, { minLength: attributes, maxLength: attributes }));
  }),
  bins: madeOnce((oddity: Oddity | undefined) =>
    fc.constantFrom(...(oddity === 'many-bins' ? MANY_BINS : oddity === 'on-nodes' ? NODES.bins : BINS)),
  ),
  features: madeOnce((coarse: boolean) =>
    fc.record({
      width: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: WIDEST })),
      perAttribute: fc.boolean(),
      origin: fc.constantFrom(0, -2, FAR),
      step: fc.constantFrom(...(coarse ? [1] : [1, 1, 2 ** -26])),
      wide: fc.constantFrom(...WIDTHS),
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

function rawCase(
  { encoding, level, comparison }: Kind,
  attributes: number[],
  n: number,
  large: boolean,
  wanted: CaseOptions,
  supports: CaseCapabilities,
): fc.Arbitrary<Case> {
  const width = encoding === 'multi-label' ? attributes.length : attributes.reduce((a, b) => a + b, 0);
  const labelWidth = encoding === 'categorical' ? attributes.length : width;
  const { coarse = false, oddity } = wanted;
  const margins = marginsOf(oddity);
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
      kind: wanted.ties === false ? DRAWN.fine : MADE.kind(encoding, coarse),
      tail: DRAWN.tail,
      presentFirst: DRAWN.presentFirst,
      unlabelled: DRAWN.unlabelled,
      // above every class size, but not where there would be too many triplets
      kappa: large ? DRAWN.smallKappa : oddity === 'large-kappa' ? DRAWN.largeKappa : MADE.kappa(n),
      rho: DRAWN.rho,
      boundary: DRAWN.boundary,
      margin: MADE.margin(oddity, attributes.length),
      bins: MADE.bins(oddity),
      range: DRAWN.range,
      features: MADE.features(coarse),
      unscored: MADE.unscored(wanted.unscored ?? false),
      defaultMargin: DRAWN.defaultMargin,
      besides: DRAWN.besides,
      shuffle: DRAWN.shuffle,
      alpha: DRAWN.alpha,
    },
    'rows',
  ).map((raw): Case => {
    const toScore =
      wanted.oddity === 'tiny-scores'
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
    const alone = raw.tail === ALL_IN_FIRST && raw.shuffle % 2 === 0;
    const options = resolveOptions(batch, {
      level,
      comparison,
      anchors: wanted.anchors ?? anchorChoice(supports, batch, raw.shuffle),
      kappa: raw.kappa,
      bins: raw.bins,
      ...(raw.range ? { range: raw.range } : {}),
      ...(wanted.oddity === 'on-nodes' ? { range: NODES.range } : {}),
      ...(raw.defaultMargin && margins === MARGINS ? {} : { margin: raw.margin }),
      rho: alone ? 1 : raw.rho === 'boundary' ? boundaryRho(batch, raw.boundary) : raw.rho,
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
  { oddity, coarse = false }: CaseOptions,
): number[][] | number[][][] {
  const ofDraws = (draws: readonly number[], isRare: boolean): number[] => {
    if (oddity === 'wide-features') return oddFeatures(draws, wide, false);
    if (oddity === 'fine-features') return oddFeatures(draws, 1, true);
    if (oddity === 'near-kinks') return featureNearKinks(draws, isRare, coarse);
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
