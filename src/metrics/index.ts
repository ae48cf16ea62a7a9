/**
 * Metrics for imbalanced data besides the paper's own (Eq. 17, 18: `classBalancedAccuracy` in
 * `class-rectification/spec`). Plain arrays in, plain numbers out.
 *
 * @module
 */
export { averagePrecision, type MeanAveragePrecision, meanAveragePrecision } from './average-precision.js';
export { type MacroF1, macroF1 } from './f1.js';
export { geometricMean } from './geometric-mean.js';
export { type ByShots, type ShotThresholds, shotAccuracy, shotGroups } from './shots.js';
