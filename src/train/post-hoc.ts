/**
 * Cures of a trained model's last layer, as a config asks for them.
 *
 * @module
 */
import type * as tfTypes from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { type LastLayer, normalisedLayer, priorAdjustedLayer } from '../rivals/index.js';
import { attributeColumns } from './attributes.js';
import type { TrainConfig } from './config/config.js';
import { configError } from './config/problems.js';
import type { TrainData } from './data/load-data.js';

/** What the last layer is cured by. */
export type PostHoc = NonNullable<TrainConfig['postHoc']>;

/** Of the data, what the cures are computed from. */
type Trained = Pick<TrainData, 'classes' | 'attributes' | 'encoding' | 'counts' | 'training'>;

/**
 * Replaces the weights of the layer that gives the logits.
 *
 * @throws ConfigError - a model whose last layer is not dense with a bias
 */
export function cureLastLayer(model: tfTypes.LayersModel, postHoc: PostHoc, data: Trained): void {
  const layer = lastLayer(model);
  const cured = tf.tidy(() => {
    const [kernel, bias] = layer.getWeights() as [tf.Tensor2D, tf.Tensor1D];
    const parts = attributeColumns(data).map(({ from, classes }) =>
      curedPart(
        { kernel: tf.slice(kernel, [0, from], [-1, classes]), bias: tf.slice(bias, from, classes) },
        postHoc,
        {
          counts: data.counts.slice(from, from + classes),
          ...(data.encoding !== 'categorical' && { samples: data.training.records.length }),
        },
      ),
    );
    const joined = (name: keyof LastLayer, axis: number) =>
      parts.length === 1
        ? (parts[0] as Required<LastLayer>)[name]
        : tf.concat(
            parts.map((part) => part[name]),
            axis,
          );
    return [joined('kernel', 1), joined('bias', 0)];
  });
  layer.setWeights(cured);
  tf.dispose(cured);
}

/**
 * The layer whose weights a cure replaces.
 *
 * @throws ConfigError - where it is not dense with a bias
 */
export function lastLayer(model: tfTypes.LayersModel): tfTypes.layers.Layer {
  const layer = (model.outputs[0] as tfTypes.SymbolicTensor).sourceLayer;
  const kind = layer.getClassName();
  if (kind !== 'Dense' || layer.weights.length !== 2)
    throw configError(
      'postHoc',
      'a model whose last layer is dense and has a bias, which the cure replaces',
      `${layer.name}, a ${kind} with ${layer.weights.length} weights; leave postHoc out, or take another model`,
    );
  return layer;
}

function curedPart(
  layer: Required<LastLayer>,
  { kind, tau }: PostHoc,
  sizes: { readonly counts: readonly number[]; readonly samples?: number },
): Required<LastLayer> {
  return kind === 'logit-adjusted'
    ? priorAdjustedLayer(layer, { ...sizes, tau })
    : normalisedLayer(layer, { tau });
}
