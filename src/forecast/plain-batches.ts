/**
 * Batches of a shuffled epoch, as the samples of one attribute see them.
 *
 * @module
 */

import type { Mining } from './batch-moments.js';

/** What decides the class sizes of a batch that is drawn without replacement. */
export interface PlainBatches extends Mining {
  /** Samples of each class in the training set; none has two of them. */
  readonly counts: readonly number[];
  /** Samples of no class. */
  readonly others: number;
  /** Whether samples of no class are labelled all the same, as in `one-attribute`: n_j counts them. */
  readonly othersLabelled: boolean;
  /** N, all of these. */
  readonly total: number;
  readonly batchSize: number;
  readonly rho: number;
}
