/**
 * The rules of the specification that need no ndarray: schema, choices, options, errors, the checks of
 * a batch, class counts, minority classes by size, imbalance and metrics.
 *
 * The specification has two doors. `index.ts` is the whole of it, executable: its batches and
 * gradients are ndarrays, and the packages `ndarray` and `ndarray-ops` generate code when they run,
 * which a page with a content security policy forbids. This file is the other door, for what must run
 * there: the losses that train, the host kernel, rivals, metrics and data. It has the checks that
 * those share with the specification, so that everyone refuses the same input in the same words.
 * Nothing behind it may import ndarray; types do not count.
 *
 * @module
 */
export { type BatchInput, checkBatch } from './check-batch.js';
export {
  ANCHORS,
  type AnchorChoice,
  COMPARISONS,
  type Comparison,
  ENCODINGS,
  type Encoding,
  LEVELS,
  type Level,
  STAGES,
  type Stage,
} from './choices.js';
export type * from './contract.js';
export * from './errors.js';
export { type FeaturesInput, featuresOf, requireFeatures } from './features.js';
export { histogram, histogramPlace } from './histogram.js';
export {
  DEFAULT_ETA,
  type Imbalance,
  imbalance,
  readClassCounts,
  rectificationWeight,
} from './imbalance.js';
export { classCounts } from './labels.js';
export {
  checkFeatureShape,
  checkLossShapes,
  columnsOfSchema,
  type ExpectedColumns,
  type InputNames,
} from './loss-shapes.js';
export { type Matrix, readMatrix } from './matrix.js';
export * from './metrics.js';
export { minorityClasses } from './minority-classes.js';
export {
  CLASS_MARGIN,
  instanceMargin,
  OPTION_NAMES,
  type OptionsInput,
  readAlpha,
  resolveOptions,
} from './options.js';
export { type Preset, type PresetName, presets, readPreset } from './presets.js';
export { type RequestedWeight, requestedWeight, type WeightRequest } from './requested-weight.js';
export { type AttributeInput, createSchema, type SchemaInput } from './schema.js';
export {
  checkScoreValues,
  classScore,
  PROBABILITY_TOLERANCE,
  requireProbabilities,
  requireScores,
  SMALLEST_PROBABILITY,
} from './scores.js';
export { checkClassIndices, integerLabels } from './tensor-labels.js';
export { type TrainingLabels, trainingCounts, type Warn } from './training-counts.js';
export { checkWeights, meanWeight } from './weights.js';
