/**
 * The named choices of the specification, each listed once.
 *
 * @module
 */

/** How labels are written; see the rulings *multi-label data* and *one attribute*. */
export const ENCODINGS = ['categorical', 'multi-label', 'one-attribute'] as const;

/** Where hardness and distances are measured: on scores (Eq. 4, 5, 10) or on features (Eq. 6, 7, 11). */
export const LEVELS = ['class', 'instance'] as const;

/** How anchors, positives and negatives are compared: Eq. 9, Eq. 13 or Eq. 16. */
export const COMPARISONS = ['relative', 'absolute', 'distribution'] as const;

/** Which members of a minority class are anchors: all of them, or the κ easiest (ruling: easy anchors). */
export const ANCHORS = ['all', 'easy'] as const;

/** The five stages, in the order of the walk. */
export const STAGES = [
  'selectMinority',
  'mineHardSamples',
  'formTriplets',
  'rectificationLoss',
  'balancedLoss',
] as const;

/** One of {@link ENCODINGS}. */
export type Encoding = (typeof ENCODINGS)[number];

/** One of {@link LEVELS}. */
export type Level = (typeof LEVELS)[number];

/** One of {@link COMPARISONS}. */
export type Comparison = (typeof COMPARISONS)[number];

/** One of {@link ANCHORS}. */
export type AnchorChoice = (typeof ANCHORS)[number];

/** One of {@link STAGES}. */
export type Stage = (typeof STAGES)[number];
