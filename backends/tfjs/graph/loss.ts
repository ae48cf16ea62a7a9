/**
 * The whole walk as tensors: `balancedLoss` on the device with no read-back in between, and the
 * differentiable functions that training calls.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../spec/contract.js';
import {
  type DeviceBalancedLoss,
  type DeviceFindings,
  type DevicePerSample,
  type Observer,
  perSampleStep,
  tensorLossOf,
  totalStep,
  type WalkInputs,
  type WeighableLoss,
} from '../walk.js';
import { deviceColumns } from './columns.js';
import {
  type DeviceCrossEntropy,
  deviceCrossEntropy,
  deviceProbabilities,
  throughProbabilities,
} from './cross-entropy.js';
import { nanUnlessFinite } from './finite.js';
import { deviceMinority } from './minority.js';
import { deviceRectification } from './rectification.js';

/**
 * One walk over a batch on the device. The caller disposes of the results, or runs it in `tf.tidy`.
 *
 * It is not differentiable; `graphLoss` is. All shapes are static. The largest tensor
 * has about C·(κ+3)·(κ+1)·κ numbers in the relative comparison at class level, and C·n·κ in the other two;
 * at instance level G·n·(n + κ·d + κ²), where G is the number of attributes (of classes for `one-attribute`).
 */
export function deviceBalancedLoss(
  schema: Schema,
  options: BalancedOptions,
  ...[labels, scores, features, alpha = options.alpha]: WalkInputs
): DeviceBalancedLoss {
  return tf.tidy(() => {
    const walk = walkGraph(schema, options, labels, scores, features, alpha);
    const n = scores.shape[0];
    const ofEntropy = tf.mul(1 - alpha, tf.div(walk.entropy.slope, n)) as tf.Tensor2D;
    const { scoreSlope, featureSlope } = walk;
    return {
      ...walk.found,
      loss: nanUnlessFinite(scores, features, walk.found.loss),
      gradient: scoreSlope ? tf.add<tf.Tensor2D>(tf.mul(alpha, scoreSlope), ofEntropy) : ofEntropy,
      ...(featureSlope ? { featureGradient: tf.mul(alpha, featureSlope) as tf.Tensor3D } : {}),
    };
  });
}

/** The same walk with one loss per sample. */
export function devicePerSample(
  schema: Schema,
  options: BalancedOptions,
  ...[labels, scores, features, alpha = options.alpha]: WalkInputs
): DevicePerSample {
  return tf.tidy(() => {
    const { found, entropy, scoreSlope, featureSlope } = walkGraph(
      schema,
      options,
      labels,
      scores,
      features,
      alpha,
    );
    const losses = tf.add(tf.mul(alpha, found.rectification), tf.mul(1 - alpha, entropy.losses));
    return {
      ...found,
      loss: nanUnlessFinite(scores, features, found.loss),
      losses: nanUnlessFinite(scores, features, losses as tf.Tensor1D),
      crossEntropyGradient: tf.mul(1 - alpha, entropy.slope) as tf.Tensor2D,
      ...(scoreSlope ? { rectificationGradient: tf.mul(alpha, scoreSlope) as tf.Tensor2D } : {}),
      ...(featureSlope ? { featureGradient: tf.mul(alpha, featureSlope) as tf.Tensor3D } : {}),
    };
  });
}

/** What both forms need of a walk. */
interface GraphWalk {
  readonly found: DeviceFindings;
  readonly entropy: DeviceCrossEntropy;
  /** n×S: ∂L_crl/∂scores, with respect to the scores as given; at class level. */
  readonly scoreSlope?: tf.Tensor2D;
  /** ∂L_crl/∂features; at instance level. */
  readonly featureSlope?: tf.Tensor3D;
}

function walkGraph(
  schema: Schema,
  options: BalancedOptions,
  labels: tf.Tensor2D,
  scores: tf.Tensor2D,
  features: tf.Tensor3D | undefined,
  alpha: number,
): GraphWalk {
  const targets = tf.cast(labels, 'float32');
  const probabilities = deviceProbabilities(schema, scores);
  const columns = deviceColumns(schema, targets, probabilities);
  const minority = deviceMinority(schema, columns, options.rho);
  const crl = deviceRectification(schema, columns, minority, features, options);
  const entropy = deviceCrossEntropy(schema, targets, scores, probabilities);
  const crossEntropy = tf.div(tf.sum(entropy.losses), scores.shape[0]) as tf.Scalar;
  return {
    found: {
      loss: tf.add(tf.mul(alpha, crl.loss), tf.mul(1 - alpha, crossEntropy)),
      rectification: crl.loss,
      crossEntropy,
      sizes: minority.sizes,
      surviving: minority.surviving,
      anchors: crl.anchors,
      triplets: crl.triplets,
      ...crl.activity,
    },
    entropy,
    ...(options.level === 'class'
      ? { scoreSlope: throughProbabilities(schema, probabilities, crl.gradient as tf.Tensor2D) }
      : { featureSlope: crl.gradient as tf.Tensor3D }),
  };
}

/**
 * The loss made of tfjs's stock operations, on any engine.
 *
 * @param observe - shown what each walk found, in either form
 */
export function graphLoss(schema: Schema, options: BalancedOptions, observe?: Observer): WeighableLoss {
  return tensorLossOf(
    {
      total(inputs, shown) {
        const found = deviceBalancedLoss(schema, options, ...inputs);
        shown?.(found);
        return totalStep(found);
      },
      perSample(inputs, shown) {
        const found = devicePerSample(schema, options, ...inputs);
        shown?.(found);
        return perSampleStep(found);
      },
    },
    schema,
    options,
    observe,
  );
}
