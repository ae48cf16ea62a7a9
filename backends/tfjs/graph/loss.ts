/**
 * The whole walk as tensors: `balancedLoss` on the device, with no read-back in between, and the
 * differentiable function that training calls.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../spec/contract.js';
import { outOfRange } from '../../../spec/errors.js';
import { deviceColumns } from './columns.js';
import type { DeviceActivity } from './comparison.js';
import { deviceCrossEntropy, deviceProbabilities, throughProbabilities } from './cross-entropy.js';
import { nanUnlessFinite } from './finite.js';
import { deviceMinority } from './minority.js';
import { deviceRectification } from './rectification.js';

/** Everything that one walk finds, on the device until it is asked for. */
export interface DeviceBalancedLoss extends DeviceActivity {
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

/** A walk over a batch on the device, whoever computes it; as {@link deviceBalancedLoss} takes it. */
export type DeviceWalk = (
  labels: tf.Tensor2D,
  scores: tf.Tensor2D,
  features?: tf.Tensor3D,
  alpha?: number,
) => DeviceBalancedLoss;

/** L as `Backend.tensorLoss` gives it. */
export type TensorLoss = (
  labels: tf.Tensor,
  scores: tf.Tensor,
  features?: tf.Tensor,
  alpha?: number,
) => tf.Tensor;

/** L alone, and what its derivatives come from: what a step that nobody observes needs. */
export interface DeviceStepFound {
  readonly loss: tf.Scalar;
  /** What the derivatives are computed from. */
  readonly saved: readonly tf.Tensor[];
  /**
   * ∂/∂scores of what follows L, and at instance level ∂/∂features, 1×n×d or J×n×d.
   *
   * @param upstream - its derivative with respect to L
   * @param saved - as in {@link saved}
   */
  derivatives(upstream: tf.Scalar, saved: readonly tf.Tensor[]): tf.Tensor[];
}

/** A step that nobody observes. */
export type DeviceStep = (...given: Parameters<DeviceWalk>) => DeviceStepFound;

/** The step of a walk that finds the derivatives with L. */
export function stepOf(walk: DeviceWalk): DeviceStep {
  return (...given) => derivativesFound(walk(...given));
}

function derivativesFound({ loss, gradient, featureGradient }: DeviceBalancedLoss): DeviceStepFound {
  return {
    loss,
    saved: featureGradient ? [gradient, featureGradient] : [gradient],
    derivatives: (upstream, saved) => saved.map((slope) => tf.mul(upstream, slope)),
  };
}

/**
 * L as a differentiable function of labels and scores, and at instance level of features.
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
  step: DeviceStep = stepOf(walk),
): TensorLoss {
  const observed: DeviceStep = (...given) => {
    if (observe === undefined) return step(...given);
    const found = walk(...given);
    observe(found);
    return derivativesFound(found);
  };
  return (labels, scores, features, alpha) => {
    const inputs = level === 'class' ? [scores] : [scores, readFeatures(features)];
    const withDerivative = tf.customGrad((...given) => {
      const save = given.pop() as tf.GradSaveFunc;
      const [x, f] = given as tf.Tensor[];
      const { loss, saved, derivatives } = observed(
        labels as tf.Tensor2D,
        x as tf.Tensor2D,
        f && stacked(f),
        alpha,
      );
      save([...saved]); // what a derivative uses must be saved, or fit disposes of it
      return {
        value: loss,
        gradFunc: (upstream: tf.Tensor, kept: tf.Tensor[]) =>
          derivatives(upstream as tf.Scalar, kept).map((slope, at) =>
            tf.reshape(slope, (given[at] as tf.Tensor).shape),
          ),
      };
    });
    return withDerivative(...inputs);
  };
}

/** Features: n×d, shared by all attributes, or J×n×d. */
function readFeatures(features: tf.Tensor | undefined): tf.Tensor {
  const expected = 'n×d, or J×n×d, at instance level';
  if (features === undefined) outOfRange('features-missing', 'features', expected, features);
  if (features.rank !== 2 && features.rank !== 3)
    outOfRange('wrong-shape', 'features', expected, features.shape);
  return features;
}

/** As the walk takes them: 1×n×d if they are shared. */
function stacked(features: tf.Tensor): tf.Tensor3D {
  return features.rank === 3 ? (features as tf.Tensor3D) : tf.expandDims(features, 0);
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
