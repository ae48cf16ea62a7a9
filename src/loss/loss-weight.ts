/**
 * The weight α of L_crl in the training loss: given directly, or computed as η·Ω (Eq. 8).
 *
 * @module
 */
import {
  type Imbalance,
  InputTypeError,
  imbalance,
  outOfRange,
  type Preset,
  rectificationWeight,
  type Schema,
} from '../../spec/rules.js';
import type { WarnOnce } from '../support/warn-once.js';
import { type AlphaAt, type AlphaSchedule, alphaAt } from './alpha-schedule.js';
import { type TrainingLabels, trainingCounts } from './training-labels.js';

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
  if (alpha !== undefined) {
    refuseBoth({ eta, imbalance: measure, trainingLabels });
    return { alphaAt: alphaAt(alpha, warmUp), constant: typeof alpha === 'number' && warmUp === 0 };
  }
  if (trainingLabels === undefined && typeof measure !== 'number') {
    throw new InputTypeError({
      code: 'wrong-type',
      where: 'options',
      expected: 'trainingLabels (for α = η·Ω) or alpha',
      got: 'neither',
    });
  }
  const counts = trainingLabels === undefined ? [] : trainingCounts(schema, trainingLabels, warn);
  const omega = imbalance(counts, measure ?? preset.imbalance);
  const weight = rectificationWeight(omega, eta ?? preset.eta);
  return { alphaAt: alphaAt(weight, warmUp), constant: warmUp === 0, omega };
}

/** With α given directly, η and Ω have no effect: no option must be silently ignored. */
function refuseBoth(others: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined) continue;
    outOfRange('option-unknown', `options.${name}`, 'no value where alpha is given', value);
  }
}
