/**
 * Random batches with what is easy to get wrong: ties, empty and one-sample classes, long tails,
 * unlabelled samples, class sizes on the limit ρ·n_j, κ above every class size, sizes across block edges.
 *
 * A float32 backend is given scores that float32 holds exactly (ruling: precision).
 *
 * @module
 */

import fc from 'fast-check';
import type { Encoding } from '../../spec/index.js';
import type { Case, CaseOptions } from './case.js';
import type { CaseCapabilities } from './case-capabilities.js';
import { comparisonOf, levelOf, MIDDLING, manyAttributes } from './oddities.js';
import { DECK } from './option-decks.js';
import { alternating, chosen, dealt, type Place, planned, rarely } from './planned.js';
import { type Kind, rawCase } from './raw-case.js';

export { type Case, type CaseOptions, caseDocument } from './case.js';

/** Above a block of 64, at a full one of 256, and above both. The properties of scale have all the edges. */
const BLOCK_EDGES = [65, 256, 257, 257, 257];
/** One case in so many is larger than a block. */
const EDGE = [true, ...new Array<boolean>(24).fill(false)];
/** Up to so few samples there is seldom a class of two and another one. */
const FEW = 3;
const FEW_TURNS = [true, ...new Array<boolean>(11).fill(false)];
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
