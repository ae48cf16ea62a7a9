/**
 * Layers that are not trained.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs';
import { ConfigError, type ConfigProblem } from '../config/problems.js';
import { allLayers } from './layers.js';

type Layer = tf.layers.Layer;
type Call = (inputs: unknown, kwargs: { readonly training?: boolean }) => unknown;

/**
 * Freezes layers: their weights stay as they are, and a frozen batch normalisation uses the statistics that it
 * has, as in inference, instead of those of the batch.
 *
 * @param names - of layers, also of those inside layers that are models; one that ends in `*` stands for all names
 * with that beginning
 * @returns undoes it, so that the model is saved as it was
 * @throws ConfigError - a name of no layer, or no layer left to train
 */
export function freezeLayers(model: tf.LayersModel, names: readonly string[]): () => void {
  const layers = allLayers(model.layers);
  const problems: ConfigProblem[] = [];
  const frozen = new Set<Layer>();
  for (const [at, name] of names.entries()) {
    const fits = name.endsWith('*')
      ? (layer: Layer) => layer.name.startsWith(name.slice(0, -1))
      : (layer: Layer) => layer.name === name;
    const found = layers.filter(fits);
    for (const layer of found) frozen.add(layer);
    const known = layers.map((layer) => layer.name).join(', ');
    if (found.length === 0)
      problems.push({ path: `freeze[${at}]`, expected: `a layer among ${known}`, got: name });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const undo = [...frozen].map(freeze);
  if (model.trainableWeights.length === 0) {
    for (const each of undo) each();
    throw new ConfigError([
      { path: 'freeze', expected: 'at least one layer with weights left to train', got: 'all frozen' },
    ]);
  }
  return () => {
    for (const each of undo) each();
  };
}

function freeze(layer: Layer): () => void {
  const { trainable } = layer;
  layer.trainable = false;
  if (layer.getClassName() !== 'BatchNormalization') return () => undoTrainable(layer, trainable);
  const own = layer as unknown as { call: Call };
  const { call } = own;
  own.call = (inputs, kwargs) => call.call(layer, inputs, { ...kwargs, training: false });
  return () => {
    own.call = call;
    undoTrainable(layer, trainable);
  };
}

function undoTrainable(layer: Layer, trainable: boolean): void {
  layer.trainable = trainable;
}
