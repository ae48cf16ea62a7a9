/**
 * The measures that can tell which epoch is best.
 *
 * @module
 */

/** The measures of the validation set by which epochs are judged. */
export const MONITORED = [
  'balancedAccuracy',
  'geometricMean',
  'macroF1',
  'meanAveragePrecision',
  'crossEntropy',
] as const;

/** A measure of the validation set. */
export type Monitored = (typeof MONITORED)[number];
