/**
 * What the graph and the fused walk share: what a walk over a batch finds on the device, and how it
 * becomes the differentiable functions that training calls.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type {
  BalancedOptions,
  TensorLoss as ContractLoss,
  Schema,
  TensorLossInputs,
} from '../../spec/contract.js';
import { checkFeatureShape, checkLossShapes, columnsOfSchema } from '../../spec/loss-shapes.js';

/** How much of what is compared has a derivative other than 0; each comparison has its own counts. */
export interface DeviceActivity {
  /** Relative comparison: active triplets, those whose hinge is above 0. */
  readonly active?: tf.Scalar;
  /** Distribution comparison: distances strictly outside the range of the histograms. */
  readonly clamped?: tf.Scalar;
  /** Distribution comparison: |P+| + |P−|. */
  readonly pairs?: tf.Scalar;
}

/** What a walk finds besides derivatives. It stays on the device until somebody reads it. */
export interface DeviceFindings extends DeviceActivity {
  /** L (Eq. 8). */
  readonly loss: tf.Scalar;
  /** L_crl. */
  readonly rectification: tf.Scalar;
  /** L_ce. */
  readonly crossEntropy: tf.Scalar;
  /** C: h^j_k of each class column. */
  readonly sizes: tf.Tensor1D;
  /** C of 0/1: surviving minority classes. */
  readonly surviving: tf.Tensor1D;
  /** |X_min|. */
  readonly anchors: tf.Scalar;
  /** |T|. */
  readonly triplets: tf.Scalar;
}

/** A walk with the derivatives of L. */
export interface DeviceBalancedLoss extends DeviceFindings {
  /** n×S: ∂L/∂scores. */
  readonly gradient: tf.Tensor2D;
  /** ∂L/∂features, in the shape of the features; at instance level only. */
  readonly featureGradient?: tf.Tensor3D;
}

/** A walk with one loss per sample, and the parts that its derivative is made of. */
export interface DevicePerSample extends DeviceFindings {
  /** n: α·L_crl + (1−α)·ce_i. */
  readonly losses: tf.Tensor1D;
  /** n×S: (1−α)·∂ce_i/∂scores; row i is of sample i's own cross entropy. */
  readonly crossEntropyGradient: tf.Tensor2D;
  /** n×S: α·∂L_crl/∂scores; at class level only. */
  readonly rectificationGradient?: tf.Tensor2D;
  /** α·∂L_crl/∂features, in the shape of the features; at instance level only. */
  readonly featureGradient?: tf.Tensor3D;
}

/**
 * A batch on the device.
 *
 * - `labels`, n×S, as `Backend.tensorLoss` takes them.
 * - `scores`, n×S, float32.
 * - `features`, at instance level: 1×n×d, shared by all attributes, or J×n×d.
 * - `alpha`, α of this step. Default: that of the options.
 */
export type WalkInputs = [
  labels: tf.Tensor2D,
  scores: tf.Tensor2D,
  features?: tf.Tensor3D | undefined,
  alpha?: number | undefined,
];

/** A walk over a batch on the device, fused or not. The caller disposes of what it finds. */
export type DeviceWalk = (...inputs: WalkInputs) => DeviceBalancedLoss;

/** Is shown what a step found. The tensors are disposed of when it returns: `tf.keep` what is read later. */
export type Observer = (found: DeviceFindings) => void;

/** A step of training: the value of the loss, and how the derivatives follow from the upstream one. */
export interface DeviceStep {
  readonly value: tf.Tensor;
  /** What the derivatives are computed from. */
  readonly saved: readonly tf.Tensor[];
  /**
   * The derivative with respect to the scores, and at instance level that with respect to the features,
   * 1×n×d or J×n×d.
   *
   * @param upstream - the derivative with respect to the value, in its shape
   * @param saved - as in {@link saved}
   */
  derivatives(upstream: tf.Tensor, saved: readonly tf.Tensor[]): tf.Tensor[];
}

/** Takes a step on a batch. */
export type TakeStep = (inputs: WalkInputs, observe?: Observer) => DeviceStep;

