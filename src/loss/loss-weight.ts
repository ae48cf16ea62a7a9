/**
 * The weight of L_crl as the training loss is given it: α by itself, or by η and Ω (Eq. 8).
 *
 * @module
 */
import { outOfRange } from '../../spec/errors.js';
import {
  classCounts,
  type Imbalance,
  InputTypeError,
  imbalance,
  type Matrix,
  type Preset,
  rectificationWeight,
  type Schema,
} from '../../spec/rules.js';
import { type AlphaAt, type AlphaSchedule, alphaAt } from './alpha-schedule.js';

/** Where α comes from. */
export interface WeightOptions {
  /** α in [0, 1] directly, or a schedule of it; else it is η·Ω of `trainingLabels` (Eq. 8). */
  readonly alpha?: number | AlphaSchedule;
  /** Steps of plain cross entropy before. Default 0. */
  readonly warmUp?: number;
  /** η ≥ 0. Default 0.01. */
  readonly eta?: number;
  /** How Ω is measured. Default `shortfall`. */
  readonly imbalance?: Imbalance;
  /** Labels of the whole training set: class indices, or rows as `createBatch` takes them. */
  readonly trainingLabels?: readonly number[] | Matrix<number | null>;
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
 * @throws InputTypeError, InputRangeError - also without `alpha` and `trainingLabels`, and for an
 * option that would say nothing
 */
export function lossWeight(
  schema: Schema,
  { alpha, warmUp = 0, eta, imbalance: measure, trainingLabels }: WeightOptions,
  preset: Pick<Preset, 'eta' | 'imbalance'>,
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
  const counts = trainingLabels === undefined ? [] : classCounts(schema, asRows(trainingLabels));
  const omega = imbalance(counts, measure ?? preset.imbalance);
  const weight = rectificationWeight(omega, eta ?? preset.eta);
  return { alphaAt: alphaAt(weight, warmUp), constant: warmUp === 0, omega };
}

/** Class indices, of a single attribute, as rows of one label. */
function asRows(labels: readonly number[] | Matrix<number | null>): Matrix<number | null> {
  if (!Array.isArray(labels) && !ArrayBuffer.isView(labels)) return labels as Matrix<number | null>;
  return Array.from(labels as ArrayLike<number | ArrayLike<number>>, (label) =>
    typeof label === 'number' ? [label] : label,
  );
}

/** α given directly leaves nothing for η and Ω to say: an option must not be silently ignored. */
function refuseBoth(others: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(others)) {
    if (value === undefined) continue;
    outOfRange('option-unknown', `options.${name}`, 'none beside alpha', value);
  }
}
