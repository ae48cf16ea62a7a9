/**
 * The model that a config asks for.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs';
import { shown } from '../../../spec/errors.js';
import type { TrainConfig } from '../config/config.js';
import { configError } from '../config/problems.js';
import { initialSeeds } from '../seeds.js';
import { convNet } from './conv.js';
import { loadModelFile } from './model-file.js';
import { residualNet } from './resnet.js';
import type { Shape } from './shape.js';

/**
 * Builds a model from images of a shape to logits, one per class; the seed decides its weights.
 *
 * @throws ConfigError - a model file that does not load, or is not from such images to logits
 */
export async function buildModel(
  { model, seed }: Pick<TrainConfig, 'model' | 'seed'>,
  shape: Shape,
  classes: number,
): Promise<tf.LayersModel> {
  const nextSeed = initialSeeds(seed);
  if (model.kind === 'conv') return convNet(shape, classes, model, nextSeed);
  if (model.kind === 'resnet') return residualNet(shape, classes, model, nextSeed);
  const loaded = await loadModelFile(model.file, nextSeed).catch((cause: Error) => {
    throw configError('model.file', 'a model.json of tfjs-layers', cause.message, cause);
  });
  refuseUnfit(loaded, shape, classes);
  return loaded;
}

function refuseUnfit(model: tf.LayersModel, { height, width, channels }: Shape, classes: number): void {
  const fits = (shape: readonly (number | null)[], wanted: readonly number[]) =>
    shape.length === wanted.length + 1 && wanted.every((n, at) => (shape[at + 1] ?? n) === n);
  const refuse = (expected: string, got: unknown): never => {
    model.dispose();
    throw configError('model.file', expected, shown(got));
  };
  const [input, output] = [model.inputs, model.outputs];
  const image = [height, width, channels];
  if (input.length !== 1 || !fits(input[0]?.shape ?? [], image))
    refuse(
      `one input of ${image.join('×')}`,
      input.map(({ shape }) => shape),
    );
  if (output.length !== 1 || !fits(output[0]?.shape ?? [], [classes]))
    refuse(
      `one output of ${classes} logits`,
      output.map(({ shape }) => shape),
    );
  const { sourceLayer: last } = output[0] as tf.SymbolicTensor;
  const kind = last.getClassName();
  const { activation = ACTIVATION_LAYERS.includes(kind) ? kind : 'linear' } = last.getConfig();
  if (activation !== 'linear') {
    const way =
      'leave the activation out, since the loss applies its own softmax or sigmoid to logits of any size';
    refuse(`logits: a last layer without an activation (${way})`, activation);
  }
}

/** Layers that are an activation, after which not every logit can occur. */
const ACTIVATION_LAYERS = ['Softmax', 'ReLU', 'ELU', 'ThresholdedReLU'];
