/**
 * A case of one kind: what is drawn for its samples and options, and the batch that is made of it.
 *
 * @module
 */
import fc from 'fast-check';
import type { Comparison, Encoding, Level } from '../../spec/index.js';
import { createBatch, resolveOptions } from '../../spec/index.js';
import { anchorChoice } from './anchor-choice.js';
import { boundaryRho, sufficientRho } from './boundary-rho.js';
import type { Case, CaseOptions } from './case.js';
import type { CaseCapabilities } from './case-capabilities.js';
import { dealtShuffle } from './dealt-shuffle.js';
import { toLabel } from './drawn-label.js';
import { FAR, featureRows, WIDEST } from './feature-rows.js';
import { madeOnce } from './made-once.js';
import { LARGE_KAPPAS, SUBNORMAL, TINY, WIDTHS_OF_FEW } from './oddities.js';
import {
  ALL_IN_FIRST,
  alphaAt,
  binsOf,
  DECK,
  FLAT_TAILS,
  HALF,
  MARGINS,
  MOSTLY,
  marginAt,
  marginsOf,
  RHOS,
  rangesOf,
  scoresOf,
  TAILS,
  THIRD,
  UNLABELLED,
  wantsTriplets,
} from './option-decks.js';
import { optionsFirst } from './options-first.js';
import { chosen, dealt, type Place } from './planned.js';
import { drawList, drawOf, drawRecord, rowsOf } from './rows.js';
import { FINEST, LOGIT, PROBABILITY } from './score-kinds.js';

/** What is computed from a batch. */
export interface Kind {
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
};

const [drawPercent, drawScore, drawPlace] = [drawOf(DRAWN.percent), drawOf(DRAWN.score), drawOf(DRAWN.place)];

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

export function rawCase(
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
      defaultMargin: chosen([false], dealt(THIRD, place, DECK.isDefaultMargin)),
      besides: chosen([false], dealt(THIRD, place, DECK.hasFeatures)), // at class level, where nothing reads them
      shuffle: dealtShuffle(place),
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
        draws.map((draw, l) => toLabel(encoding, l, attributes[l] as number, draw, raw)),
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
    const isLone = encoding === 'categorical' && attributes.includes(1) && raw.boundary.choice % 2 === 0;
    const survives = raw.tail === ALL_IN_FIRST || (isLone && !wanted.rhoAtLimit);
    const rho = survives ? 1 : raw.rho === 'boundary' ? boundaryRho(batch, raw.boundary) : raw.rho;
    // one that falls short of a limit by a rounding stays, whatever it leaves
    const isSufficient = raw.isSufficient && !(raw.rho === 'boundary' && raw.boundary.below && !survives);
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
