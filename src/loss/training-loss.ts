/**
 * Any backend as a differentiable loss of tensors. What trains is what was verified: the suite runs
 * through it too.
 *
 * @module
 */
import type { DeviceFindings } from '../../backends/tfjs/walk.js';
import type { Backend, BalancedOptions, Schema, TensorLoss } from '../../spec/rules.js';
import { syncBackendLoss } from './sync-backend-loss.js';
import { tensorBackendLoss } from './tensor-backend-loss.js';

/**
 * A backend as a differentiable tfjs loss: of scores, and at instance level of features.
 *
 * A `tensor` backend is called as it is. A `sync` one is given the tensors' values, which the engine
 * must be able to read at once (`cpu`, `wasm` and `tensorflow` can, `webgpu` cannot), and its
 * gradient becomes the derivative. It has L and one gradient to give, so its loss cannot weigh samples.
 *
 * @param observe - called in every step with what the walk found
 * @throws CannotTrainError - if the backend computes no gradient, or is `async`: a tfjs loss is synchronous
 */
export function trainingLoss(
  backend: Backend,
  schema: Schema,
  options: BalancedOptions,
  observe?: (found: DeviceFindings) => void,
): TensorLoss {
  return tensorBackendLoss(trainableBackend(backend), schema, options, observe);
}

/**
 * A backend that can be given to `classRectificationLoss`: a `sync` one computes on tensors through
 * {@link trainingLoss}, any other is returned as it is. It has the whole walk only, and
 * cannot weigh samples: verify the backend itself.
 *
 * @example
 * ```ts
 * import { classRectificationLoss } from 'class-rectification';
 * import { referenceBackend } from 'class-rectification/backends/reference';
 * import { trainableBackend } from 'class-rectification/verify';
 * import * as tf from '@tensorflow/tfjs';
 * const backend = trainableBackend(referenceBackend());
 * const loss = classRectificationLoss({ attributes: [2], alpha: 1, kappa: 1, backend });
 * const labels = tf.tensor2d([[1, 0], [1, 0], [0, 1], [0, 1]]);
 * const scores = tf.tensor2d([[0.25, 0.75], [0.25, 0.75], [0.5, 0.5], [0.5, 0.5]]);
 * loss(labels, scores).mean().dataSync()[0]; // → 0.75
 * ```
 */
export function trainableBackend(backend: Backend): Backend {
  const { supports } = backend;
  if (supports.execution !== 'sync' || !supports.gradient) return backend;
  return {
    name: backend.name,
    supports: { ...supports, execution: 'tensor', perSample: false },
    balancedLoss: (batch, options) => backend.balancedLoss(batch, options),
    tensorLoss: (schema, options, observe) => syncBackendLoss(backend, schema, options, observe),
  };
}

/** Whether {@link trainingLoss} accepts the backend. */
export function canTrain({ supports }: Backend): boolean {
  return supports.gradient && supports.execution !== 'async';
}
