/**
 * The executable specification of the Class Rectification Loss, in the paper's order.
 *
 * | Equation | What it says | Function |
 * |---|---|---|
 * | – | the batch: labels and scores as class columns | {@link createSchema}, {@link createBatch} |
 * | 3 | minority classes | {@link minorityClasses}, {@link selectMinority} |
 * | 4 to 7 | hard samples, by score or by distance | {@link mineHardSamples} |
 * | – | triplets, at most κ² per anchor | {@link formTriplets} |
 * | 10, 11 | distances | {@link pairDistance} |
 * | 12 | margin | {@link instanceMargin} |
 * | 9 | relative comparison | {@link relativeComparison} |
 * | 13 | absolute comparison | {@link absoluteComparison} |
 * | 14 to 16 | distribution comparison | {@link distributionComparison} |
 * | – | L_crl and its derivative | {@link rectificationLoss}, {@link rectificationGradient} |
 * | 2 | cross entropy | {@link crossEntropy}, {@link crossEntropyGradient} |
 * | – | stages 1 to 4 in a row | {@link walkStages} |
 * | 8 | the balanced loss and its weight | {@link balancedLoss}, {@link imbalance}, {@link rectificationWeight} |
 * | 17, 18 | sensitivity, class-balanced accuracy | {@link classBalancedAccuracy} |
 *
 * This is what a reader, or the author of a backend, calls. Batches and gradients are ndarrays, whose
 * package generates code when it runs. Code that must run without it, such as the losses that train,
 * imports the other door to the specification, `rules.ts`.
 *
 * @module
 */

export { absoluteComparison } from './absolute.js';
export { balancedLoss } from './balance.js';
export { type BatchInput, createBatch } from './batch.js';
export { ANCHORS, COMPARISONS, ENCODINGS, LEVELS, STAGES } from './choices.js';
export type * from './contract.js';
export { crossEntropy, crossEntropyGradient, sampleCrossEntropies } from './cross-entropy.js';
export { featureDistance, type Pair, pairDistance, type Side } from './distance.js';
export { distributionComparison } from './distribution.js';
export { type BatchDocument, readDocument, writeDocument } from './document.js';
export {
  type InputError,
  type InputErrorCode,
  type InputErrorDetail,
  InputRangeError,
  InputSourceError,
  InputTypeError,
  isInputError,
} from './errors.js';
export { type FeaturesInput, featuresOf, requireFeatures } from './features.js';
export { type Compared, rectificationGradient } from './gradient.js';
export { type HistogramPlace, histogram, histogramPlace } from './histogram.js';
export { DEFAULT_ETA, type Imbalance, imbalance, rectificationWeight } from './imbalance.js';
export { classCounts } from './labels.js';
export type { Matrix } from './matrix.js';
export {
  type ClassBalancedAccuracy,
  classBalancedAccuracy,
  meanAccuracy,
  predictedClasses,
  predictedLabels,
} from './metrics.js';
export { anchorsAmong, hardest, mineHardSamples } from './mining.js';
export { selectMinority } from './minority.js';
export { minorityClasses } from './minority-classes.js';
export { CLASS_MARGIN, instanceMargin, type OptionsInput, resolveOptions } from './options.js';
export { formPairs, type Pairs } from './pairs.js';
export { type Preset, type PresetName, presets, readPreset } from './presets.js';
export { toProbabilities } from './probabilities.js';
export { rectificationLoss } from './rectification.js';
export { hingeArgument, relativeComparison, tripletPairs } from './relative.js';
export { type RequestedWeight, requestedWeight, type WeightRequest } from './requested-weight.js';
export { type Ruling, rulings } from './rulings.js';
export { type AttributeInput, createSchema, type SchemaInput } from './schema.js';
export {
  classScore,
  PROBABILITY_TOLERANCE,
  requireProbabilities,
  requireScores,
  SMALLEST_PROBABILITY,
} from './scores.js';
export {
  globalBatchLoss,
  joinRows,
  perReplicaLoss,
  replicaFactor,
  shardBatch,
  wholeBatch,
} from './sharding.js';
export { type TrainingLabels, trainingCounts, type Warn } from './training-counts.js';
export { formTriplets } from './triplets.js';
export { type TripletWalk, type Walk, walkStages, walkToTriplets } from './walk.js';
export { checkWeights, meanWeight } from './weights.js';
