/**
 * The loss as a function of jax-js arrays.
 *
 * @module
 */
import { jit, numpy as np } from '@jax-js/jax';
import type { BalancedOptions, Schema, TensorLoss, TensorLossInputs } from '../../spec/contract.js';
import { checkFeatureShape, checkLossShapes, columnsOfSchema } from '../../spec/loss-shapes.js';
import {
  checkSampleWeights,
  checkStepAlpha,
  checkUnusedFeatures,
  firstValuesCheck,
  refuseObserver,
} from './arguments.js';
import { balanceWeights } from './balance-weights.js';
import { counted, release } from './live-arrays.js';
import { type JaxArray, tracing } from './operations.js';
import { type Walk, walk } from './walk.js';

/** The loss of arrays, in its three forms. As all functions of jax-js, it takes ownership of its arguments. */
export interface JaxLoss extends TensorLoss<JaxArray> {
  readonly perSample: NonNullable<TensorLoss<JaxArray>['perSample']>;
  /**
   * The loss with sample weights: the mean of the losses of all samples, each multiplied by its weight (ruling:
   * sample weights).
   *
   * @param weights - n finite numbers ≥ 0. Their values are checked where they are known: outside of `jit`, on `wasm`
   * and `cpu`
   * @throws InputTypeError, InputRangeError - also for weights of another shape than [n]
   */
  weighted(
    labels: JaxArray,
    scores: JaxArray,
    weights: JaxArray,
    features?: JaxArray,
    alpha?: number,
  ): JaxArray;
  /** Gives back the constants of all compiled programs; neither the loss nor a program that contains it can run afterwards. */
  readonly dispose: () => void;
}

const NAMES = { labels: 'labels', scores: 'scores' };

/**
 * The balanced loss (Eq. 8) as a function that `grad`, `jit` and `hessian` of jax-js take.
 *
 * It is compiled once for each shape of a batch. α is an argument of the program, so that a schedule compiles
 * nothing new.
 *
 * @param observe - must be left out: a compiled program cannot call back. What a walk found stands in the statistics
 * that the backend's `balancedLoss` returns
 * @throws InputTypeError - if there is an observer
 */
export function jaxLoss(schema: Schema, options: BalancedOptions, observe?: undefined): JaxLoss {
  refuseObserver('observe', observe);
  const checkValues = firstValuesCheck(schema);
  const { indexColumns: _, ...columns } = columnsOfSchema(schema); // labels are never class indices here
  const constants: JaxArray[] = [];
  const compiled = (form: keyof Walk) => {
    return jit((labels: JaxArray, scores: JaxArray, weights: JaxArray, features: JaxArray) =>
      tracing(() => walk(schema, options, { labels, scores, weights, features })[form], constants),
    );
  };
  const check = (...[labels, scores, features, alpha]: TensorLossInputs<JaxArray>): void => {
    checkLossShapes(NAMES, columns, labels, scores);
    checkFeatureShape(schema, options.level, scores.shape[0] as number, features);
    if (options.level === 'class') checkUnusedFeatures(features);
    checkStepAlpha(alpha ?? options.alpha);
    checkValues(labels, scores);
  };
  const run = (
    program: ReturnType<typeof compiled>,
    ...[labels, scores, features, alpha]: TensorLossInputs<JaxArray>
  ): JaxArray => {
    const balance = balanceWeights(alpha ?? options.alpha, scores.dtype);
    if (options.level === 'instance') return program(labels, scores, balance, features as JaxArray);
    features?.dispose();
    return program(labels, scores, balance, counted(np.array(0, { dtype: scores.dtype })));
  };
  const call =
    (program: ReturnType<typeof compiled>) =>
    (...inputs: TensorLossInputs<JaxArray>): JaxArray => {
      check(...inputs);
      return run(program, ...inputs);
    };
  const total = compiled('loss');
  const perSample = compiled('losses');
  return Object.assign(call(total), {
    perSample: call(perSample),
    weighted: ((labels, scores, weights, features, alpha) => {
      check(labels, scores, features, alpha);
      checkSampleWeights(weights, scores.shape[0] as number);
      const losses = run(perSample, labels, scores, features, alpha);
      return np.mean(losses.mul(weights));
    }) satisfies JaxLoss['weighted'],
    dispose: () => {
      total.dispose();
      perSample.dispose();
      release(constants);
    },
  });
}
