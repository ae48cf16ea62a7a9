/**
 * The adapter from any backend to a tfjs-layers loss. What trains is what was verified: the suite
 * runs through it too.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import {
  type DeviceBalancedLoss,
  featureTensor,
  labelTensor,
  scoreTensor,
  settleEngine,
  type TensorLoss,
} from '../../backends/tfjs/index.js';
import type { TrainingLoss, TrainingResult } from '../../properties/index.js';
import {
  type Backend,
  type BalancedLoss,
  type BalancedOptions,
  type Batch,
  createBatch,
  type Schema,
} from '../../spec/index.js';

/** A loss as `model.compile({ loss })` takes it. */
export type LayersLoss = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** A backend that cannot be used as a training loss; the message says why. */
export class CannotTrainError extends Error {
  override readonly name = 'CannotTrainError';
}

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
  return async (batch, options, how = {}) => {
    const { madeAt = options.alpha, withoutAlpha = false, weight = 1, before = [] } = how;
    await ready();
    let seen = 0;
    const observe = how.observed && backend.supports.execution === 'tensor' ? () => seen++ : undefined;
    const lossOf = trainingLoss(backend, batch, { ...options, alpha: madeAt }, observe);
    const step = async (of: Batch): Promise<TrainingResult> => {
      const { value, grads } = tf.tidy(() => {
        const labels = labelTensor(of);
        const features = options.level === 'instance' ? featuresAsGiven(of) : undefined;
        const alpha = withoutAlpha ? [] : [options.alpha];
        const own = (scores: tf.Tensor, f?: tf.Tensor) => lossOf(labels, scores, f, ...alpha) as tf.Scalar;
        // dL is what a product with a weight hands down
        return tf.valueAndGrads(own)([scoreTensor(of), ...(features ? [features] : [])], tf.scalar(weight));
      });
      const [loss, ...slopes] = await Promise.all([value, ...grads].map((t) => t.data()));
      tf.dispose([value, ...grads]);
      await settleEngine(); // a GPU tells here that a program did not compile
      const [gradient, featureGradient] = slopes.map((data) => Float32Array.from(data, (x) => x / weight));
      return {
        loss: loss?.[0] as number,
        gradient: gradient as Float32Array,
        ...(featureGradient ? { featureGradient } : {}),
      };
    };
    for (const earlier of before) await step(earlier);
    return { ...(await step(batch)), ...(observe ? { observed: seen } : {}) };
  };
}

/** Features as a caller has them: n×d if they are shared, else J×n×d. */
function featuresAsGiven(batch: Batch): tf.Tensor | undefined {
  const stacked = featureTensor(batch);
  return batch.features?.perAttribute === false ? stacked && tf.squeeze(stacked, [0]) : stacked;
}

function hostLoss(backend: Backend, schema: Schema, options: BalancedOptions): TensorLoss {
  return (yTrue, yPred, given, alpha = options.alpha) => {
    const loss = tf.customGrad((...args) => {
      const save = args.pop() as tf.GradSaveFunc;
      const [scores, features] = args as [tf.Tensor2D, (tf.Tensor2D | tf.Tensor3D)?];
      const found = onHost(backend, schema, { ...options, alpha }, yTrue as tf.Tensor2D, scores, features);
      const slopes = [tensorOf(found.gradient, scores.shape)];
      if (features && found.featureGradient) slopes.push(tensorOf(found.featureGradient, features.shape));
      save(slopes);
      return {
        value: tf.scalar(found.loss),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => saved.map((slope) => tf.mul(dy, slope)),
      };
    });
    return loss(yPred, ...(options.level === 'instance' && given ? [given] : []));
  };
}

/** Row by row, in the shape that its input had: features may be 1×n×d. */
function tensorOf(a: NdArray, shape: number[]): tf.Tensor {
  const strides = [...a.shape].map((_, axis) => a.shape.slice(axis + 1).reduce((x, y) => x * y, 1));
  const at = (flat: number) => strides.map((s, axis) => Math.floor(flat / s) % (a.shape[axis] as number));
  return tf.tensor(
    Float32Array.from({ length: a.size }, (_, flat) => a.get(...at(flat))),
    shape,
  );
}

function onHost(
  backend: Backend,
  schema: Schema,
  options: BalancedOptions,
  yTrue: tf.Tensor2D,
  scores: tf.Tensor2D,
  features?: tf.Tensor2D | tf.Tensor3D,
): BalancedLoss {
  const { attributes, encoding, fromLogits } = schema;
  const labels = yTrue.arraySync().map((row) => (encoding === 'categorical' ? classesOf(schema, row) : row));
  const shared = features?.rank === 3 && features.shape[0] === 1 ? tf.squeeze(features, [0]) : features;
  const batch = createBatch({
    attributes,
    encoding,
    fromLogits,
    labels,
    scores: scores.arraySync(),
    ...(shared ? { features: shared.arraySync() as number[][] } : {}),
  });
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
