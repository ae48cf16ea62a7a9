/**
 * The loss as a function of typed arrays, for training loops that do not use tfjs.
 *
 * @module
 */

import type { NdArray } from 'ndarray';
import {
  type AttributeInput,
  type BalancedOptions,
  type BatchInput,
  checkBatch,
  createSchema,
  type Encoding,
  OPTION_NAMES,
  type OptionsInput,
  readAlpha,
  refuseUnknownFields,
  requireFeatures,
  requireProbabilities,
  requireScores,
  resolveOptions,
  type Schema,
  wrongType,
} from '../../spec/rules.js';
import type { FloatArray } from './arrays/float-array.js';
import type { FeatureMatrix } from './batch/feature-matrix.js';
import { type HostLabels, IntegerLabels } from './batch/labels.js';
import { rowMajor, type ScoreView } from './batch/scores.js';
import { type FlatBatch, HostKernel } from './kernel.js';

/** The options of {@link hostLoss}: the classes, and the choices of `resolveOptions`. */
export interface HostLossOptions extends OptionsInput {
  /** The number of classes, or their names, of each attribute: `[10]` for one attribute of ten classes. */
  readonly attributes: readonly AttributeInput[];
  /** How labels are written. Default `categorical`. */
  readonly encoding?: Encoding;
  /** Whether scores are logits. At class level `rectification` refuses logits. Default false. */
  readonly fromLogits?: boolean;
  /** α in [0, 1], for `balanced`. Default 1. */
  readonly alpha?: number;
}

/** A mini-batch in flat arrays, row by row. */
export interface HostBatch {
  /**
   * n×J class indices (−1: unlabelled), or n×S entries of 0 or 1 for the two other encodings. An
   * `Int32Array` is used as it is, anything else is copied.
   */
  readonly labels: HostLabels;
  /**
   * n×S numbers, row by row, or a two-dimensional ndarray of any layout. Optional for L_crl at instance
   * level.
   */
  readonly scores?: FloatArray | NdArray<Float32Array> | NdArray<Float64Array>;
  /** For instance level: n×d numbers, row by row, or J such matrices, one per attribute. */
  readonly features?: FeatureMatrix | readonly FeatureMatrix[];
}

/** L_crl of a batch. */
export interface HostRectification {
  readonly loss: number;
  /** ∂L_crl/∂scores, n×S; at instance level ∂L_crl/∂features, n×d or J×n×d. In the precision of the input. */
  readonly gradient: FloatArray;
  /** |X_min|. */
  readonly anchors: number;
  /** |T|. */
  readonly triplets: number;
}

/** L of a batch (Eq. 8). */
export interface HostBalanced extends HostRectification {
  /** L_crl. */
  readonly rectification: number;
  /** L_ce. */
  readonly crossEntropy: number;
  /** ∂L/∂features at instance level. */
  readonly featureGradient?: FloatArray;
}

/** The loss for batches of one schema, of any size. */
export interface HostLoss {
  /** The options in effect, defaults included. */
  readonly options: BalancedOptions;
  /** L_crl and its derivative (Eq. 9, 13 or 16). */
  rectification(batch: HostBatch): HostRectification;
  /** L = α·L_crl + (1−α)·L_ce and its derivative (Eq. 8). */
  balanced(batch: HostBatch): HostBalanced;
}

/** Every option of {@link hostLoss}. */
const KNOWN = ['attributes', 'encoding', 'fromLogits', 'alpha', ...OPTION_NAMES];

/** Every field of a batch. Anything else, such as weights, would be silently ignored. */
const BATCH_FIELDS = ['labels', 'scores', 'features'];

/**
 * Makes the loss for typed arrays.
 *
 * Probabilities that are given are compared as they are, and all sums are float64. The probabilities of float32 logits
 * are float32, within 2 ulp, and hard samples are chosen by them: equal logits stay equal, and larger ones are not
 * smaller. The probabilities of float64 logits are float64. Gradients have the precision of the input.
 *
 * Results are new arrays in every call. Scratch memory is reused from call to call: O(classes·κ), from logits a number
 * for every sample and attribute, and at instance level n×d in float32 and in float64 and some rows of n. Where WebAssembly has SIMD, float32 input is several times as fast.
 * Without it the results are the same, but for the last digits of the probabilities of float32 logits. `startThreads` of
 * `class-rectification/backends/host/threads` shares large batches of float32 logits with other threads.
 *
 * @throws InputTypeError, InputRangeError - on bad options. The two methods throw them on a bad batch, and
 * name the row and column
 * @example
 * ```ts
 * import { hostLoss } from 'class-rectification/backends/host';
 * const { rectification } = hostLoss({ attributes: [2], kappa: 1 });
 * const scores = Float32Array.of(0.25, 0.75, 0.25, 0.75, 0.5, 0.5, 0.5, 0.5);
 * rectification({ labels: Int32Array.of(0, 0, 1, 1), scores }).loss; // → 0.75
 * ```
 */
