/**
 * The Class Rectification Loss as people train with it: a tfjs-layers loss.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs-core';
import { tensorLoss } from '../../backends/tfjs/tensor-loss.js';
import type { DeviceFindings } from '../../backends/tfjs/walk.js';
import {
  type AttributeInput,
  type Backend,
  type BalancedOptions,
  createSchema,
  type Encoding,
  type OptionsInput,
  type PresetName,
  readPreset,
  resolveOptions,
  type Schema,
} from '../../spec/rules.js';
import type { AlphaAt } from './alpha-schedule.js';
import { isTrainingStep } from './is-training-step.js';
import { lossWeight, type WeightOptions } from './loss-weight.js';
import { tensorBackendLoss } from './tensor-backend-loss.js';

/** What {@link classRectificationLoss} takes. */
export interface ClassRectificationOptions extends OptionsInput, WeightOptions {
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
  /**
   * A verified backend that computes on tensors; a `sync` one through `trainableBackend` of the entry
   * `verify`. Default: this package's own loss, on whatever engine is current when it trains.
   */
  readonly backend?: Backend;
  /**
   * Called in every step with what the walk found, as tensors on the device (`tensor` backends).
   * They are disposed of when it returns: `tf.keep` what is to be read later.
   */
  readonly observe?: (found: DeviceFindings) => void;
}

/** L of labels and scores, and at instance level of features: n×d, or J×n×d. */
export type FeatureLoss = (yTrue: tf.Tensor, yPred: tf.Tensor, features?: tf.Tensor) => tf.Tensor;

/** A loss for `model.compile({ loss })`, and the choices it was made with. */
export type ClassRectificationLoss = FeatureLoss & {
  /** Complete options; α is that of the first step. */
  readonly options: BalancedOptions;
  readonly schema: Schema;
  /** α of a training step, counted from 0. */
  readonly alphaAt: AlphaAt;
  /** Ω, if α was computed from it. */
  readonly omega?: number;
};

/**
 * L = α·L_crl + (1−α)·L_ce (Eq. 8) as a tfjs-layers loss.
 *
 * It takes yTrue n×C one-hot (or n×L of 0/1, −1 unlabelled) and yPred of the same shape, at instance
 * level features too, and returns a scalar. Nothing is read back from the device, so values are not
 * checked in training. `model.fit` hands over no features: `trainStep` does.
 *
 * It counts its steps where α changes from step to step, those that are differentiated only:
 * validation does not move the schedule. Make a loss for each training.
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
    warmUp,
    eta,
    imbalance,
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
  const given = { alpha, warmUp, eta, imbalance, trainingLabels } as WeightOptions;
  const { alphaAt, constant, omega } = lossWeight(schema, given, preset);
  const options: BalancedOptions = {
    ...resolveOptions(schema, { ...preset.options, ...choices }),
    alpha: alphaAt(0),
  };
  const lossOf = backend
    ? tensorBackendLoss(backend, schema, options, observe)
    : tensorLoss(schema, options, observe);
  let step = 0;
  const loss: FeatureLoss = (yTrue, yPred, features) => {
    if (constant) return lossOf(yTrue, yPred, features);
    const now = alphaAt(step);
    if (isTrainingStep()) step += 1;
    return lossOf(yTrue, yPred, features, now);
  };
  return Object.assign(loss, { options, schema, alphaAt, ...(omega === undefined ? {} : { omega }) });
}
