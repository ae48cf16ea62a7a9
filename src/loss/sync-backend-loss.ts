/**
 * A backend that computes on host arrays, as a differentiable loss of tensors.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import type { DeviceFindings } from '../../backends/tfjs/walk.js';
import {
  type Backend,
  type BalancedLoss,
  type BalancedOptions,
  createBatch,
  type Schema,
  type TensorLoss,
} from '../../spec/index.js';
import { integerLabels } from '../../spec/tensor-labels.js';
import { CannotTrainError } from '../support/cannot-train-error.js';

/**
 * The loss of a `sync` backend: it is given the tensors' values, and its gradient is the derivative. It has L
 * and one gradient to give, so it cannot weigh samples.
 *
 * @param observe - called in every step with what the walk found
 */
export function syncBackendLoss(
  backend: Backend,
  schema: Schema,
  options: BalancedOptions,
  observe?: (found: DeviceFindings) => void,
): TensorLoss<tf.Tensor> {
  return (yTrue, yPred, given, alpha = options.alpha) => {
    const loss = tf.customGrad((...args) => {
      const save = args.pop() as tf.GradSaveFunc;
      const [scores, features] = args as [tf.Tensor2D, (tf.Tensor2D | tf.Tensor3D)?];
      const found = onHost(backend, schema, { ...options, alpha }, yTrue as tf.Tensor2D, scores, features);
      const slopes: tf.Tensor[] = [tensorOf(found.gradient, scores.shape)];
      if (features && found.featureGradient) slopes.push(tensorOf(found.featureGradient, features.shape));
      observe?.(asTensors(schema, found));
      save(slopes);
      return {
        value: tf.scalar(found.loss),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => saved.map((slope) => tf.mul(dy, slope)),
      };
    });
    return loss(yPred, ...(options.level === 'instance' && given ? [given] : []));
  };
}

/** What a walk found, as a `tensor` backend shows it. */
function asTensors(
  { attributes }: Schema,
  { loss, rectification, crossEntropy, statistics }: BalancedLoss,
): DeviceFindings {
  const { profile, minority, anchors, triplets } = statistics;
  const surviving = attributes.flatMap(({ classes }, j) =>
    classes.map((_, k) => (minority[j]?.includes(k) ? 1 : 0)),
  );
  return {
    loss: tf.scalar(loss),
    rectification: tf.scalar(rectification),
    crossEntropy: tf.scalar(crossEntropy),
    sizes: tf.tensor1d(profile.flat()),
    surviving: tf.tensor1d(surviving),
    anchors: tf.scalar(anchors),
    triplets: tf.scalar(triplets),
  };
}

/** Row by row, in the shape that its input had: features may be 1×n×d. */
function tensorOf(a: NdArray, shape: number[]): tf.Tensor {
  const [rows, columns] = a.shape.slice(-2) as [number, number];
  const numbers = new Float32Array(a.size);
  for (let at = 0; at < a.size; at++) {
    const [row, column] = [Math.floor(at / columns), at % columns];
    numbers[at] =
      a.shape.length === 2 ? a.get(row, column) : a.get(Math.floor(row / rows), row % rows, column);
  }
  return tf.tensor(numbers, shape);
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
  const [size] = yTrue.shape;
  const integers = integerLabels(schema, yTrue.dataSync(), size);
  const width = integers.length / size;
  const labels = Array.from({ length: size }, (_, i) => integers.subarray(i * width, (i + 1) * width));
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