export function hostLoss(input: HostLossOptions): HostLoss {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    wrongType('wrong-type', 'options', 'an object with attributes, such as { attributes: [10] }', input);
  }
  refuseUnknownFields(input, KNOWN);
  const { attributes, encoding = 'categorical', fromLogits = false, alpha = 1, ...choices } = input;
  const schema = createSchema({ attributes, encoding, fromLogits });
  const options: BalancedOptions = { ...resolveOptions(schema, choices), alpha: readAlpha(alpha) };
  const kernel = new HostKernel(schema, options);
  const integers = new IntegerLabels();
  const flatten = (batch: HostBatch): FlatBatch | undefined => {
    checkFields(batch);
    const { labelWidth, width } = kernel.schema;
    const size = batch.labels?.length / labelWidth;
    if (!(Number.isInteger(size) && size > 0)) return undefined;
    const labels = integers.read(batch.labels);
    const scores = batch.scores === undefined ? undefined : viewOf(batch.scores, size, width);
    const features = batch.features === undefined ? undefined : flatFeatures(batch.features, size, schema);
    if (!labels || scores === null || features === null) return undefined;
    return { size, labels, ...(scores ? { scores } : {}), ...(features ? { features } : {}) };
  };
  const counts = () => ({ anchors: kernel.selection.anchors, triplets: kernel.triplets });
  return {
    options,
    rectification(batch) {
      const flat = flatten(batch);
      if (options.level === 'class' || (options.anchors === 'easy' && batch.scores !== undefined))
        requireProbabilities({ scored: true, fromLogits });
      const found = flat && kernel.rectification(flat);
      return found ? { ...found, ...counts() } : refuse(schema, options, batch, false);
    },
    balanced(batch) {
      const flat = flatten(batch);
      const found = flat && kernel.balanced(flat);
      return found ? { ...found, ...counts() } : refuse(schema, options, batch, true);
    },
  };
}

/** @throws InputTypeError, InputRangeError - for what is no batch, and for a field that no batch has */
function checkFields(batch: unknown): void {
  if (typeof batch !== 'object' || batch === null) {
    wrongType('wrong-type', 'batch', `an object with ${BATCH_FIELDS.join(', ')}`, batch);
  }
  for (const field in batch)
    if (!BATCH_FIELDS.includes(field)) refuseUnknownFields(batch, BATCH_FIELDS, 'batch.');
}

function viewOf(scores: NonNullable<HostBatch['scores']>, size: number, width: number): ScoreView | null {
  if (isFloatArray(scores)) return scores.length === size * width ? rowMajor(scores, width) : null;
  const { data, shape, stride, offset } = scores;
  if (!isFloatArray(data) || shape?.length !== 2 || shape[0] !== size || shape[1] !== width) return null;
  return { data, offset, rowStride: stride[0], columnStride: stride[1] };
}

function flatFeatures(
  features: NonNullable<HostBatch['features']>,
  size: number,
  { attributes }: Schema,
): FlatBatch['features'] | null {
  const matrices = isFloatArray(features) ? [features] : features;
  const width = (matrices[0]?.length ?? 0) / size;
  const whole = Number.isInteger(width) && width > 0;
  if (!whole || !matrices.every((matrix) => isFloatArray(matrix) && matrix.length === size * width))
    return null;
  if (!isFloatArray(features) && features.length !== attributes.length) return null;
  return { width, matrices };
}

function isFloatArray(value: unknown): value is FloatArray {
  return value instanceof Float32Array || value instanceof Float64Array;
}

/**
 * Throws the specification's error for a batch that the kernel refused, so that each rule and its message
 * are written once.
 *
 * @throws InputTypeError, InputRangeError - always
 */
export function refuse(
  schema: Schema,
  { level, anchors }: BalancedOptions,
  batch: HostBatch,
  balanced: boolean,
): never {
  const { encoding, attributes, fromLogits, scoreWidth, labelWidth } = schema;
  const { labels, scores, features } = batch;
  if (level === 'instance' && features === undefined) requireFeatures({});
  const rows = labels?.length === undefined ? labels : toRows(labels as ArrayLike<number>, labelWidth);
  const size = Array.isArray(rows) ? rows.length : 0;
  const checked = checkBatch({
    attributes,
    encoding,
    fromLogits,
    labels: rows as BatchInput['labels'],
    ...(scores === undefined ? {} : { scores: isFloatArray(scores) ? toRows(scores, scoreWidth) : scores }),
    ...(features === undefined ? {} : { features: nestedFeatures(features, size) }),
  } as BatchInput);
  if (level === 'class' || anchors === 'easy' || balanced) requireScores(checked);
  throw new Error('the host kernel refused a batch that the specification accepts: please report this');
}

function nestedFeatures(features: NonNullable<HostBatch['features']>, size: number): unknown {
  const nested = (matrix: unknown) =>
    isFloatArray(matrix) ? toRows(matrix, Math.max(1, Math.ceil(matrix.length / Math.max(1, size)))) : matrix;
  return isFloatArray(features) ? nested(features) : Array.from(features, nested);
}

function toRows<T>(flat: ArrayLike<T>, width: number): T[][] {
  const all = Array.from(flat);
  return Array.from({ length: Math.ceil(all.length / width) }, (_, i) =>
    all.slice(i * width, (i + 1) * width),
  );
}
