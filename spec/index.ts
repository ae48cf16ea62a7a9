/**
 * The executable specification of the Class Rectification Loss, in the paper's order.
 *
 * | Equation | What it says | Function |
 * |---|---|---|
 * | – | the batch: labels and scores as class columns | {@link createBatch} |
 * | 3 | minority classes | {@link minorityClasses}, {@link selectMinority} |
 * | 4 to 7 | hard samples, by score or by distance | {@link mineHardSamples} |
 * | – | triplets, at most κ² an anchor | {@link formTriplets} |
 * | 10, 11 | distances | {@link pairDistance} |
 * | 12 | margin | {@link instanceMargin} |
 * | 9 | relative comparison | {@link relativeComparison} |
 * | 13 | absolute comparison | {@link absoluteComparison} |
 * | 14 to 16 | distribution comparison | {@link distributionComparison} |
 * | – | L_crl and its derivative | {@link rectificationLoss}, {@link rectificationGradient} |
 * | 2 | cross entropy | {@link crossEntropy}, {@link crossEntropyGradient} |
 * | 8 | the balanced loss and its weight | {@link balancedLoss}, {@link imbalance}, {@link rectificationWeight} |
 * | 17, 18 | sensitivity, class-balanced accuracy | {@link classBalancedAccuracy} |
 *
 * @module
 */

export * from './absolute.js';
export * from './balance.js';
export * from './batch.js';
export type * from './contract.js';
export * from './cross-entropy.js';
export * from './distance.js';
export * from './distribution.js';
export * from './document.js';
export {
  type InputError,
  type InputErrorCode,
  type InputErrorDetail,
  InputRangeError,
  InputSourceError,
  InputTypeError,
  isInputError,
} from './errors.js';
export * from './features.js';
export * from './gradient.js';
export * from './imbalance.js';
export * from './labels.js';
export type { Matrix } from './matrix.js';
export * from './metrics.js';
export * from './mining.js';
export * from './minority.js';
export * from './options.js';
export * from './pairs.js';
export * from './presets.js';
export * from './rectification.js';
export * from './relative.js';
export * from './rulings.js';
export * from './scores.js';
export * from './triplets.js';
