/**
 * What `checkLossShapes` does not check in the arguments of the loss: α, sample weights, and values.
 *
 * Shapes and types are known everywhere. Values are known outside of `jit` and `grad` only: inside, an array is a place
 * in a program. On WebGPU they are not read, since that would wait for the device.
 *
 * @module
 */
import { numpy as np } from '@jax-js/jax';
import type { Schema } from '../../spec/contract.js';
import {
  checkScoreValues,
  checkWeights,
  integerLabels,
  outOfRange,
  readAlpha,
  wrongType,
} from '../../spec/rules.js';
import type { JaxArray } from './operations.js';

/** The values of an array in the memory of the processor; undefined if they are not known, or on a GPU. */
export function knownValues(array: JaxArray): ArrayLike<number> | undefined {
  if (!(array instanceof np.Array) || array.device === 'webgpu' || array.device === 'webgl') return undefined;
  return array.ref.dataSync() as ArrayLike<number>;
}

/** As tfjs's loss on a GPU, the loss reads values in its first calls only: they cost a pass over the batch. */
const CHECKED_CALLS = 10;

/**
 * Makes the check of labels and probabilities for one loss: it reads those of the first ten calls with known labels.
 *
 * A probability that is NaN or infinite is left to the loss, which is NaN then, as it is inside `jit`.
 *
 * @returns a function that throws InputRangeError, naming the row and column that is wrong
 */
export function firstValuesCheck(schema: Schema): (labels: JaxArray, scores: JaxArray) => void {
  let calls = 0;
  return (labels, scores) => {
    if (calls >= CHECKED_CALLS) return;
    const [n] = scores.shape as [number];
    const rows = knownValues(labels);
    if (rows === undefined) return;
    calls += 1;
    integerLabels(schema, rows, n);
    const values = schema.fromLogits ? undefined : knownValues(scores);
    if (values) {
      const finite = Float64Array.from(values, (score) => (Number.isFinite(score) ? score : 0));
      checkScoreValues(schema, finite, n);
    }
  };
}

/**
 * Refuses an observer.
 *
 * @param where - its name in the error
 * @throws InputTypeError
 */
export function refuseObserver(where: string, observe: unknown): void {
  if (observe === undefined) return;
  const cure =
    'nothing: a compiled program cannot call back; balancedLoss of jaxBackend returns the statistics';
  wrongType('wrong-type', where, cure, observe);
}

/**
 * Checks α of one step: a number in [0, 1], or an array of one number, whose value is not read.
 *
 * @throws InputTypeError, InputRangeError
 */
export function checkStepAlpha(alpha: unknown): void {
  if (!isArray(alpha)) readAlpha(alpha as number, 'alpha');
  else if (alpha.size !== 1) outOfRange('wrong-shape', 'alpha', 'one number in [0, 1]', alpha);
}

/**
 * Checks sample weights: n numbers, finite and ≥ 0 where their values are known (ruling: sample weights).
 *
 * @param size - n
 * @throws InputTypeError, InputRangeError
 */
export function checkSampleWeights(weights: unknown, size: number): void {
  const expected = `an array of jax-js of shape [${size}], one weight per sample`;
  if (!isArray(weights)) wrongType('wrong-type', 'weights', expected, weights);
  if (weights.ndim !== 1 || weights.shape[0] !== size)
    outOfRange('wrong-shape', 'weights', expected, weights);
  const values = knownValues(weights);
  if (values) checkWeights(values, size);
}

/**
 * Refuses what is not an array in the place of features, where features are not used.
 *
 * @throws InputTypeError
 */
export function checkUnusedFeatures(features: unknown): void {
  if (features === undefined || features === null || isArray(features)) return;
  const expected = 'an array of jax-js, or undefined (alpha is the argument after features)';
  wrongType('wrong-type', 'features', expected, features);
}

/** An array of jax-js, or its place in a program: only these are counted by reference. */
function isArray(value: unknown): value is JaxArray {
  const given = value as Partial<JaxArray> | null | undefined;
  return typeof given === 'object' && Array.isArray(given?.shape) && typeof given?.dispose === 'function';
}
