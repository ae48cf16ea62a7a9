/**
 * Rare properties of a batch, that the author of a kernel may not have considered. A case has one or two of them.
 *
 * @module
 */
import type { Comparison, Encoding, Level } from '../../spec/index.js';
import { tabulate } from './tabulate.js';

/** One property of a case that is out of the ordinary. */
export type Oddity = (typeof TELLING)[number] | NonNullable<(typeof GENERAL)[number]>;

/** Those that show at one level or in one comparison only. */
const TELLING = [
  'wide-features',
  'fine-features',
  'large-margin',
  'near-kinks',
  'many-bins',
  'on-nodes',
  'tiny-scores',
] as const;

/** Those that show at both levels and in every comparison; none, too. */
const GENERAL = ['many-attributes', undefined, 'large-kappa', 'many-attributes', 'middling-size'] as const;

/** The oddities of cases, in turn: every telling one with each general one, since 7 and 5 have no common divisor. */
export const ODDITIES: readonly (readonly Oddity[])[] = Array.from(
  { length: TELLING.length * GENERAL.length },
  (_, at) => {
    const general = GENERAL[at % GENERAL.length];
    return [TELLING[at % TELLING.length] as Oddity, ...(general ? [general] : [])];
  },
);

/** Above the largest half-float, int16, int32, and number up to which a float32 counts. */
export const LARGE_KAPPAS: readonly number[] = [
  2 ** 16,
  2 ** 16 + 1,
  2 ** 31,
  2 ** 32 + 1,
  Number.MAX_SAFE_INTEGER,
];

/** Far above every distance between scores. */
export const LARGE_MARGINS: readonly number[] = [10.5, 100, 1000];

/** A power of two: the numbers just below it are twice as close as those just above. */
export const MARGIN_NEAR_KINKS = 0.5;

/** Above a block of 256, of 512 and of 1,024 threads. */
export const MANY_BINS: readonly number[] = [257, 513, 1025, 2001];

/** Around and above a tile or vector of 8, 16, 32 and 64 numbers. */
export const WIDTHS: readonly number[] = [15, 16, 17, 31, 33, 65, 130];

/** Of a case of few samples also as wide as embeddings are: above a block of 256, of 512 and of 1,024 threads. */
export const WIDTHS_OF_FEW: readonly number[] = [33, 65, 130, 257, 513, 1025, 513, 1025];

/** Signed zeros, which are equal, and numbers that float32 holds but a half-float does not. */
export const TINY: readonly number[] = [0, -0, 2 ** -100, 2 ** -120, 1, 0.5];

/** The same, and numbers below 2^-126, which some arithmetic flushes to 0. */
export const SUBNORMAL: readonly number[] = [...TINY, 2 ** -130, 2 ** -140, 2 ** -1040];

/** Between a warp of 32 and a block of 64. */
export const MIDDLING = { min: 25, max: 62 } as const;

/** The level at which oddities show; undefined if they show at both. */
export function levelOf(oddities: readonly Oddity[]): Level | undefined {
  if (oddities.some((one) => OF_FEATURES.includes(one))) return 'instance';
  return oddities.includes('tiny-scores') ? 'class' : undefined;
}

const OF_FEATURES: readonly Oddity[] = ['wide-features', 'fine-features', 'on-nodes', 'near-kinks'];

/** The comparison in which oddities show; undefined if they show in all. */
export function comparisonOf(oddities: readonly Oddity[]): Comparison | undefined {
  if (oddities.includes('on-nodes') || oddities.includes('many-bins')) return 'distribution';
  return oddities.includes('large-margin') || oddities.includes('near-kinks') ? 'relative' : undefined;
}

/** Histograms whose nodes and upper ends are distances on a lattice of features. */
export const NODES = {
  ranges: [
    [0, 2],
    [0, 1],
    [1, 3],
  ],
  bins: [5, 9, 17, 33],
} as const;

/** Class counts of more attributes than a vector of 4 holds, the first of more than 8 classes. */
export function manyAttributes(encoding: Encoding, lot: number): number[] {
  if (encoding === 'multi-label') return new Array<number>(5 + (lot % 8)).fill(2);
  if (encoding === 'one-attribute') return [9 + (lot % 9)];
  return [9 + (lot % 4), 3, 2, 4, 2, 3, 2].slice(0, [2, 6, 7, 7][lot % 4]);
}

/**
 * The features of a row: `width` numbers, made from a few draws of 0 to 4. Squared distances are multiples of
 * 2^-12 below 2^12, so that float32 computes them exactly.
 */
export function oddFeatures(draws: readonly number[], width: number, fine: boolean): number[] {
  // one number of twelve bits, in sixty-fourths, which no half-float holds
  if (fine) return [draws.slice(0, 5).reduce((sum, draw) => sum * 5 + draw, 0) + 1021].map((x) => x / 64);
  const [turn = 0] = draws;
  return tabulate(width, (t) => {
    const draw = draws[t % draws.length] as number;
    return ((draw + Math.floor(t / draws.length) * (turn + 1)) % 5) / 8;
  });
}

/**
 * The feature of a row of one component. Samples of rare classes lie within a few roundings of each other, and
 * the others as far from them as the margin: in (m + d₊) − d₋ the sum rounds to m, and in m + (d₊ − d₋) it does not.
 *
 * @param coarse - whether float32 must compute distances exactly: then it is a multiple of an eighth
 */
export function featureNearKinks([draw = 0]: readonly number[], isRare: boolean, coarse: boolean): number[] {
  if (coarse) return [((draw % 4) + (isRare ? 0 : 3)) / 8];
  return [isRare ? (draw % 3) * 2 ** -54 : 0.5 * (1 + (draw % 2))];
}
