/**
 * The whole walk as tensors: `balancedLoss` on the device, with no read-back in between, and the
 * differentiable function that training calls.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../spec/contract.js';
import { deviceColumns } from './columns.js';
import { deviceCrossEntropy, deviceProbabilities, throughProbabilities } from './cross-entropy.js';
import { nanUnlessFinite } from './finite.js';
import { deviceMinority } from './minority.js';
import { deviceRectification } from './rectification.js';

/** Everything that one walk finds, on the device until it is asked for. */
export interface DeviceBalancedLoss {
  /** L (Eq. 8). */
  readonly loss: tf.Scalar;
  /** L_crl. */
  readonly rectification: tf.Scalar;
  /** L_ce. */
  readonly crossEntropy: tf.Scalar;
  /** n×S: ∂L/∂scores. */
  readonly gradient: tf.Tensor2D;
  /** In the shape of the features: ∂L/∂features, at instance level. */
  readonly featureGradient?: tf.Tensor3D;
  /** C: h^j_k of each class column. */
  readonly sizes: tf.Tensor1D;
  /** C of 0/1: surviving minority classes. */
  readonly surviving: tf.Tensor1D;
  /** |X_min|. */
  readonly anchors: tf.Scalar;
  /** |T|. */
  readonly triplets: tf.Scalar;
}

/**
 * One walk over a batch on the device. The caller disposes of the results, or runs it in `tf.tidy`.
 *
 * Not differentiable by itself: {@link tensorLoss} is. Static shapes. Live at once are about
 * C·(κ+3)·(κ+1)·κ numbers for the relative comparison at class level, C·n·κ for the others there; at
 * instance level G·n·(n + κ·d + κ²), G the attributes (`one-attribute`: the classes).
 *
 * @param labels - n×S, as `Backend.tensorLoss` takes them
 * @param scores - n×S, float32
 * @param features - at instance level 1×n×d, shared by all attributes, or J×n×d
 */
export function deviceBalancedLoss(
  schema: Schema,
  options: BalancedOptions,
  labels: tf.Tensor2D,
  scores: tf.Tensor2D,
  features?: tf.Tensor3D,
): DeviceBalancedLoss {
  return tf.tidy(() => {
    const targets = tf.cast(labels, 'float32');
    const probabilities = deviceProbabilities(schema, scores);
    const columns = deviceColumns(schema, targets, probabilities);
    const minority = deviceMinority(schema, columns, options.rho);
    const crl = deviceRectification(schema, columns, minority, features, options);
    const ce = deviceCrossEntropy(schema, targets, scores, probabilities);

    const { alpha } = options;
    const ceSlope = tf.mul(1 - alpha, ce.slope) as tf.Tensor2D;
    const byLevel =
      options.level === 'instance'
        ? { gradient: ceSlope, featureGradient: tf.mul(alpha, crl.gradient) as tf.Tensor3D }
        : { gradient: withScores(schema, probabilities, crl.gradient as tf.Tensor2D, alpha, ceSlope) };
    const loss = tf.add(tf.mul(alpha, crl.loss), tf.mul(1 - alpha, ce.loss)) as tf.Scalar;
    return {
      ...byLevel,
      loss: nanUnlessFinite(scores, loss),
      rectification: crl.loss,
      crossEntropy: ce.loss,
      sizes: minority.sizes,
      surviving: minority.surviving,
      anchors: crl.anchors,
      triplets: crl.triplets,
    };
  });
}

function withScores(
  schema: Schema,
  probabilities: tf.Tensor2D,
  crlSlope: tf.Tensor2D,
  alpha: number,
  ceSlope: tf.Tensor2D,
): tf.Tensor2D {
  return tf.add(tf.mul(alpha, throughProbabilities(schema, probabilities, crlSlope)), ceSlope);
}

/** A walk over a batch on the device, whoever computes it. */
export type DeviceWalk = (
  labels: tf.Tensor2D,
  scores: tf.Tensor2D,
  features?: tf.Tensor3D,
) => DeviceBalancedLoss;

/** L and its derivative alone, for a step that nobody observes. */
export type DeviceStep = (
  labels: tf.Tensor2D,
  scores: tf.Tensor2D,
) => Pick<DeviceBalancedLoss, 'loss' | 'gradient'>;

/**
 * L as a differentiable function of labels and scores.
 *
 * It owns its derivative: tfjs's top-k has none, and its |·| has −1 at 0 where 0 is ruled.
 *
 * @param walk - what computes it, with the derivative
 * @param observe - called with what each walk found; the tensors are disposed of when it returns,
 * so keep (`tf.keep`) what is to be read later
 * @param step - computes less, where nobody observes
 */
export function tensorLossOf(
  walk: DeviceWalk,
  { level }: BalancedOptions,
  observe?: (found: DeviceBalancedLoss) => void,
  step: DeviceStep = walk,
): (labels: tf.Tensor, scores: tf.Tensor) => tf.Tensor {
  if (level !== 'class') {
    throw new RangeError(
      'options.level: expected class, got instance: a loss of scores alone has no features',
    );
  }
  const observed: DeviceStep = (labels, x) => {
    if (observe === undefined) return step(labels, x);
    const found = walk(labels, x);
    observe(found);
    return found;
  };
  return (labels, scores) => {
    const withDerivative = tf.customGrad((x, save) => {
      const found = observed(labels as tf.Tensor2D, x as tf.Tensor2D);
      (save as tf.GradSaveFunc)([found.gradient]); // what a derivative uses must be saved, or fit disposes of it
      return {
        value: found.loss,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0] as tf.Tensor),
      };
    });
    return withDerivative(scores);
  };
}

/** {@link tensorLossOf} the graph of stock operations, on any engine. */
export function graphLoss(
  schema: Schema,
  options: BalancedOptions,
  observe?: (found: DeviceBalancedLoss) => void,
): (labels: tf.Tensor, scores: tf.Tensor) => tf.Tensor {
  const walk: DeviceWalk = (labels, scores, features) =>
    deviceBalancedLoss(schema, options, labels, scores, features);
  return tensorLossOf(walk, options, observe);
}
