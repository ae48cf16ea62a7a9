/**
 * What a combined case is made of: the choices of its conditions, and the numbers that everything else is drawn from.
 *
 * @module
 */
import type { BalancedOptions } from '../../spec/index.js';
import type { Choices, Condition, SizeClass } from './choices.js';

/** What combined cases a property needs. */
export interface CombinedOptions {
  /** The choices that a condition is limited to. Default: all. */
  readonly only?: { readonly [C in Condition]?: readonly Choices[C][] };
  /** The sizes that are drawn. Default: all of {@link SIZES}, by their weights. */
  readonly sizes?: readonly SizeClass[] | readonly number[];
  /** The class counts of the first attribute, or the numbers of binary labels. Default: as the condition `classes` says. */
  readonly classCounts?: readonly number[];
  /** How wide features, attributes and histograms are. Default: as the conditions say. */
  readonly widths?: Widths;
  /** κ. Default: as the condition `kappa` says. */
  readonly kappas?: readonly number[];
  /** The most triplets of a case: κ is lowered until there are no more. Default: 4,000, or for some cases 40,000. */
  readonly mostTriplets?: number;
  /** The most numbers of a tensor that holds κ hard samples, or the triplets, of every anchor. Default 400,000. */
  readonly mostPadded?: number;
  /** Where triplets are not formed: the most mined samples of all anchors, which limit κ instead. Default: triplets limit it. */
  readonly mostMined?: number;
  /** Options that are not drawn, for a number of attributes. Default: none. */
  readonly fixed?: (attributes: number) => Partial<BalancedOptions>;
  /** Whether float32 holds all numbers and computes all distances exactly. Default: true for a float32 backend. */
  readonly coarse?: boolean;
  /** Whether scores may be left out at instance level. Default false. */
  readonly unscored?: boolean;
}

/** Widths beyond those of usual cases. */
export interface Widths {
  /** d; less where so many samples would take long. */
  readonly features: readonly number[];
  /** How many attributes or labels `many` are. */
  readonly attributes: readonly number[];
  /** How many bins `many` are. */
  readonly bins: readonly number[];
  /** The most numbers of n×C×κ×τ in a distribution comparison: κ is lowered until there are no more. */
  readonly binned: number;
  /** Margins that are not the default, nor large, nor on kinks. */
  readonly margins: readonly number[];
  /** The range `wide`. */
  readonly range: readonly [number, number];
  /** Of so many samples one has no label at all, where many labels are missing. */
  readonly unlabelledEvery: number;
  /** What the logits of a case are multiplied by. Default: 1. */
  readonly logits?: readonly number[];
}

/** What is drawn: the choices, and numbers from which everything else is drawn by place. */
export interface Drawn extends Choices {
  readonly lot: number;
  readonly shuffle: number;
  readonly rows: number[];
}

/** What a property needs, complete. */
export type Wanted = CombinedOptions & { readonly coarse: boolean };

/** Where what holds for the whole batch is drawn from its lot. */
export const PLACE = {
  count: 10,
  rho: 30,
  kappa: 31,
  margin: 32,
  bins: 33,
  alpha: 34,
  stride: 35,
  phase: 36,
  pool: 37,
  last: 38,
  tail: 39,
  unscored: 40,
  besides: 41,
  dear: 42,
  present: 43,
  boundary: 44,
  below: 45,
  anchors: 46,
  sufficient: 47,
  range: 48,
  width: 49,
  logits: 50,
  rare: 51,
  classes: 100,
} as const;
