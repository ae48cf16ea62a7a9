/**
 * What every loss of this package does with its labels and scores before it computes anything: it checks
 * their shapes, reads class indices, and checks the numbers as far as the engine allows.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { HOST_ENGINES } from '../../../backends/tfjs/engines/host-engines.js';
import {
  checkClassIndices,
  checkLossShapes,
  checkScoreValues,
  checkWeights,
  type ExpectedColumns,
  type InputNames,
  integerLabels,
  outOfRange,
  type Schema,
} from '../../../spec/rules.js';
import type { WarnOnce } from '../warn-once.js';
import { oneHotRows } from './class-indices.js';
import { looksLikeProbabilities } from './looks-like-probabilities.js';
import { explainMissingKernels } from './wasm-derivatives.js';

/**
 * How often the numbers of labels are checked on an engine whose tensors cannot be read at once (`webgpu`,
 * `webgl`): in the first 10 batches, in every batch, or never. On `cpu`, `wasm` and `tensorflow` every batch
 * is checked.
 */
export type CheckLabels = 'first' | 'always' | 'never';

const CHECK_LABELS: readonly CheckLabels[] = ['first', 'always', 'never'];

/** Batches that `first` checks. */
const FIRST_BATCHES = 10;

/** What a loss expects of its inputs. */
export interface LossInputChoices {
  readonly columns: ExpectedColumns;
  /** The classes of S columns. */
  readonly schemaOf: (width: number) => Schema;
  readonly fromLogits: boolean;
  readonly check?: CheckLabels | undefined;
  /** Whether the loss itself checks every label and score on the engines of the processor. Default false. */
  readonly readsValues?: boolean;
  /** What to do with several labels per sample, in the caller's own options. */
  readonly severalLabels?: string;
  readonly warn: WarnOnce;
}

/** The checks of one loss. What a check finds in numbers that are read later is thrown by the next call. */
export interface LossInputs {
  /**
   * The labels of a batch, n×S in float32, checked against its scores: the tensor that was given, or a new one
   * that the caller disposes of.
   *
   * @throws InputTypeError, InputRangeError - for wrong shapes, and wrong labels as far as they are seen
   */
  labels(labels: tf.Tensor, scores: tf.Tensor, names: InputNames): tf.Tensor2D;
  /**
   * The weights of n samples as a tensor.
   *
   * @throws InputTypeError, InputRangeError - for weights that are negative or not finite, as far as they
   * are seen
   */
  weights(weights: SampleWeights, size: number): tf.Tensor1D;
}

/** Weights w_i ≥ 0, one per sample: n numbers, or a tensor of them. */
export type SampleWeights = readonly number[] | Float32Array | Float64Array | tf.Tensor;

/**
 * The checks of one loss.
 *
 * @throws InputRangeError - for an unknown `check`
 */
export function lossInputs(choices: LossInputChoices): LossInputs {
  const {
    columns,
    schemaOf,
    fromLogits,
    check = 'first',
    readsValues = false,
    severalLabels,
    warn,
  } = choices;
  if (!CHECK_LABELS.includes(check)) {
    outOfRange('option-out-of-range', 'options.check', CHECK_LABELS.join(' | '), check);
  }
  let batches = 0;
  let found: unknown;
  const later = (tensors: readonly tf.Tensor[], judge: (values: readonly ArrayLike<number>[]) => void) => {
    readLater(tensors, judge).catch((error: unknown) => {
      found ??= error;
    });
  };
  const checksLater = () => check === 'always' || (check === 'first' && batches <= FIRST_BATCHES);

  return {
    labels(labels, scores, names) {
      if (found !== undefined) {
        const error = found;
        found = undefined;
        throw error;
      }
      const form = checkLossShapes(names, columns, labels, scores);
      const [n, width] = scores.shape as [number, number];
      const schema = schemaOf(width);
      const judgeLabels = (values: ArrayLike<number>) => {
        if (form === 'indices') checkClassIndices(schema, values);
        else integerLabels(schema, values, n, severalLabels);
      };
      const judgeScores = (values: ArrayLike<number>) => {
        if (!fromLogits) checkScoreValues(schema, values, n);
        else if (looksLikeProbabilities(schema, values)) warn('probabilities', PROBABILITIES);
      };
      const engine = tf.getBackend();
      const first = batches === 0;
      batches += 1;
      if (first && engine === 'wasm') explainMissingKernels();
      if (HOST_ENGINES.includes(engine)) {
        if (form === 'indices' || !readsValues) judgeLabels(labels.dataSync());
        if (first && (fromLogits || !readsValues)) judgeScores(scores.dataSync());
      } else if (checksLater()) {
        later(first ? [labels, scores] : [labels], ([label, score]) => {
          judgeLabels(label as ArrayLike<number>);
          if (score) judgeScores(score);
        });
      }
      if (form === 'indices') return oneHotRows(schema, labels);
      return (labels.dtype === 'float32' ? labels : tf.cast(labels, 'float32')) as tf.Tensor2D;
    },
    weights(weights, size) {
      if (!(weights instanceof tf.Tensor)) {
        checkWeights(weights, size);
        return tf.tensor1d(Float32Array.from(weights));
      }
      if (weights.rank !== 1 || weights.shape[0] !== size) {
        outOfRange('wrong-shape', 'weights', `a tensor of ${size} numbers, one per sample`, weights.shape);
      }
      if (HOST_ENGINES.includes(tf.getBackend())) checkWeights(weights.dataSync(), size);
      else if (checksLater()) later([weights], ([values]) => checkWeights(values as ArrayLike<number>, size));
      return weights as tf.Tensor1D;
    },
  };
}

const PROBABILITIES =
  'the loss expects logits, and its first batch of scores looks like probabilities: rows of numbers from 0 ' +
  'to 1, as after a softmax or sigmoid. Remove the activation of the last layer, or set fromLogits: false ' +
  'where the loss has that option.';

/** Reads tensors without waiting for them; the step may dispose of them meanwhile. */
async function readLater(
  tensors: readonly tf.Tensor[],
  judge: (values: readonly ArrayLike<number>[]) => void,
): Promise<void> {
  const kept = tensors.map((tensor) => tf.keep(tf.clone(tensor)));
  try {
    judge(await Promise.all(kept.map((tensor) => tensor.data())));
  } finally {
    tf.dispose(kept);
  }
}
