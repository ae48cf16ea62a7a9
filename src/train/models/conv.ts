/**
 * A small convolutional net.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import type { Shape } from './shape.js';

/** The layer before the last, in both nets. Layers are named, since tfjs counts its own names up. */
export const FEATURES = 'features';

/**
 * For each of the filters a convolution of 3×3 (`conv1`, …) and a max pooling by 2 (`pool1`, …); then a hidden
 * dense layer, or global average pooling where `hidden` is 0 (`features`); then `logits`.
 */
export function convNet(
  { width, height, channels }: Shape,
  classes: number,
  { filters, hidden }: { readonly filters: readonly number[]; readonly hidden: number },
  nextSeed: () => number,
): tf.LayersModel {
  const model = tf.sequential({ name: 'conv' });
  filters.forEach((count, at) => {
    const first = at === 0 ? { inputShape: [height, width, channels] } : {};
    const kernelInitializer = tf.initializers.heNormal({ seed: nextSeed() });
    model.add(
      tf.layers.conv2d({
        filters: count,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        kernelInitializer,
        name: `conv${at + 1}`,
        ...first,
      }),
    );
    model.add(tf.layers.maxPooling2d({ poolSize: 2, padding: 'same', name: `pool${at + 1}` }));
  });
  if (hidden === 0) model.add(tf.layers.globalAveragePooling2d({ name: FEATURES }));
  else {
    model.add(tf.layers.flatten({ name: 'flatten' }));
    const kernelInitializer = tf.initializers.heNormal({ seed: nextSeed() });
    model.add(tf.layers.dense({ units: hidden, activation: 'relu', kernelInitializer, name: FEATURES }));
  }
  model.add(logits(classes, nextSeed()));
  return model;
}

/** The last layer of both nets. */
export function logits(classes: number, seed: number): tf.layers.Layer {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  return tf.layers.dense({ units: classes, kernelInitializer, name: 'logits' });
}
