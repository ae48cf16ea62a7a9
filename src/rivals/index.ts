/**
 * What CRL is compared with: losses for imbalanced data, and batches drawn by class.
 *
 * Each loss is a function of labels and logits, made of stock tfjs operations: for one label per sample, from
 * one-hot rows or class indices, or for several labels per sample. It returns one number per sample.
 *
 * @module
 */

export type { CheckLabels } from '../support/loss-input/loss-inputs.js';
export { type ClassAwareOptions, classAwareBatches } from './class-aware-batches.js';
export { effectiveNumberWeights, inverseFrequencyWeights } from './class-weights.js';
export {
  type CrossEntropyOptions,
  crossEntropyLoss,
  type WeightedCrossEntropyOptions,
  weightedCrossEntropyLoss,
} from './cross-entropy.js';
export { type ClassBalancedOptions, classBalancedLoss, type FocalOptions, focalLoss } from './focal.js';
export { type LdamLoss, type LdamOptions, ldamLoss } from './ldam.js';
export { type LogitAdjustmentOptions, logitAdjustedLoss } from './logit-adjustment.js';
export {
  type LastLayer,
  type NormalisationOptions,
  normalisedLayer,
  type PriorAdjustmentOptions,
  priorAdjustedLayer,
} from './post-hoc.js';
export { type RetrainingOptions, retrainedLayer } from './retrained-layer.js';
export type { CheckOption, RivalLoss } from './rival-loss.js';
export type { SeveralLabelsOption } from './several-labels.js';
