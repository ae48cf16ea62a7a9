/**
 * A backend as a differentiable loss of tensors. What trains is what was verified: the suite runs
 * through it too.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { DeviceBalancedLoss, TensorLoss } from '../../backends/tfjs/index.js';
import type { Backend, BalancedOptions, Schema } from '../../spec/index.js';
import { CannotTrainError } from '../support/cannot-train-error.js';
import { syncBackendLoss } from './sync-backend-loss.js';

/** A loss as `model.compile({ loss })` takes it. */
export type LayersLoss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/**
 * A backend as a differentiable tfjs loss: of scores, and at instance level of features.
 *
 * A `tensor` backend is called as it is. A `sync` one is given the tensors' values, which the engine
 * must be able to read at once (`cpu`, `wasm` and `tensorflow` can, `webgpu` cannot), and its
 * gradient becomes the derivative.
 *
 * @param observe - called in every step with what the walk found (`tensor` backends only)
 * @throws CannotTrainError - if the backend is `async`: a tfjs loss is synchronous
 */
export function trainingLoss(
  backend: Backend,
  schema: Schema,
  options: BalancedOptions,
  observe?: (found: DeviceBalancedLoss) => void,
): TensorLoss {
  const { execution, gradient } = backend.supports;
  if (!gradient) throw new CannotTrainError(`backend ${backend.name} computes no gradient`);
  if (execution === 'async') {
    throw new CannotTrainError(
      `backend ${backend.name} is async: a tfjs loss is synchronous, so it cannot train`,
    );
  }
  if (execution === 'sync') {
    if (observe)
      throw new CannotTrainError(`backend ${backend.name} is sync: observe is for tensor backends`);
    return syncBackendLoss(backend, schema, options);
  }
  if (backend.tensorLoss === undefined) {
    throw new CannotTrainError(`backend ${backend.name} declares execution 'tensor' and has no tensorLoss`);
  }
  return backend.tensorLoss(schema, options, observe);
}

/** Whether {@link trainingLoss} accepts the backend. */
export function canTrain({ supports }: Backend): boolean {
  return supports.gradient && supports.execution !== 'async';
}
