/**
 * Errors of rounding that a right backend of the declared precision does not make: in the distances of
 * features, in α, and in the order in which a sum is taken where the order decides.
 *
 * @module
 */
import {
  type Batch,
  featuresOf,
  hardest,
  type Pair,
  pairDistance,
  type Side,
  tripletPairs,
} from '../../spec/index.js';
import type { Stages } from './compose.js';
import { readingAlpha, readingOptions } from './conditions.js';
import { lossBy, mining, slopesBy } from './replace.js';
import { type WrongBackend, wrongStages } from './wrong-backend.js';

const MINING = 'mining-agrees-on-combinations';
const BALANCED = 'balanced-agrees-on-combinations';

/** Wrong backends of precision. */
export const precision: readonly WrongBackend[] = [
  wrongStages(
    'alpha-in-whole-percent',
    'α rounded to whole per cents',
    BALANCED,
    readingAlpha((alpha) => Math.round(100 * alpha) / 100),
  ),
  wrongStages(
    'alpha-in-thousandths',
    'α rounded to three places',
    BALANCED,
    readingAlpha((alpha) => Math.round(1000 * alpha) / 1000),
  ),
  wrongStages(
    'alpha-in-half',
    'α as a half-float',
    'balanced-agrees',
    readingAlpha((alpha) => bits(alpha, 11)),
    { precision: 'float32' },
  ),
  wrongStages(
    'alpha-in-float32',
    'α in float32, of a float64 backend',
    'balanced-agrees',
    readingAlpha(Math.fround),
  ),
  wrongStages(
    'small-alpha-dropped',
    'an α below 0.0001 is taken as 0',
    BALANCED,
    readingAlpha((alpha) => (alpha < 1e-4 ? 0 : alpha)),
  ),
  wrongStages(
    'large-alpha-as-one',
    'an α above 0.99 is taken as 1',
    BALANCED,
    readingAlpha((alpha) => (alpha > 0.99 ? 1 : alpha)),
  ),
  wrongStages(
    'range-in-float32',
    'the ends of the histograms in float32, of a float64 backend',
    BALANCED,
    readingOptions(({ range: [lo, hi] }) => ({ range: [Math.fround(lo), Math.fround(hi)] })),
  ),
  ranked('gram-in-float64', 'distances as sqrt(|a|² + |b|² − 2a·b), in float64', (a, b) =>
    Math.sqrt(Math.max(0, dot(a, a) + dot(b, b) - 2 * dot(a, b))),
  ),
  ranked('float32-sums', 'distances summed in float32, of a float64 backend', (a, b) =>
    Math.sqrt(a.reduce((sum, x, t) => Math.fround(sum + (x - (b[t] as number)) ** 2), 0)),
  ),
  ranked('components-backwards', 'the components of a distance summed from the last to the first', (a, b) =>
    Math.sqrt(a.reduceRight((sum, x, t) => sum + (x - (b[t] as number)) ** 2, 0)),
  ),
  ranked('components-in-four-lanes', 'the components of a distance summed in four lanes', (a, b) =>
    Math.sqrt(inLanes(4, a, b)),
  ),
  ranked(
    'wide-components-in-eight-lanes',
    'above 64 components, those of a distance are summed in eight lanes',
    (a, b) => Math.sqrt(a.length > 64 ? inLanes(8, a, b) : squares(a, b)),
  ),
  ranked(
    'components-in-two-halves',
    'above eight components, the two halves of a distance summed apart',
    (a, b) => {
      const half = a.length > 8 ? a.length >> 1 : a.length;
      const of = (from: number, to?: number) => squares(a.slice(from, to), b.slice(from, to));
      return Math.sqrt(of(0, half) + of(half));
    },
  ),
  ranked('hypot', 'Math.hypot instead of the root of a sum', (a, b) =>
    Math.hypot(...a.map((x, t) => x - (b[t] as number))),
  ),
  ranked(
    'tf32-features',
    'features with the eleven significant bits of TF32, of a float32 backend',
    (a, b) =>
      Math.sqrt(
        squares(
          a.map((x) => bits(x, 11)),
          b.map((x) => bits(x, 11)),
        ),
      ),
    'float32',
  ),
  ranked(
    'fixed-point-components',
    'features as multiples of 1/256, of a float32 backend',
    (a, b) => Math.sqrt(squares(a.map(toFixedPoint), b.map(toFixedPoint))),
    'float32',
  ),
  wrongStages(
    'float32-loss-sum',
    'relative: the terms of the triplets summed in float32, of a float64 backend',
    'balanced-agrees',
    lossBy((walk) => (walk.options.comparison === 'relative' ? Math.fround(walk.loss) : walk.loss)),
  ),
  wrongStages(
    'hinge-margin-last',
    'the hinge evaluated as m + (d₊ − d₋), so that kinks fall elsewhere',
    'balanced-agrees-on-oddities',
    kinks((margin, near, far) => margin + (near - far)),
  ),
  wrongStages(
    'hinge-backwards',
    'the hinge evaluated as m − (d₋ − d₊), so that kinks fall elsewhere',
    'balanced-agrees-on-oddities',
    kinks((margin, near, far) => margin - (far - near)),
  ),
];