/** The two forms of the loss: L, a scalar; and n numbers, one per sample. */
export interface DeviceSteps {
  readonly total: TakeStep;
  readonly perSample: TakeStep;
}

/** L as a function of tensors. */
export type TensorLoss = ContractLoss<tf.Tensor>;

/** A {@link TensorLoss} that has the per-sample form too. */
export type WeighableLoss = TensorLoss & Required<Pick<TensorLoss, 'perSample'>>;

/** The part of a walk that a step needs: L and its derivatives. */
export type TotalParts = Pick<DeviceBalancedLoss, 'loss' | 'gradient' | 'featureGradient'>;

/** The same of the per-sample form: the losses, and the parts of their derivative. */
export type PerSampleParts = Omit<DevicePerSample, keyof DeviceFindings>;

/** A step that has found the derivatives of L together with L. */
export function totalStep({ loss, gradient, featureGradient }: TotalParts): DeviceStep {
  return {
    value: loss,
    saved: featureGradient ? [gradient, featureGradient] : [gradient],
    derivatives: (upstream, saved) => saved.map((slope) => tf.mul(upstream, slope)),
  };
}

/**
 * A step that has found both parts of the derivative: α·Σδ·∂L_crl, which belongs to all samples, and
 * (1−α)·δ_i·∂ce_i (ruling: sample weights).
 */
export function perSampleStep({
  losses,
  crossEntropyGradient,
  rectificationGradient,
  featureGradient,
}: PerSampleParts): DeviceStep {
  const shared = rectificationGradient ?? (featureGradient as tf.Tensor);
  return {
    value: losses,
    saved: [crossEntropyGradient, shared],
    derivatives(upstream, saved) {
      const [ofEntropy, ofRectification] = saved as [tf.Tensor, tf.Tensor];
      const own = tf.mul(tf.reshape(upstream, [-1, 1]), ofEntropy);
      const all = tf.mul(tf.sum(upstream), ofRectification);
      return rectificationGradient ? [tf.add(own, all)] : [own, all];
    },
  };
}

const NAMES = { labels: 'labels', scores: 'scores' };

/**
 * The loss as differentiable functions of labels and scores, and at instance level of features.
 *
 * They own their derivatives: tfjs's top-k has none, and its |·| has −1 at 0 where 0 is ruled. Shapes are
 * checked before anything is computed.
 *
 * @throws InputTypeError, InputRangeError - in a call, for wrong shapes
 */
export function tensorLossOf(
  { total, perSample }: DeviceSteps,
  schema: Schema,
  { level }: BalancedOptions,
  observe?: Observer,
): WeighableLoss {
  const { indexColumns: _, ...columns } = columnsOfSchema(schema); // labels are never class indices here
  const differentiable =
    (take: TakeStep) =>
    (...[labels, scores, features, alpha]: TensorLossInputs<tf.Tensor>): tf.Tensor => {
      checkLossShapes(NAMES, columns, labels, scores);
      checkFeatureShape(schema, level, scores.shape[0] as number, features);
      const inputs = level === 'class' ? [scores] : [scores, features as tf.Tensor];
      const withDerivative = tf.customGrad((...given) => {
        const save = given.pop() as tf.GradSaveFunc;
        const [x, f] = given as tf.Tensor[];
        const batch: WalkInputs = [labels as tf.Tensor2D, x as tf.Tensor2D, f && stacked(f), alpha];
        const { value, saved, derivatives } = take(batch, observe);
        save([...saved]); // what a derivative uses must be saved, or fit disposes of it
        return {
          value,
          gradFunc: (upstream: tf.Tensor, kept: tf.Tensor[]) =>
            derivatives(upstream, kept).map((slope, at) => tf.reshape(slope, (given[at] as tf.Tensor).shape)),
        };
      });
      return withDerivative(...inputs);
    };
  return Object.assign(differentiable(total), { perSample: differentiable(perSample) });
}

/** As the walk takes them: float32, and 1×n×d if they are shared. */
function stacked(features: tf.Tensor): tf.Tensor3D {
  const floats = features.dtype === 'float32' ? features : tf.cast(features, 'float32');
  return floats.rank === 3 ? (floats as tf.Tensor3D) : tf.expandDims(floats, 0);
}
