/**
 * Wrong backends made of the specification: one stage replaced, the whole walk composed of the stages.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import {
  type Backend,
  type BalancedLoss,
  type BalancedOptions,
  type Batch,
  crossEntropy,
  crossEntropyGradient,
  formTriplets,
  type HardSamples,
  type MinoritySelection,
  mineHardSamples,
  type Options,
  type RectificationLoss,
  rectificationLoss,
  selectMinority,
  type Triplets,
} from '../../spec/index.js';

/** The stages, all of them, at once. */
export interface Stages {
  selectMinority(batch: Batch, options: Options): MinoritySelection;
  mineHardSamples(batch: Batch, selection: MinoritySelection, options: Options): HardSamples;
  formTriplets(hard: HardSamples, options: Options): Triplets;
  rectificationLoss(batch: Batch, hard: HardSamples, triplets: Triplets, options: Options): RectificationLoss;
  /** How L_crl and L_ce become L. */
  balance(
    batch: Batch,
    options: BalancedOptions,
    found: Balance,
  ): Pick<BalancedLoss, 'loss' | 'crossEntropy' | 'gradient'>;
}

/** What there is to balance. */
export interface Balance {
  readonly rectification: RectificationLoss;
  readonly triplets: number;
}

/** The right stages, for batches of probabilities. */
export const RIGHT: Stages = {
  selectMinority,
  mineHardSamples,
  formTriplets,
  rectificationLoss,
  balance(batch, { alpha }, { rectification }) {
    const ce = crossEntropy(batch);
    return {
      loss: alpha * rectification.loss + (1 - alpha) * ce,
      crossEntropy: ce,
      gradient: combine(rectification.gradient, alpha, crossEntropyGradient(batch), 1 - alpha),
    };
  },
};

/** A backend that is right but for the stages given. */
export function wrongBackend(name: string, wrong: Partial<Stages>): Backend {
  const stages: Stages = { ...RIGHT, ...wrong };
  return {
    name,
    supports: {
      encodings: ['categorical', 'multi-label', 'one-attribute'],
      levels: ['class'],
      comparisons: ['relative'],
      gradient: true,
      precision: 'float64',
      execution: 'async', // not made to train: the stages are what is wrong
    },
    selectMinority: stages.selectMinority,
    mineHardSamples: stages.mineHardSamples,
    formTriplets: stages.formTriplets,
    rectificationLoss: stages.rectificationLoss,
    balancedLoss(batch, options) {
      const selection = stages.selectMinority(batch, options);
      const hard = stages.mineHardSamples(batch, selection, options);
      const triplets = stages.formTriplets(hard, options);
      const rectification = stages.rectificationLoss(batch, hard, triplets, options);
      const count = triplets.shape[0] as number;
      return {
        ...stages.balance(batch, options, { rectification, triplets: count }),
        rectification: rectification.loss,
        statistics: { ...selection, anchors: hard.anchors.length, triplets: count },
      };
    },
  };
}

/** w·a + v·b, entry by entry. */
export function combine(a: NdArray, w: number, b: NdArray, v: number): NdArray<Float64Array> {
  const [rows, columns] = a.shape as [number, number];
  const sum = ndarray(new Float64Array(rows * columns), [rows, columns]);
  for (let i = 0; i < rows; i++)
    for (let s = 0; s < columns; s++) sum.set(i, s, w * a.get(i, s) + v * b.get(i, s));
  return sum;
}
