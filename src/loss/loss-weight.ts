/**
 * The weight α of L_crl in the training loss: given directly, or computed as η·Ω (Eq. 8).
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  type Imbalance,
  type Preset,
  requestedWeight,
  type Schema,
  type TrainingLabels,
  trainingCounts,
  wrongType,
} from '../../spec/rules.js';
import type { WarnOnce } from '../support/warn-once.js';
import { type AlphaAt, type AlphaSchedule, alphaAt } from './alpha-schedule.js';

/** Where α comes from. */
export interface WeightOptions {
  /** α in [0, 1] directly, or a schedule of it; else it is η·Ω of `trainingLabels` (Eq. 8). */
  readonly alpha?: number | AlphaSchedule;
  /** Steps of plain cross entropy, α 0, before α begins. Default 0. */
  readonly warmUp?: number;
  /** η ≥ 0. Default 0.01. */
  readonly eta?: number;
  /** How Ω is measured. Default `shortfall`. */
  readonly imbalance?: Imbalance;
  /**
   * Labels of the whole training set, as arrays: class indices, one per sample; or rows, one index per
   * attribute, or for the other encodings rows of 0 and 1. −1 or null: unlabelled.
   */
  readonly trainingLabels?: TrainingLabels;
}

/** α of every step, and what it was computed from. */
export interface LossWeight {
  readonly alphaAt: AlphaAt;
  /** Whether it is the same in every step. */
  readonly constant: boolean;
  /** Ω, if α was computed from it. */
  readonly omega?: number;
}

/**
 * The weight that the options ask for.
 *
 * @throws InputTypeError, InputRangeError - also without `alpha` and `trainingLabels`, and for options
 * that have no effect together with `alpha`
 */
export function lossWeight(
  schema: Schema,
  { alpha, warmUp = 0, eta, imbalance: measure, trainingLabels }: WeightOptions,
  preset: Pick<Preset, 'eta' | 'imbalance'>,
  warn: WarnOnce,
): LossWeight {
  const counts = () => trainingCounts(schema, countable(schema, trainingLabels as TrainingLabels), warn);
  const request = { alpha, eta, imbalance: measure };
  const { alpha: weight, omega } = requestedWeight<number | AlphaSchedule>(
    request,
    trainingLabels,
    counts,
    preset,
  );
  return {
    alphaAt: alphaAt(weight, warmUp),
    constant: typeof weight === 'number' && warmUp === 0,
    ...(omega === undefined ? {} : { omega }),
  };
}

/** Training labels are read once, when the loss is made, and a tensor may be on a GPU. */
function countable({ encoding }: Schema, labels: TrainingLabels): TrainingLabels {
  if (!(labels instanceof tf.Tensor)) return labels;
  const how =
    encoding === 'categorical' ? 'await labels.argMax(1).array() of one-hot rows' : 'await labels.array()';
  return wrongType('wrong-type', 'options.trainingLabels', `an array: ${how}`, labels);
}
