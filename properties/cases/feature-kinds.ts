/**
 * Feature vectors by kind, each of which shows another way of computing distances wrongly.
 *
 * A float32 backend is given features whose squared distances are whole multiples of a power of two, below
 * 2^20 of them: float32 computes them exactly, and roots of different squares stay different.
 *
 * @module
 */
import type { Choices } from './choices.js';
import { mixed, pick } from './mixed.js';
import { WIDTHS } from './oddities.js';
import { tabulate } from './tabulate.js';

/** How the components of feature vectors are made. */
export type FeatureKind = Choices['features'];

/** The features of one batch, or of one of its attributes. */
export interface FeatureDraw {
  readonly kind: FeatureKind;
  /** From which everything that holds for the whole matrix is drawn. */
  readonly lot: number;
  /** d. Default: one of the widths of the kind. */
  readonly width?: number;
}

/** One vector. */
export interface VectorDraw {
  readonly seed: number;
  /** How far the vector is moved along its first component, in the unit of its kind. */
  readonly moved: number;
}

/** d of a matrix. */
export function widthOf({ kind, lot }: FeatureDraw): number {
  return pick(KINDS[kind].widths, lot, 1);
}

/** The components of one vector. */
export function vector({ kind, lot, width: given }: FeatureDraw, { seed, moved }: VectorDraw): number[] {
  const { widths, component, unit } = KINDS[kind];
  const width = given ?? pick(widths, lot, 1);
  return tabulate(width, (t) => {
    const x = component(seed, t, lot, width);
    return t === 0 ? x + moved * unit(lot) : x;
  });
}

/** Whether float32 computes the distances of a kind exactly. */
export function isExactInFloat32(kind: FeatureKind): boolean {
  return KINDS[kind].exact;
}

interface Kind {
  readonly widths: readonly number[];
  readonly component: (seed: number, t: number, lot: number, width: number) => number;
  /** How far samples are moved apart, for example where the hardest lie at equal strides. */
  readonly unit: (lot: number) => number;
  /** Whether float32 computes distances exactly. */
  readonly exact: boolean;
}

/** Up to one above a vector of 8 numbers, the longest that engines work in. */
const NARROW = [1, 2, 3, 4, 5, 8, 9];

/** So far from the origin that float32 cannot hold the squares of components, but can hold their differences. */
const FAR = 4096;

/** None of them, and no sum of their squares, is a short binary fraction. */
const TENTHS = [0.1, 0.2, 0.3, 0.7, 1.1, 1.3, 1.9, 2.3];

/** Multiples of tenths whose sums of three squares have other roots in another order, too. */
const ORDERED_UNITS = [1.07, 0.72, 0.09, 1.81];

const lattice = (seed: number, t: number) => mixed(seed, FEATURES + t) % 5;

/** The place of the first component among those of a row: after labels and scores. */
const FEATURES = 1 << 20;

/** The last bit of features that differ by few bits: of usual size, very small, and large. */
const step = (lot: number) => pick([2 ** -6, 2 ** -14, 4], lot, 2);

const KINDS: Record<FeatureKind, Kind> = {
  lattice: { widths: NARROW, unit: () => 8, exact: true, component: lattice },
  wide: { widths: WIDTHS, unit: () => 1, exact: true, component: (seed, t) => lattice(seed, t) / 8 },
  // the Gram form |a|² + |b|² − 2ab loses these differences
  far: { widths: NARROW, unit: () => 8, exact: true, component: (seed, t) => FAR + lattice(seed, t) },
  // distances past 1,000
  distant: {
    widths: NARROW,
    unit: () => 4096,
    exact: true,
    component: (seed, t) => 512 * (lattice(seed, t) - 2),
  },
  // more significant bits than TF32 and half-floats have, in a unit that fixed-point numbers round to 0
  bits: {
    widths: [1, 2, 3],
    unit: (lot) => 256 * step(lot),
    exact: true,
    component: (seed, t, lot, width) => (mixed(seed, FEATURES + t) % (width === 1 ? 1000 : 256)) * step(lot),
  },
  // squared distances differ whose roots are equal
  roots: {
    widths: NARROW,
    unit: () => 8,
    exact: false,
    component: (seed, t) => (t % 3 === 1 ? 2 ** -26 : 1) * lattice(seed, t),
  },
  // any numbers, also far from the origin compared with their differences
  decimals: {
    widths: [...NARROW, 10, 11, 12, 20, 33],
    unit: () => 4,
    exact: false,
    component: (seed, t, lot) =>
      pick([0, 0, 1000.1, 1e6], lot, 3) +
      pick([1, 0.001, 1234.5], lot, 4) * (mixed(seed, FEATURES + t) / 2 ** 32),
  },
  // sums of the same squares, each in an order of its own, seen from samples at the origin: only the ruled order
  // ranks them as the rounded sums
  permutations: {
    widths: [3, 5, 11, 17, 67, 131, 67, 131], // primes, so that every step goes through all components
    unit: () => 4,
    exact: false,
    component(seed, t, lot, width) {
      if (mixed(seed, FEATURES + 2) % 3 === 0) return 0;
      const [first, step] = [mixed(seed, FEATURES), 1 + (mixed(seed, FEATURES + 1) % (width - 1))];
      return pick(ORDERED_UNITS, lot, 5) * (TENTHS[((first + step * t) % width) % TENTHS.length] as number);
    },
  },
};
