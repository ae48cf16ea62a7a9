/**
 * The Class Rectification Loss as people train with it: a tfjs-layers loss.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { tensorLoss } from '../../backends/tfjs/tensor-loss.js';
import type { DeviceFindings } from '../../backends/tfjs/walk.js';
import {
  type AttributeInput,
  type Backend,
  type BalancedOptions,
  checkFeatureShape,
  columnsOfSchema,
  createSchema,
  type Encoding,
  type InputNames,
  type OptionsInput,
  outOfRange,
  type PresetName,
  readPreset,
  resolveOptions,
  type Schema,
  type TensorLoss,
  wrongType,
} from '../../spec/rules.js';
import { CannotTrainError } from '../support/cannot-train-error.js';
import { type CheckLabels, lossInputs, type SampleWeights } from '../support/loss-input/loss-inputs.js';
import { warnOnce } from '../support/warn-once.js';
import type { AlphaAt } from './alpha-schedule.js';
import { isTrainingStep } from './is-training-step.js';
import { checkLossOptions } from './loss-options.js';
import { lossWeight, type WeightOptions } from './loss-weight.js';
import { minorityWatch } from './minority-watch.js';
import { tensorBackendLoss } from './tensor-backend-loss.js';

/** What {@link classRectificationLoss} takes. */
export interface ClassRectificationOptions extends OptionsInput, WeightOptions {
  /** The class count (or names) of each attribute: `[10]` for ten classes. */
  readonly attributes: readonly AttributeInput[];
  /** `paper` (default), or `article`: its reading of multi-label data. Other options override the preset. */
  readonly preset?: PresetName;
  /** How labels are written. Default `categorical`: one-hot rows, all zero for unlabelled, or class indices. */
  readonly encoding?: Encoding;
  /** Whether the model's output is logits. Default false: probabilities. */
  readonly fromLogits?: boolean;
  /**
   * How often label values are checked on engines whose tensors cannot be read at once (`webgpu`, `webgl`):
   * `first` (default), in the first 10 batches; `always`; `never`. They are read without waiting for them, and
   * what is wrong is thrown by the next call. On `cpu`, `wasm` and `tensorflow` every batch is checked.
   */
  readonly check?: CheckLabels;
  /**
   * A verified backend that computes on tensors; a `sync` one through `trainableBackend` of the entry `verify`.
   * Default: the fused kernels of the current engine, or where it has none the graph of tfjs operations.
   */
  readonly backend?: Backend;
  /**
   * Called in every step with what the walk found, as tensors on the device (`tensor` backends). They are
   * disposed of when it returns: `tf.keep` what is to be read later.
   */
  readonly observe?: (found: DeviceFindings) => void;
}

/**
 * A loss for `model.compile({ loss })`, and the choices it was made with.
 *
 * Called, it returns one number per sample, α·L_crl + (1−α)·ce_i, whose mean is L: `model.fit` and
 * `model.evaluate` take the mean, and `classWeight` weighs samples. A loss made from a backend that cannot
 * weigh samples returns L, a scalar.
 */
export interface ClassRectificationLoss {
  /**
   * @param yTrue - n×S one-hot rows or rows of 0 and 1, or class indices n×J (n for one attribute)
   * @param yPred - n×S
   * @param features - at instance level: n×d, or J×n×d
   */
  (yTrue: tf.Tensor, yPred: tf.Tensor, features?: tf.Tensor): tf.Tensor;
  /**
   * L as a scalar: the mean of the losses of all samples, each multiplied by its weight if weights are given
   * (ruling: sample weights).
   *
   * @param weights - n numbers ≥ 0. Default: 1 for all
   * @throws CannotTrainError - for weights, if the backend cannot weigh samples
   */
  mean(yTrue: tf.Tensor, yPred: tf.Tensor, features?: tf.Tensor, weights?: SampleWeights): tf.Scalar;
  /** Complete options; α is that of the first step. */
  readonly options: BalancedOptions;
  readonly schema: Schema;
  /** α of a training step, counted from 0. */
  readonly alphaAt: AlphaAt;
  /** Ω, if α was computed from it. */
  readonly omega?: number;
  /** Whether it returns one number per sample; false for backends that give only L. */
  readonly weighsSamples: boolean;
}

const NAMES: InputNames = { labels: 'yTrue', scores: 'yPred' };

/** What to do with a model of several outputs: `model.compile` calls the loss once for each. */
const SEVERAL_OUTPUTS =
  'side by side: concatenate the outputs into one, or train several outputs with trainStep';

/** What to do with a binary classifier that has one output. */
const ONE_SIGMOID = "for a single sigmoid output, set encoding: 'multi-label'";

