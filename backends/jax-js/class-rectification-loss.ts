/**
 * `classRectificationLoss` for jax-js: from the options of the loss to a function that `grad` takes.
 *
 * @module
 */
import {
  type AttributeInput,
  type BalancedOptions,
  createSchema,
  type Encoding,
  type Imbalance,
  OPTION_NAMES,
  type OptionsInput,
  readAlpha,
  refuseUnknownFields,
  requestedWeight,
  resolveOptions,
  type Schema,
  type TrainingLabels,
  trainingCounts,
  wrongType,
} from '../../spec/rules.js';
import { refuseObserver } from './arguments.js';
import { type JaxLoss, jaxLoss } from './loss.js';

/** What {@link classRectificationLoss} takes. */
export interface JaxLossOptions extends OptionsInput {
  /** The class count (or names) of each attribute: `[10]` for ten classes. */
  readonly attributes: readonly AttributeInput[];
  /** How labels are written. Default `categorical`: one-hot rows, all zero for unlabelled. */
  readonly encoding?: Encoding;
  /** Whether scores are logits. Default false: probabilities. */
  readonly fromLogits?: boolean;
  /** α in [0, 1] directly. Default: η·Ω of `trainingLabels` (Eq. 8). */
  readonly alpha?: number;
  /** η ≥ 0. Default 0.01. */
  readonly eta?: number;
  /** How Ω is measured. Default `shortfall`. */
  readonly imbalance?: Imbalance;
  /**
   * Labels of the whole training set: class indices, one per sample; or rows, one index per attribute, or for the
   * other encodings rows of 0 and 1. −1 or null: unlabelled.
   */
  readonly trainingLabels?: TrainingLabels;
}

/**
 * The loss of arrays, and the choices it was made with. As every function of jax-js, it takes ownership of the arrays
 * that it is given: pass `x.ref` to use `x` again.
 */
export interface JaxClassRectificationLoss extends JaxLoss {
  /** Complete options. */
  readonly options: BalancedOptions;
  readonly schema: Schema;
  /** Ω, if α was computed from it. */
  readonly omega?: number;
}

const KNOWN = [
  ...['attributes', 'encoding', 'fromLogits', 'alpha', 'eta', 'imbalance', 'trainingLabels'],
  ...OPTION_NAMES,
];

/**
 * L = α·L_crl + (1−α)·L_ce (Eq. 8) as a function of jax-js arrays: `loss(labels, scores, features?, alpha?)`.
 *
 * `labels` are n×S: one-hot rows, or rows of 0 and 1; `scores` n×S; `features`, at instance level, n×d or J×n×d;
 * `alpha` overrides α, so that a schedule can change it from step to step without compiling anew. The result is a
 * scalar; `loss.perSample` returns n numbers whose mean it is.
 *
 * It is compiled at its first call for each shape of a batch. Nothing waits for a read-back: a score or feature that is
 * NaN or infinite makes the loss NaN.
 *
 * @throws InputTypeError, InputRangeError - on bad options, and without `alpha` and `trainingLabels`; in a call, for
 * wrong shapes and types
 * @example
 * ```ts
 * import { numpy as np } from '@jax-js/jax';
 * import { classRectificationLoss } from 'class-rectification/backends/jax-js';
 * const loss = classRectificationLoss({ attributes: [2], alpha: 1, kappa: 1 });
 * const labels = np.array([[1, 0], [1, 0], [0, 1], [0, 1]]);
 * const scores = np.array([[0.25, 0.75], [0.25, 0.75], [0.5, 0.5], [0.5, 0.5]]);
 * loss(labels, scores).js(); // → 0.75
 * ```
 */
export function classRectificationLoss(input: JaxLossOptions): JaxClassRectificationLoss {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    wrongType('wrong-type', 'options', 'an object with attributes, such as { attributes: [10] }', input);
  }
  refuseObserver('options.observe', (input as { observe?: unknown }).observe);
  refuseUnknownFields(input, KNOWN);
  const {
    attributes,
    encoding,
    fromLogits,
    alpha,
    eta,
    imbalance: measure,
    trainingLabels,
    ...choices
  } = input;
  const schema = createSchema({
    attributes,
    ...(encoding === undefined ? {} : { encoding }),
    ...(fromLogits === undefined ? {} : { fromLogits }),
  });
  const counts = () =>
    trainingCounts(schema, trainingLabels as TrainingLabels, (_, message) => {
      console.warn(`class-rectification: ${message}`);
    });
  const weight = requestedWeight({ alpha, eta, imbalance: measure }, trainingLabels, counts);
  const options: BalancedOptions = { ...resolveOptions(schema, choices), alpha: readAlpha(weight.alpha) };
  const loss = jaxLoss(schema, options);
  return Object.assign(loss, {
    options,
    schema,
    ...(weight.omega === undefined ? {} : { omega: weight.omega }),
  });
}
