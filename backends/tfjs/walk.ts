/**
 * What the graph and the fused walk share: what a walk over a batch finds on the device, and how it
 * becomes the differentiable function that training calls.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions } from '../../spec/contract.js';
import { outOfRange } from '../../spec/errors.js';

/** How much of what is compared has a derivative; each comparison has its own. */
export interface DeviceActivity {
  /** Relative: triplets that cost something. */
  readonly active?: tf.Scalar;
  /** Distribution: distances strictly outside the range. */
  readonly clamped?: tf.Scalar;
  /** Distribution: |P+| + |P−|. */
  readonly pairs?: tf.Scalar;
}

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
