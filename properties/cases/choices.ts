/**
 * The conditions that are drawn independently of each other for a combined case, by name.
 *
 * @module
 */
import type { Comparison, Encoding, Level } from '../../spec/index.js';

/** How often each choice is drawn, compared with the others of its condition; the simplest choice first. */
export const CONDITIONS = {
  /** How many attributes there are. The encoding one-attribute always has one. */
  attributes: { one: 4, several: 4, many: 4 },
  /** How many classes an attribute has. Binary attributes always have two. */
  classes: { few: 8, mixed: 5, 'nine-and-more': 3, hundreds: 1 },
  /** How the samples are spread over the classes: `rare` is a class of three, `pairs` is classes of two. */
  shape: { even: 4, skewed: 6, steep: 1, rare: 2, pairs: 2 },
  unlabelled: { none: 5, some: 3, many: 3, 'whole-attribute': 1 },
  scores: {
    halves: 2,
    flat: 2,
    eighths: 3,
    tenths: 3,
    fine: 3,
    extreme: 2,
    double: 1,
    'finer-than-float32': 3,
  },
  form: { probabilities: 1, logits: 1 },
  /** Whether samples share their scores and features with others, so that there are ties in every column. */
  repeats: { none: 3, many: 2 },
  /** Where the hardest samples lie in the batch. */
  hardest: {
    anywhere: 4,
    'mostly-right': 3,
    'equal-strides': 3,
    'side-by-side': 1,
    ascending: 1,
    descending: 1,
  },
  features: {
    lattice: 2,
    wide: 4,
    far: 2,
    distant: 2,
    bits: 3,
    roots: 1,
    decimals: 3,
    permutations: 4,
  },
  featuresBy: { batch: 1, attribute: 1 },
  rho: { half: 3, below: 2, above: 2, one: 2, boundary: 3 },
  kappa: { few: 6, middling: 3, 'above-classes': 2, 'above-16-bits': 1 },
  margin: { default: 2, 'on-kinks': 3, other: 2, 'by-attribute': 4, large: 1 },
  bins: { seventeen: 2, few: 2, hundred: 2, many: 1 },
  range: { default: 2, lower: 5, middle: 2, upper: 2, wide: 2 },
  alpha: { half: 2, end: 2, hundredths: 3, 'as-trained': 3, 'log-uniform': 3 },
} as const;

/** The name of a condition, such as `rho`. */
export type Condition = keyof typeof CONDITIONS;

/** What was drawn for a case. */
export type Choices = {
  readonly [C in Condition]: keyof (typeof CONDITIONS)[C];
} & {
  readonly encoding: Encoding;
  readonly level: Level;
  readonly comparison: Comparison;
};

/** Sizes of a batch: at the blocks and tiles that kernels work in, with one sample less and more, and between. */
export const SIZES = {
  few: { weight: 4, of: [1, 2, 3, 4, 5, 6, 7, 8] },
  ordinary: { weight: 14, of: range(9, 24) },
  middling: { weight: 12, of: range(25, 62) },
  'around-32': { weight: 5, of: [31, 32, 33] },
  'around-64': { weight: 5, of: [63, 64] },
  'above-64': { weight: 2, of: [65, 65, 65, 66, 96, 97] },
  'around-128': { weight: 4, of: [127, 128, 129] },
  'around-192': { weight: 5, of: [191, 192, 193] },
  'around-256': { weight: 4, of: [255, 256, 257] },
  'above-256': { weight: 5, of: [257, 258, 260, 320] },
  'around-384': { weight: 6, of: [383, 384, 385] },
  'around-512': { weight: 8, of: [511, 512, 513] },
  'above-512': { weight: 1, of: range(514, 1000) },
  'around-1024': { weight: 1, of: [1023, 1024, 1025] },
} as const satisfies Record<string, { readonly weight: number; readonly of: readonly number[] }>;

/** The name of a range of sizes. */
export type SizeClass = keyof typeof SIZES;

/** The ranges of sizes that take turns, so that each meets every encoding, level, comparison and form. */
export const SIZE_TURNS: Readonly<Record<Level, readonly (readonly SizeClass[])[]>> = {
  class: [
    ['few', 'ordinary', 'around-32'],
    ['middling', 'around-64'],
    ['above-64', 'around-128', 'around-192', 'around-256'],
    ['above-256', 'around-384', 'around-512', 'above-512', 'around-1024'],
    ['above-256', 'around-384', 'around-512'],
  ],
  // all distances of so many samples take long
  instance: [
    ['few', 'ordinary', 'around-32'],
    ['middling', 'around-64'],
    ['above-64', 'around-128', 'around-192'],
    ['around-256', 'above-256', 'above-256', 'around-384', 'around-512'],
  ],
};

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
