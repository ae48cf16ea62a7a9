/**
 * The executable specification of the Class Rectification Loss, in the paper's order.
 *
 * | Equation | What it says | Function |
 * |---|---|---|
 * | – | the batch: labels and scores as class columns | {@link createBatch} |
 * | 3 | minority classes | {@link minorityClasses}, {@link selectMinority} |
 * | 4, 5 | class-level hard samples | {@link mineHardSamples} |
 * | – | triplets, at most κ² an anchor | {@link formTriplets} |
 * | 10 | class-level distance | {@link tripletTerm} |
 * | 9 | relative comparison | {@link relativeComparison}, {@link relativeGradient}, {@link rectificationLoss} |
 * | 2 | cross entropy | {@link crossEntropy}, {@link crossEntropyGradient} |
 * | 8 | the balanced loss and its weight | {@link balancedLoss}, {@link imbalance}, {@link rectificationWeight} |
 * | 17, 18 | sensitivity, class-balanced accuracy | {@link classBalancedAccuracy} |
 *
 * @module
 */
export * from './balance.js';
export * from './batch.js';
export * from './comparison.js';
export type * from './contract.js';
export * from './cross-entropy.js';
export * from './distance.js';
export * from './document.js';
export {
  type InputError,
  type InputErrorCode,
  InputRangeError,
  InputTypeError,
  isInputError,
} from './errors.js';
export * from './gradient.js';
export * from './imbalance.js';
export * from './labels.js';
export type { Matrix } from './matrix.js';
export * from './metrics.js';
export * from './mining.js';
export * from './minority.js';
export * from './options.js';
export * from './rectification.js';
export * from './scores.js';
export * from './triplets.js';
