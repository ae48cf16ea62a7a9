/**
 * A tfjs-layers model that also returns the output of one of its layers, from the same run.
 *
 * @module
 */
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { described, outOfRange } from '../../spec/errors.js';

/** The output of a layer or model, as far as it is used here. */
interface SymbolicOutput {
  readonly shape: readonly (number | null)[];
}

/** The part of a tfjs-layers model that is used: `tf.LayersModel` and `tf.Sequential` have it. */
export interface TrainableModel {
  readonly inputs: readonly SymbolicOutput[];
  readonly outputs: readonly SymbolicOutput[];
  readonly layers: readonly { readonly name: string }[];
  readonly trainableWeights: readonly { read(): Tensor }[];
  // biome-ignore lint/suspicious/noExplicitAny: it also takes and returns symbolic tensors
  apply(inputs: any, kwargs?: any): unknown;
  calculateLosses(): Scalar[];
}

/**
 * The same layers with one more output, that of the named layer. Nothing is run twice.
 *
 * It is made with the model's own class: this package does not import tfjs-layers, and another copy of it
 * would not recognise the model's layers.
 *
 * @throws InputRangeError - if there is no such layer, or its output is not n×d
 */
export function withFeatures(model: TrainableModel, name: string): Pick<TrainableModel, 'apply'> {
  const layer = model.layers.find((one) => one.name === name);
  if (layer === undefined) {
    const names = model.layers.map((one) => one.name).join(', ');
    outOfRange('features-missing', 'options.features', `one of ${names}`, name);
  }
  const { output } = layer as { readonly output?: SymbolicOutput };
  const { shape } = output ?? { shape: [] };
  if (output === undefined || Array.isArray(output) || shape.length !== 2) {
    outOfRange(
      'wrong-shape',
      `output of ${name}`,
      'n×d',
      described(shape.map((length) => length ?? 'n').join('×')),
    );
  }
  const Model = layersModelOf(model);
  return new Model({ inputs: model.inputs, outputs: [...model.outputs, output] });
}

type LayersModelClass = new (config: object) => Pick<TrainableModel, 'apply'>;

/** `tf.LayersModel`, the base class of all models: unlike `tf.Sequential` it can be made with any outputs. */
function layersModelOf(model: TrainableModel): LayersModelClass {
  let own = model.constructor as LayersModelClass & { className?: string };
  while (!(Object.hasOwn(own, 'className') && own.className === 'Model')) {
    own = Object.getPrototypeOf(own) as typeof own;
    if (typeof own !== 'function')
      throw new TypeError('model: expected a tf.LayersModel, got another object');
  }
  return own;
}
