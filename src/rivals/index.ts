/**
 * What CRL is compared with: losses for imbalanced data, and batches drawn by class.
 *
 * Each loss is a function of labels and logits, of stock tfjs operations: for one attribute from one-hot
 * labels, or for several labels a sample.
 *
 * @module
 */
export { type ClassAwareOptions, classAwareBatches } from './class-aware-batches.js';
export { effectiveNumberWeights, inverseFrequencyWeights } from './class-weights.js';
export { crossEntropyLoss, weightedCrossEntropyLoss } from './cross-entropy.js';
export { type ClassBalancedOptions, classBalancedLoss, type FocalOptions, focalLoss } from './focal.js';
export { type LdamLoss, type LdamOptions, ldamLoss } from './ldam.js';
export { type LogitAdjustmentOptions, logitAdjustedLoss } from './logit-adjustment.js';
export type { RivalLoss } from './rival-loss.js';
export type { SeveralLabelsOption } from './several-labels.js';
