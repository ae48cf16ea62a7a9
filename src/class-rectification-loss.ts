/**
 * The Class Rectification Loss as people train with it: a tfjs-layers loss.
 *
 * @module
 */
import { type DeviceBalancedLoss, tensorLoss } from '../backends/tfjs/index.js';
import {
  type AttributeInput,
  type Backend,
  type BalancedOptions,
  classCounts,
  createSchema,
  type Encoding,
  type Imbalance,
  InputTypeError,
  imbalance,
  type Matrix,
  type OptionsInput,
  type PresetName,
  readAlpha,
  readPreset,
  rectificationWeight,
  resolveOptions,
} from '../spec/index.js';
import { type LayersLoss, trainingLoss } from './training-loss.js';

/** What {@link classRectificationLoss} takes. */
export interface ClassRectificationOptions extends OptionsInput {
  /** The class count (or names) of each attribute: `[10]` for ten classes. */
  readonly attributes: readonly AttributeInput[];
  /**
   * `paper` (default), or `article`: its reading of multi-label data. Options beside it go before it.
   */
  readonly preset?: PresetName;
  /** How labels are written. Default `categorical`: one-hot rows, all zero for unlabelled. */
  readonly encoding?: Encoding;
  /** Whether the model's output is logits. Default false: probabilities. */
  readonly fromLogits?: boolean;
  /** α in [0, 1] directly; else it is η·Ω of `trainingLabels` (Eq. 8). */
  readonly alpha?: number;
  /** η ≥ 0. Default 0.01. */
  readonly eta?: number;
  /** How Ω is measured. Default `shortfall`. */
  readonly imbalance?: Imbalance;
  /** Labels of the whole training set: class indices, or rows as `createBatch` takes them. */
  readonly trainingLabels?: readonly number[] | Matrix<number | null>;
  /** A verified backend. Default: the tfjs graph, on whatever engine is current when it trains. */
  readonly backend?: Backend;
  /**
   * Called in every step with what the walk found, as tensors on the device (`tensor` backends).
   * They are disposed of when it returns: `tf.keep` what is to be read later.
   */
  readonly observe?: (found: DeviceBalancedLoss) => void;
}

/** A loss for `model.compile({ loss })`, and the choices it was made with. */
export type ClassRectificationLoss = LayersLoss & {
  /** Complete options, α included. */
  readonly options: BalancedOptions;
  /** Ω, if α was computed from it. */
  readonly omega?: number;
};

/**
 * L = α·L_crl + (1−α)·L_ce (Eq. 8) as a tfjs-layers loss.
 *
 * It takes yTrue n×C one-hot (or n×L of 0/1, −1 unlabelled) and yPred of the same shape, and returns
 * a scalar. Nothing is read back from the device, so values are not checked in training.
 *
 * @throws InputTypeError, InputRangeError - on bad options, and without `alpha` and `trainingLabels`
 * @throws CannotTrainError - if the backend cannot train
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { classRectificationLoss } from 'class-rectification';
 * const loss = classRectificationLoss({ attributes: [3], trainingLabels: [0, 0, 0, 0, 1, 2], eta: 0.2 });
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, activation: 'softmax', inputShape: [4] })] });
 * model.compile({ optimizer: 'sgd', loss });
 * loss.options.alpha; // → 0.1
 * ```
 */
export function classRectificationLoss(input: ClassRectificationOptions): ClassRectificationLoss {
  const preset = readPreset(input.preset);
  const {
    attributes,
    preset: _,
    encoding = preset.encoding,
    fromLogits,
    alpha,
    eta,
    imbalance: measure,
    trainingLabels,
    backend,
    observe,
    ...choices
  } = input;
  const schema = createSchema({
    attributes,
    encoding,
    ...(fromLogits === undefined ? {} : { fromLogits }),
  });
  let omega: number | undefined;
  let weight: number;
  if (alpha !== undefined) {
    refuseBoth({ eta, imbalance: measure, trainingLabels });
    weight = readAlpha(alpha, 'alpha');
  } else {
    if (trainingLabels === undefined && typeof measure !== 'number') {
      throw new InputTypeError({
        code: 'wrong-type',
        where: 'options',
        expected: 'trainingLabels (for α = η·Ω) or alpha',
        got: 'neither',
      });
    }
    const counts = trainingLabels === undefined ? [] : classCounts(schema, asRows(trainingLabels));
    omega = imbalance(counts, measure ?? preset.imbalance);
    weight = rectificationWeight(omega, eta ?? preset.eta);
  }
  const options: BalancedOptions = {
    ...resolveOptions(schema, { ...preset.options, ...choices }),
    alpha: weight,
  };
  const loss = backend
    ? trainingLoss(backend, schema, options, observe)
    : (tensorLoss(schema, options, observe) as LayersLoss);
  return Object.assign((...args: Parameters<LayersLoss>) => loss(...args), {
    options,
    ...(omega === undefined ? {} : { omega }),
  });
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
    throw new InputTypeError({
      code: 'option-unknown',
      where: `options.${name}`,
      expected: 'none beside alpha',
      got: String(value),
    });
  }
}
