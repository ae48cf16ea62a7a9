/**
 * The whole walk as tensors: `balancedLoss` on the device, with no read-back in between, and the
 * differentiable function that training calls.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../spec/contract.js';
import { type DeviceBalancedLoss, type DeviceWalk, type TensorLoss, tensorLossOf } from '../walk.js';
import { deviceColumns } from './columns.js';
import { deviceCrossEntropy, deviceProbabilities, throughProbabilities } from './cross-entropy.js';
import { nanUnlessFinite } from './finite.js';
import { deviceMinority } from './minority.js';
import { deviceRectification } from './rectification.js';

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
 * @param alpha - α of this step. Default: that of the options
 */
export function deviceBalancedLoss(
  schema: Schema,
  options: BalancedOptions,
  labels: tf.Tensor2D,
  scores: tf.Tensor2D,
  features?: tf.Tensor3D,
  alpha = options.alpha,
): DeviceBalancedLoss {
  return tf.tidy(() => {
    const targets = tf.cast(labels, 'float32');
    const probabilities = deviceProbabilities(schema, scores);
    const columns = deviceColumns(schema, targets, probabilities);
    const minority = deviceMinority(schema, columns, options.rho);
    const crl = deviceRectification(schema, columns, minority, features, options);
    const ce = deviceCrossEntropy(schema, targets, scores, probabilities);

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
      ...crl.activity,
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

/** {@link tensorLossOf} the graph of stock operations, on any engine. */
export function graphLoss(
  schema: Schema,
  options: BalancedOptions,
  observe?: (found: DeviceBalancedLoss) => void,
): TensorLoss {
  const walk: DeviceWalk = (...given) => deviceBalancedLoss(schema, options, ...given);
  return tensorLossOf(walk, options, observe);
}
