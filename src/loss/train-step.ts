/**
 * A training step of a tfjs-layers model: for several heads, and for features of a named layer.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  checkLossShapes,
  columnsOfSchema,
  createSchema,
  described,
  type InputNames,
  InputRangeError,
  outOfRange,
  refuseUnknownFields,
  type Schema,
  wrongType,
} from '../../spec/rules.js';
import type { SampleWeights } from '../support/loss-input/loss-inputs.js';
import type { ClassRectificationLoss } from './class-rectification-loss.js';
import { type TrainableModel, withFeatures } from './features-of-layer.js';

/** How a step is trained. */
export interface TrainStepOptions {
  /** The layer whose output, n×d, is the features of instance level, shared by all attributes. */
  readonly features?: string;
}

/** Options of a single step. */
export interface StepWeights {
  /** n numbers ≥ 0, one per sample, or a tensor of them (ruling: sample weights). Default: 1 for all. */
  readonly weights?: SampleWeights;
}

/**
 * One step: a batch x and its labels to L. The caller disposes of the scalar.
 *
 * Labels are one tensor, or one tensor per head: n×S, or class indices, n×J (n for one attribute).
 */
export type TrainStep = (
  x: tf.Tensor | tf.Tensor[],
  labels: tf.Tensor | tf.Tensor[],
  options?: StepWeights,
) => tf.Scalar;

/** As errors of a step name them: the scores are the model's own. */
const NAMES: InputNames = { labels: 'labels', scores: "the model's output" };

/**
 * A training step that runs the model once and differentiates L through all its heads, and at
 * instance level through the features too.
 *
 * The heads, in the order of the attributes, are one loss: |T| is pooled over all attributes (Eq. 9),
 * which a sum of one loss per head would not do. Regularisers of the model's layers are added, as in
 * `model.fit`.
 *
 * @param model - a built `tf.LayersModel` or `tf.Sequential`; it need not be compiled
 * @throws InputTypeError, InputRangeError - for heads that are not those of the loss, a layer that does not
 * exist or whose output is not n×d, features that the loss does not take or lacks, and what is not a model,
 * optimizer or loss; in a step, for labels or weights of the wrong shape or value
 * @throws CannotTrainError - in a step with weights, if the loss's backend cannot weigh samples
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
 * step(tf.randomNormal([5, 3]), y, { weights: [2, 2, 1, 1, 1] }).shape; // → []
 * ```
 */
export function trainStep(
  model: TrainableModel,
  optimizer: tf.Optimizer,
  loss: ClassRectificationLoss,
  options: TrainStepOptions = {},
): TrainStep {
  checkParts(model, optimizer, loss);
  refuseUnknown('options', options, ['features']);
  const { features } = options;
  const { schema } = loss;
  checkHeads(model, schema);
  const wanted = loss.options.level === 'instance';
  if (wanted !== (features !== undefined)) {
    outOfRange(
      wanted ? 'features-missing' : 'option-unknown',
      'options.features',
      wanted ? 'the name of a layer, at instance level' : "none at class level (say level: 'instance')",
      features,
    );
  }
  const run = features === undefined ? model : withFeatures(model, features);
  const heads = model.outputs.length;
  return (x, labels, given = {}) => {
    refuseUnknown('options', given, ['weights']);
    const targets = tf.tidy(() => tf.keep(sideBySide(labels, schema, rowsOf(x), heads)));
    try {
      const total = () => {
        const outputs = [run.apply(x, { training: true }) as tf.Tensor | tf.Tensor[]].flat();
        const scores = joined(outputs.slice(0, heads));
        // as model.fit does: regularisers belong to the model, not to the loss
        return [loss.mean(targets, scores, outputs[heads], given.weights), ...model.calculateLosses()].reduce(
          (a, b) => tf.add(a, b),
        ) as tf.Scalar;
      };
      const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
      return optimizer.minimize(total, true, variables) as tf.Scalar;
    } finally {
      targets.dispose();
    }
  };
}