/** The features of one sample. */
type Vector = readonly number[];

/** Mining by distances that are computed in another way. */
function ranked(
  id: string,
  error: string,
  distance: (a: Vector, b: Vector) => number,
  own: 'float32' | 'float64' = 'float64',
): WrongBackend {
  const wrong = mining(['instance'], ({ attribute, sample, companions, others }, { batch, kappa }) => {
    const rows = vectorsOf(batch, attribute);
    const far = (i: number) => distance(rows[sample] as Vector, rows[i] as Vector);
    return {
      positives: hardest(companions, far, kappa),
      negatives: hardest(others, (i) => -far(i), kappa),
    };
  });
  return wrongStages(id, error, MINING, wrong, { precision: own });
}

function vectorsOf(batch: Batch, attribute: number): Vector[] {
  const features = featuresOf(batch, attribute);
  return Array.from({ length: batch.size }, (_, i) =>
    Array.from({ length: features.shape[1] as number }, (__, t) => features.get(i, t)),
  );
}

function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, x, t) => sum + x * (b[t] as number), 0);
}

function squares(a: Vector, b: Vector): number {
  return a.reduce((sum, x, t) => sum + (x - (b[t] as number)) ** 2, 0);
}

/** Squared differences summed as a vector unit does: lane by lane, and the lanes in the end. */
function inLanes(lanes: number, a: Vector, b: Vector): number {
  const sums = new Array<number>(lanes).fill(0);
  a.forEach((x, t) => {
    sums[t % lanes] = (sums[t % lanes] as number) + (x - (b[t] as number)) ** 2;
  });
  return sums.reduce((sum, x) => sum + x, 0);
}

/** A number rounded to so many significant bits. */
function bits(x: number, count: number): number {
  if (x === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) + 1 - count);
  return Math.round(x / unit) * unit;
}

function toFixedPoint(x: number): number {
  return Math.round(256 * x) / 256;
}

/** The right L_crl with the slopes of hinges that are evaluated in another order. */
function kinks(excess: (margin: number, near: number, far: number) => number): Partial<Stages> {
  return slopesBy((compared, { batch, options, triplets }) => {
    if (options.comparison !== 'relative') return compared;
    const distance = (pair: Pair, side: Side) => pairDistance(batch, options, pair, side);
    return {
      ...compared,
      visitSlopes(visit) {
        for (let t = 0; t < (triplets.shape[0] as number); t++) {
          const { positive, negative } = tripletPairs(triplets, t);
          const margin = options.margin[positive.attribute] as number;
          if (!(excess(margin, distance(positive, 'positive'), distance(negative, 'negative')) > 0)) continue;
          visit(positive, 'positive', 1);
          visit(negative, 'negative', -1);
        }
      },
    };
  });
}
