/**
 * The layers of a model.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs';

/** All layers, also those inside layers that are models. */
export function allLayers(layers: readonly tf.layers.Layer[]): tf.layers.Layer[] {
  return layers.flatMap((layer) => [
    layer,
    ...allLayers((layer as { layers?: tf.layers.Layer[] }).layers ?? []),
  ]);
}
