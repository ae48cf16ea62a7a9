/**
 * A training step of a tfjs-layers model: for several heads, and for features of a named layer.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { outOfRange } from '../../spec/errors.js';
import type { Schema } from '../../spec/index.js';
import type { ClassRectificationLoss } from './class-rectification-loss.js';
import { type TrainableModel, withFeatures } from './features-of-layer.js';

/** How a step is trained. */
export interface TrainStepOptions {
  /** The layer whose output, n×d, is the features of instance level, shared by all attributes. */
  readonly features?: string;
}

/**
 * One step: x and labels, n×S or one tensor a head, to L. The scalar is the caller's to dispose of.
 */
export type TrainStep = (x: tf.Tensor | tf.Tensor[], labels: tf.Tensor | tf.Tensor[]) => tf.Scalar;

/**
 * A training step that runs the model once and differentiates L through all its heads, and at
 * instance level through the features too.
 *
 * The heads, in the order of the attributes, are one loss: |T| is pooled over all attributes (Eq. 9),
 * which a sum of losses a head would not do. Regularisers of the model's layers are added, as in
 * `model.fit`.
 *
 * @param model - a built `tf.LayersModel` or `tf.Sequential`; it need not be compiled
 * @throws InputRangeError - heads that are not those of the loss, a layer that there is not or whose
 * output is not n×d, features where the loss takes none, none where it needs some; in a step, labels
 * of the wrong shape
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { classRectificationLoss, trainStep } from 'class-rectification';
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.dense({ units: 4, activation: 'relu', inputShape: [3], name: 'features' }),
 *     tf.layers.dense({ units: 2 }),
 *   ],
 * });
 * const loss = classRectificationLoss({ attributes: [2], alpha: 0.1, level: 'instance', fromLogits: true });
 * const step = trainStep(model, tf.train.adam(0.01), loss, { features: 'features' });
 * const y = tf.oneHot(tf.tensor1d([0, 0, 1, 1, 1], 'int32'), 2).toFloat();
 * step(tf.randomNormal([5, 3]), y).shape; // → []
 * ```
 */
export function trainStep(
  model: TrainableModel,
  optimizer: tf.Optimizer,
  loss: ClassRectificationLoss,
  { features }: TrainStepOptions = {},
): TrainStep {
  const { schema, options } = loss;
  checkHeads(model, schema);
  const wanted = options.level === 'instance';
  if (wanted !== (features !== undefined)) {
    outOfRange(
      wanted ? 'features-missing' : 'option-unknown',
      'options.features',
      wanted ? 'the name of a layer, at instance level' : 'none, at class level',
      features,
    );
  }
  const run = features === undefined ? model : withFeatures(model, features);
  const heads = model.outputs.length;
  return (x, labels) => {
    const targets = tf.tidy(() => tf.keep(sideBySide(labels, schema)));
    try {
      const total = () => {
        const outputs = [run.apply(x, { training: true }) as tf.Tensor | tf.Tensor[]].flat();
        const scores = joined(outputs.slice(0, heads));
        // as model.fit does: regularisers are not the loss’s to know
        return [loss(targets, scores, outputs[heads]), ...model.calculateLosses()].reduce((a, b) =>
          tf.add(a, b),
        ) as tf.Scalar;
      };
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      return optimizer.minimize(total, true, variables) as tf.Scalar;
    } finally {
      targets.dispose();
    }
  };
}

/** Scores side by side, heads in the order of the attributes: several heads must be those of the schema. */
function checkHeads({ outputs }: TrainableModel, { attributes, encoding, scoreWidth }: Schema): void {
  const widths = outputs.map(({ shape }) => shape[shape.length - 1] ?? 0);
  const expected =
    widths.length > 1 && encoding === 'categorical'
      ? attributes.map(({ classes }) => classes.length)
      : undefined;
  const right = expected
    ? String(expected) === String(widths)
    : widths.reduce((a, b) => a + b, 0) === scoreWidth;
  if (right) return;
  const told = expected ? `heads of ${expected.join(', ')} units` : `${scoreWidth} units in all`;
  outOfRange('wrong-shape', 'model.outputs', told, widths.join(', '));
}

/** n×S labels: one tensor, or one a head. */
function sideBySide(labels: tf.Tensor | tf.Tensor[], { scoreWidth }: Schema): tf.Tensor {
  const all = joined([labels].flat());
  if (all.rank !== 2 || all.shape[1] !== scoreWidth)
    outOfRange('wrong-shape', 'labels', `n×${scoreWidth}`, all.shape);
  return tf.cast(all, 'float32');
}

function joined(parts: tf.Tensor[]): tf.Tensor {
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, 1);
}
