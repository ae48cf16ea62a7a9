/**
 * The walk of a batch through stages 1 to 4, each given what the stage before it found. Stage 5,
 * `balancedLoss`, is the whole walk with the cross entropy beside it.
 *
 * @module
 */
import type {
  Batch,
  HardSamples,
  MinoritySelection,
  Options,
  RectificationLoss,
  Triplets,
} from './contract.js';
import { mineHardSamples } from './mining.js';
import { selectMinority } from './minority.js';
import { rectificationLoss } from './rectification.js';
import { formTriplets } from './triplets.js';

/** What stages 1 to 3 find. */
export interface TripletWalk {
  readonly selection: MinoritySelection;
  readonly hard: HardSamples;
  readonly triplets: Triplets;
}

/** What stages 1 to 4 find. */
export interface Walk extends TripletWalk {
  /** L_crl and its derivative. */
  readonly rectification: RectificationLoss;
}

/**
 * Stages 1 to 3: minority classes, hard samples, triplets.
 *
 * @param selection - what stage 1 finds in this batch. Default: it is computed
 * @throws InputRangeError - if the batch holds logits at class level, or lacks scores or features
 */
export function walkToTriplets(
  batch: Batch,
  options: Options,
  selection: MinoritySelection = selectMinority(batch, options),
): TripletWalk {
  const hard = mineHardSamples(batch, selection, options);
  return { selection, hard, triplets: formTriplets(hard) };
}

/**
 * Stages 1 to 4: minority classes, hard samples, triplets, L_crl.
 *
 * @throws InputRangeError - if the batch holds logits at class level, or lacks scores or features
 * @example
 * ```ts
 * import { createBatch, resolveOptions, walkStages } from 'class-rectification/spec';
 * const scores = [[0.25, 0.75], [0.25, 0.75], [0.5, 0.5], [0.5, 0.5]];
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [1], [1]], scores });
 * const { selection, rectification } = walkStages(batch, resolveOptions(batch, { kappa: 1 }));
 * [selection.minority, rectification.loss]; // → [[[0]], 0.75]
 * ```
 */
export function walkStages(batch: Batch, options: Options): Walk {
  const found = walkToTriplets(batch, options);
  return { ...found, rectification: rectificationLoss(batch, found.hard, found.triplets, options) };
}
