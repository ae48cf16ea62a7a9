/**
 * The loss of a backend that computes on tensors, called as it is.
 *
 * @module
 */
import type { DeviceFindings } from '../../backends/tfjs/walk.js';
import type { Backend, BalancedOptions, Schema, TensorLoss } from '../../spec/rules.js';
import { CannotTrainError } from '../support/cannot-train-error.js';
import { requireSupported } from './require-supported.js';

/**
 * A `tensor` backend as a differentiable tfjs loss: of scores, and at instance level of features.
 *
 * @param observe - called in every step with what the walk found
 * @throws CannotTrainError - if the backend computes no gradient, or not on tensors; the message says
 * how a `sync` one can train
 * @throws InputRangeError - if the backend does not declare what the options ask for
 */
export function tensorBackendLoss(
  backend: Backend,
  schema: Schema,
  options: BalancedOptions,
  observe?: (found: DeviceFindings) => void,
): TensorLoss {
  const { execution, gradient } = backend.supports;
  if (!gradient) throw new CannotTrainError(`backend ${backend.name} computes no gradient`);
  if (execution === 'async') {
    throw new CannotTrainError(
      `backend ${backend.name} is async: a tfjs loss is synchronous, so it cannot train`,
    );
  }
  if (execution === 'sync') {
    throw new CannotTrainError(
      `backend ${backend.name} is sync and computes on host arrays: give trainableBackend(backend) instead, from class-rectification/verify`,
    );
  }
  if (backend.train !== undefined) {
    throw new CannotTrainError(
      `backend ${backend.name} computes on tensors that are not tfjs's: train with the loss of its own entry`,
    );
  }
  if (backend.tensorLoss === undefined) {
    throw new CannotTrainError(`backend ${backend.name} declares execution 'tensor' and has no tensorLoss`);
  }
  requireSupported(backend, schema, options);
  return backend.tensorLoss(schema, options, observe);
}
