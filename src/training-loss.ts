/**
 * The adapter from any backend to a tfjs-layers loss. What trains is what was verified: the suite
 * runs through it too.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { type DeviceBalancedLoss, labelTensor, scoreTensor, settleEngine } from '../backends/tfjs/index.js';
import type { TrainingLoss } from '../properties/index.js';
import {
  type Backend,
  type BalancedLoss,
  type BalancedOptions,
  createBatch,
  type Schema,
} from '../spec/index.js';

/** A loss as `model.compile({ loss })` takes it. */
export type LayersLoss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** A backend that cannot be used as a training loss; the message says why. */
export class CannotTrainError extends Error {
  override readonly name = 'CannotTrainError';
}

/**
 * A backend as a differentiable tfjs loss.
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
): LayersLoss {
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
    return hostLoss(backend, schema, options);
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

/** The backend as the suite trains it: the adapter's loss under tfjs's own differentiation. */
export function throughTraining(backend: Backend, ready: () => Promise<void>): TrainingLoss {
  return async (batch, options) => {
    await ready();
    const lossOf = trainingLoss(backend, batch, options);
    const { value, grad } = tf.tidy(() => {
      const labels = labelTensor(batch);
      return tf.valueAndGrad((scores: tf.Tensor) => lossOf(labels, scores) as tf.Scalar)(scoreTensor(batch));
    });
    const [loss, gradient] = await Promise.all([value.data(), grad.data()]);
    tf.dispose([value, grad]);
    await settleEngine(); // a GPU tells here that a program did not compile
    return { loss: loss[0] as number, gradient: Float32Array.from(gradient) };
  };
}

function hostLoss(backend: Backend, schema: Schema, options: BalancedOptions): LayersLoss {
  return (yTrue, yPred) => {
    const loss = tf.customGrad((scores, save) => {
      const found = onHost(backend, schema, options, yTrue as tf.Tensor2D, scores as tf.Tensor2D);
      const { gradient } = found;
      const [n, width] = gradient.shape as [number, number];
      const data = Float32Array.from({ length: n * width }, (_, at) =>
        gradient.get(Math.floor(at / width), at % width),
      );
      (save as tf.GradSaveFunc)([tf.tensor2d(data, [n, width])]);
      return {
        value: tf.scalar(found.loss),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0] as tf.Tensor),
      };
    });
    return loss(yPred);
  };
}

function onHost(
  backend: Backend,
  schema: Schema,
  options: BalancedOptions,
  yTrue: tf.Tensor2D,
  scores: tf.Tensor2D,
): BalancedLoss {
  const { attributes, encoding, fromLogits } = schema;
  const labels = yTrue.arraySync().map((row) => (encoding === 'categorical' ? classesOf(schema, row) : row));
  const batch = createBatch({ attributes, encoding, fromLogits, labels, scores: scores.arraySync() });
  const found = backend.balancedLoss(batch, options);
  if (found instanceof Promise) {
    throw new CannotTrainError(`backend ${backend.name} declares execution 'sync' and returned a promise`);
  }
  return found;
}

/** A one-hot row as class indices; all zero is unlabelled. */
function classesOf({ attributes }: Schema, row: readonly number[]): number[] {
  return attributes.map(({ columns }) => columns.findIndex((c) => row[c] === 1));
}
