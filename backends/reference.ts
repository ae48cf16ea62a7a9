/**
 * The specification behind the contract: float64, slow, and the file to copy when writing a backend.
 *
 * @module
 */
import {
  ANCHORS,
  type Backend,
  balancedLoss,
  COMPARISONS,
  ENCODINGS,
  formTriplets,
  globalBatchLoss,
  LEVELS,
  mineHardSamples,
  rectificationLoss,
  selectMinority,
} from '../spec/index.js';

/**
 * The reference backend.
 *
 * @example
 * ```ts
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * referenceBackend().supports.precision; // → 'float64'
 * ```
 */
export function referenceBackend(): Backend {
  return {
    name: 'reference',
    supports: {
      encodings: ENCODINGS,
      levels: LEVELS,
      comparisons: COMPARISONS,
      anchors: ANCHORS,
      gradient: true,
      precision: 'float64',
      execution: 'sync',
      sharding: 'global',
    },
    selectMinority,
    mineHardSamples,
    formTriplets,
    rectificationLoss,
    balancedLoss,
    lossOnReplicas: globalBatchLoss,
  };
}

export default referenceBackend;