/**
 * L = α·L_crl + (1−α)·L_ce (Eq. 8) as a tfjs-layers loss.
 *
 * Shapes are checked in every call. On `cpu`, `wasm` and `tensorflow` so are the labels; on a GPU nothing
 * waits for a read-back, and `check` says how often labels are read. `model.fit` has no features to give,
 * so instance level is trained by `trainStep`.
 *
 * It counts its steps where α changes from step to step. Only steps that are differentiated count, so
 * validation does not move the schedule. Make a new loss for each training.
 *
 * It warns once, by `console.warn`, of what is legal but hardly intended: scores that are probabilities with
 * `fromLogits: true`, features at class level, training labels of 1 and −1 without any 0, and 200 training
 * steps in which no class was a surviving minority.
 *
 * @throws InputTypeError, InputRangeError - on bad options, and without `alpha` and `trainingLabels`; in a
 * call, for wrong shapes, labels or weights
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
  checkLossOptions(input);
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
    check,
    backend,
    observe,
    ...choices
  } = input;
  const schema = createSchema({
    attributes,
    encoding,
    ...(fromLogits === undefined ? {} : { fromLogits }),
  });
  const warn = warnOnce();
  const given = { alpha, warmUp, eta, imbalance, trainingLabels } as WeightOptions;
  const { alphaAt, constant, omega } = lossWeight(schema, given, preset, warn);
  const options: BalancedOptions = {
    ...resolveOptions(schema, { ...preset.options, ...choices }),
    alpha: alphaAt(0),
  };
  const inputs = lossInputs({
    columns: expectedColumns(schema),
    schemaOf: () => schema,
    fromLogits: schema.fromLogits,
    check,
    readsValues: backend === undefined, // the fused kernels check every number; another backend may not
    warn,
  });
  const lossAt = watchedLoss(backend, schema, options, observe, constant && options.alpha === 0, warn);
  const weighsSamples = lossAt().perSample !== undefined;

  let step = 0;
  /** The walk over a batch, in one of the two forms of a loss. */
  const walk = (
    [yTrue, yPred, given]: Parameters<ClassRectificationLoss>,
    form: (loss: TensorLoss<tf.Tensor>) => TensorLoss<tf.Tensor>,
  ): tf.Tensor => {
    const labels = inputs.labels(yTrue, yPred, NAMES);
    try {
      const features = checkedFeatures(given, yPred.shape[0] as number);
      const now = constant ? [] : [alphaAt(step)];
      if (isTrainingStep()) step += 1;
      return form(lossAt())(labels, yPred, features, ...now);
    } finally {
      if (labels !== yTrue) labels.dispose();
    }
  };
  const checkedFeatures = (features: tf.Tensor | undefined, rows: number): tf.Tensor | undefined => {
    if (features !== undefined && !(features instanceof tf.Tensor)) {
      wrongType(
        'wrong-type',
        'features',
        'a tensor, or undefined (weights are the argument after it)',
        features,
      );
    }
    if (options.level === 'class') {
      if (features !== undefined) warn('features', FEATURES_UNUSED);
      return undefined;
    }
    if (features === undefined) outOfRange('features-missing', 'features', FEATURES_EXPECTED, undefined);
    checkFeatureShape(schema, options.level, rows, features);
    return features;
  };

  // tfjs takes the name of a metric from its function
  const crl = (...given: Parameters<ClassRectificationLoss>): tf.Tensor =>
    walk(given, (loss) => loss.perSample ?? loss);
  const mean: ClassRectificationLoss['mean'] = (yTrue, yPred, features, weights) => {
    if (weights === undefined) return walk([yTrue, yPred, features], (loss) => loss) as tf.Scalar;
    if (!weighsSamples) {
      throw new CannotTrainError(
        `weights: backend ${backend?.name} gives only L and one gradient, so it cannot weigh samples`,
      );
    }
    return tf.tidy(() => {
      const losses = walk([yTrue, yPred, features], (loss) => loss.perSample as TensorLoss);
      return tf.mean(tf.mul(inputs.weights(weights, losses.shape[0] as number), losses)) as tf.Scalar;
    });
  };
  return Object.assign(crl, {
    mean,
    options,
    schema,
    alphaAt,
    weighsSamples,
    ...(omega === undefined ? {} : { omega }),
  });
}

const FEATURES_UNUSED =
  "the loss was given features, which class level does not use: say level: 'instance' to mine and compare them";

const FEATURES_EXPECTED =
  'n×d or J×n×d, at instance level: model.fit has none to give, so train with ' +
  "trainStep(model, optimizer, loss, { features: 'name of a layer' })";

function expectedColumns(schema: Schema): ReturnType<typeof columnsOfSchema> {
  const columns = columnsOfSchema(schema);
  if (schema.attributes.length === 1) {
    const isBinary = schema.encoding === 'categorical' && schema.scoreWidth === 2;
    return isBinary ? { ...columns, parts: { widths: [1], advice: ONE_SIGMOID } } : columns;
  }
  const widths = schema.attributes.map(({ classes }) =>
    schema.encoding === 'categorical' ? classes.length : 1,
  );
  return { ...columns, parts: { widths, advice: SEVERAL_OUTPUTS } };
}

/**
 * The loss on tensors, which is watched for surviving minority classes until there is one.
 *
 * @param plain - whether α is 0 in every step, so that there is nothing to watch for
 */
function watchedLoss(
  backend: Backend | undefined,
  schema: Schema,
  options: BalancedOptions,
  observe: ClassRectificationOptions['observe'],
  plain: boolean,
  warn: ReturnType<typeof warnOnce>,
): () => TensorLoss<tf.Tensor> {
  const lossWith = (seen: typeof observe): TensorLoss<tf.Tensor> =>
    backend ? tensorBackendLoss(backend, schema, options, seen) : tensorLoss(schema, options, seen);
  if (plain) {
    const loss = lossWith(observe);
    return () => loss;
  }
  const watch = minorityWatch(warn);
  const watched = lossWith((found) => {
    // what a backend of your own shows may be of another form
    if (found.anchors instanceof tf.Tensor && isTrainingStep()) watch.see(found.anchors);
    observe?.(found);
  });
  let unwatched: TensorLoss<tf.Tensor> | undefined;
  return () => {
    if (watch.watching) return watched;
    unwatched ??= lossWith(observe);
    return unwatched;
  };
}
