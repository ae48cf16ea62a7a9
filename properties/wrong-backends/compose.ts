/**
 * Wrong backends composed from the specification: one stage is replaced, and the whole walk uses it.
 *
 * @module
 */

import ndarray, { type NdArray } from 'ndarray';
import {
  type Backend,
  type BalancedLoss,
  type BalancedOptions,
  type Batch,
  type Capabilities,
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
  toProbabilities,
} from '../../spec/index.js';
import { EVERYTHING } from '../of-spec/definition.js';
import { entries } from '../walk.js';

/** All stages, synchronous. */
export interface Stages {
  /** Turns logits into the probabilities that the stages rank. */
  toProbabilities(batch: Batch): Batch;
  selectMinority(batch: Batch, options: Options): MinoritySelection;
  mineHardSamples(batch: Batch, selection: MinoritySelection, options: Options): HardSamples;
  formTriplets(hard: HardSamples, options: Options): Triplets;
  rectificationLoss(batch: Batch, hard: HardSamples, triplets: Triplets, options: Options): RectificationLoss;
  /** Combines L_crl and L_ce to L. */
  balance(
    batch: Batch,
    options: BalancedOptions,
    found: Balance,
  ): Omit<BalancedLoss, 'rectification' | 'statistics'>;
}

/** The input of {@link Stages.balance}. */
export interface Balance {
  readonly rectification: RectificationLoss;
  readonly triplets: number;
  /** The batch with its logits turned into probabilities. */
  readonly probable: Batch;
}

/** A backend with every stage, all of them synchronous. */
export interface WholeBackend extends Backend {
  selectMinority: Stages['selectMinority'];
  mineHardSamples: Stages['mineHardSamples'];
  formTriplets: Stages['formTriplets'];
  rectificationLoss: Stages['rectificationLoss'];
  balancedLoss(batch: Batch, options: BalancedOptions): BalancedLoss;
}

/** The right stages. */
export const RIGHT: Stages = {
  toProbabilities,
  selectMinority,
  mineHardSamples,
  formTriplets,
  rectificationLoss,
  balance(batch, { alpha, level }, { rectification, probable }) {
    const ce = crossEntropy(batch);
    const slope = crossEntropyGradient(batch);
    const found = { loss: alpha * rectification.loss + (1 - alpha) * ce, crossEntropy: ce };
    if (level === 'instance') {
      const featureGradient = scaled(rectification.gradient, alpha);
      return { ...found, gradient: scaled(slope, 1 - alpha), featureGradient };
    }
    const ofScores = batch.fromLogits
      ? throughProbabilities(probable, rectification.gradient)
      : rectification.gradient;
    return { ...found, gradient: combine(ofScores, alpha, slope, 1 - alpha) };
  },
};

/** A backend that is right except for the stages given. */
export function composeBackend(
  name: string,
  wrong: Partial<Stages>,
  supports: Partial<Capabilities> = {},
): WholeBackend {
  const stages: Stages = { ...RIGHT, ...wrong };
  return {
    name,
    supports: {
      ...EVERYTHING,
      execution: 'async', // it need not train: its stages are wrong
      ...supports,
    },
    selectMinority: stages.selectMinority,
    mineHardSamples: stages.mineHardSamples,
    formTriplets: stages.formTriplets,
    rectificationLoss: stages.rectificationLoss,
    balancedLoss(batch, options) {
      const probable = stages.toProbabilities(batch);
      const selection = stages.selectMinority(probable, options);
      const hard = stages.mineHardSamples(probable, selection, options);
      const triplets = stages.formTriplets(hard, options);
      const rectification = stages.rectificationLoss(probable, hard, triplets, options);
      const count = triplets.shape[0] as number;
      return {
        ...stages.balance(batch, options, { rectification, triplets: count, probable }),
        rectification: rectification.loss,
        statistics: { ...selection, anchors: hard.anchors.length, triplets: count },
      };
    },
  };
}

/** w·a + v·b, entry by entry. */
export function combine(a: NdArray, w: number, b: NdArray, v: number): NdArray<Float64Array> {
  const right = entries(b);
  return ndarray(
    Float64Array.from(entries(a), (x, at) => w * x + v * (right[at] as number)),
    [...a.shape],
  );
}

/** w·a, entry by entry. */
export function scaled(a: NdArray, w: number): NdArray<Float64Array> {
  return ndarray(
    Float64Array.from(entries(a), (x) => w * x),
    [...a.shape],
  );
}

/**
 * Takes a gradient with respect to probabilities back to logits, through each softmax or each sigmoid.
 *
 * @param counted - how many classes of a softmax its mean counts. Default: all, which is right
 */
export function throughProbabilities(
  probable: Batch,
  slope: NdArray,
  counted?: number,
): NdArray<Float64Array> {
  const groups =
    probable.encoding === 'categorical' ? probable.attributes.map(({ columns }) => columns) : undefined;
  const back = scaled(slope, 1);
  for (let i = 0; i < probable.size; i++) {
    const p = (s: number) => probable.scores.get(i, s);
    if (groups === undefined) {
      for (let s = 0; s < probable.scoreWidth; s++) back.set(i, s, slope.get(i, s) * p(s) * (1 - p(s)));
    }
    for (const columns of groups ?? []) {
      const mean = columns.slice(0, counted).reduce((sum, c) => sum + slope.get(i, c) * p(c), 0);
      for (const c of columns) back.set(i, c, p(c) * (slope.get(i, c) - mean));
    }
  }
  return back;
}
