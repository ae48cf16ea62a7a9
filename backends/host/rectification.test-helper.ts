/**
 * The specification's loss of a batch, which kernels are compared with.
 *
 * @module
 */
import {
  type Batch,
  formTriplets,
  hingeArgument,
  mineHardSamples,
  type Options,
  rectificationLoss,
  selectMinority,
} from '../../spec/index.js';

/** L_crl, its derivative row by row, and the number of active triplets of the relative comparison. */
export interface Rectified {
  readonly loss: number;
  readonly gradient: number[];
  readonly active: number;
}

/** Selects, mines and compares a batch with the specification. */
export function rectified(batch: Batch, options: Options): Rectified {
  const hard = mineHardSamples(batch, selectMinority(batch, options), options);
  const triplets = formTriplets(hard);
  const { loss, gradient } = rectificationLoss(batch, hard, triplets, options);
  const all = Array.from({ length: triplets.shape[0] }, (_, t) => t);
  const active = all.filter((t) => hingeArgument(batch, triplets, t, options) > 0).length;
  return { loss, gradient: Array.from(gradient.data), active };
}