/** Each argument by its name: an optimizer given as text fails in the first step only, and names nothing. */
function checkParts(model: unknown, optimizer: unknown, loss: unknown): void {
  const { outputs, apply } = Object(model) as Partial<TrainableModel>;
  if (!Array.isArray(outputs) || typeof apply !== 'function')
    wrongType('wrong-type', 'model', 'a built tf.LayersModel or tf.Sequential', model);
  if (typeof (Object(optimizer) as Partial<tf.Optimizer>).minimize !== 'function')
    wrongType('wrong-type', 'optimizer', 'a tf.Optimizer, such as tf.train.adam(0.01)', optimizer);
  const { schema, mean } = Object(loss) as Partial<ClassRectificationLoss>;
  if (schema === undefined || typeof mean !== 'function')
    wrongType('wrong-type', 'loss', 'what classRectificationLoss returns', loss);
}

function refuseUnknown(where: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || given instanceof tf.Tensor)
    wrongType('wrong-type', where, `an object with ${known.join(', ')}`, given);
  refuseUnknownFields(given, known, `${where}.`);
}

function rowsOf(x: tf.Tensor | tf.Tensor[]): number {
  const [first] = [x].flat();
  const shape: unknown = first?.shape;
  if (!Array.isArray(shape)) wrongType('wrong-type', 'x', 'a tensor, or one per input of the model', first);
  return shape[0] as number;
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
  outOfRange('wrong-shape', 'model.outputs', told, described(widths.join(', ')));
}

/** Labels of all attributes: n×S, or class indices n×J; of several heads side by side. */
function sideBySide(labels: tf.Tensor | tf.Tensor[], schema: Schema, rows: number, heads: number): tf.Tensor {
  const parts = [labels].flat();
  if (Array.isArray(labels) && labels.length !== heads) {
    // the rows of one head may have the shape of all heads' class indices
    const expected = heads === 1 ? 'one tensor' : `${heads} tensors, one per head, or one tensor`;
    outOfRange('wrong-shape', 'labels', expected, labels.length);
  }
  if (parts.length === 1) {
    const [own] = parts as [tf.Tensor];
    checkLossShapes(NAMES, columnsOfSchema(schema), own, { shape: [rows, schema.scoreWidth] });
    return tf.cast(own, 'float32');
  }
  const { attributes, encoding, scoreWidth } = schema;
  const isColumn = ({ shape }: tf.Tensor) =>
    shape[0] === rows && (shape.length === 1 || (shape.length === 2 && shape[1] === 1));
  const perHead = encoding === 'categorical' && parts.length === attributes.length;
  if (perHead && scoreWidth > parts.length && parts.every(isColumn)) {
    return joined(parts.map((part) => tf.cast(tf.reshape(part, [rows, 1]), 'float32')));
  }
  if (perHead) {
    parts.forEach((part, j) => {
      const own = createSchema({
        attributes: [(attributes[j] as (typeof attributes)[number]).classes.length],
      });
      const names = { ...NAMES, labels: `labels[${j}]` };
      const form = checkLossShapes(names, columnsOfSchema(own), part, { shape: [rows, own.scoreWidth] });
      if (form === 'indices')
        outOfRange('wrong-shape', `labels[${j}]`, 'one-hot rows, as other heads have', part.shape);
    });
  } else if (!parts.every(({ shape }) => shape?.length === 2 && shape[0] === rows)) {
    const got = parts.map(({ shape }) => shape?.join('×')).join(', ');
    throw new InputRangeError({
      code: 'wrong-shape',
      where: 'labels',
      expected: `tensors of ${rows} rows, one per head`,
      got,
    });
  }
  const all = joined(parts.map((part) => tf.cast(part, 'float32')));
  checkLossShapes(NAMES, columnsOfSchema(schema), all, { shape: [rows, scoreWidth] });
  return all;
}

function joined(parts: tf.Tensor[]): tf.Tensor {
  return parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, 1);
}
