/**
 * A small residual net, for images of any number of channels.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { FEATURES, logits } from './conv.js';
import type { Shape } from './shape.js';

/**
 * A stem of 3×3, a stage of basic blocks for each of the filters, global average pooling, logits (He, Zhang,
 * Ren, Sun: *Deep Residual Learning for Image Recognition*, CVPR 2016, section 4.2, with a projection where
 * the shape changes). From the second stage on, the first block halves the image. Layers are named after their
 * place: `stem`, `stage1_block1_conv1`, …, each convolution with a normalisation, `stem_norm`; `features`, `logits`.
 */
export function residualNet(
  { width, height, channels }: Shape,
  classes: number,
  { filters, blocks }: { readonly filters: readonly number[]; readonly blocks: number },
  nextSeed: () => number,
): tf.LayersModel {
  type Node = tf.SymbolicTensor;
  const convolved = (name: string, x: Node, count: number, kernelSize: number, strides = 1): Node => {
    const kernelInitializer = tf.initializers.heNormal({ seed: nextSeed() });
    const layer = {
      filters: count,
      kernelSize,
      strides,
      padding: 'same' as const,
      useBias: false,
      kernelInitializer,
      name,
    };
    return tf.layers
      .batchNormalization({ name: `${name}_norm` })
      .apply(tf.layers.conv2d(layer).apply(x)) as Node;
  };
  const relu = (name: string, x: Node): Node => tf.layers.reLU({ name: `${name}_relu` }).apply(x) as Node;
  const block = (name: string, x: Node, count: number, strides: number): Node => {
    const first = relu(`${name}_conv1`, convolved(`${name}_conv1`, x, count, 3, strides));
    const branch = convolved(`${name}_conv2`, first, count, 3);
    const same = strides === 1 && x.shape.at(-1) === count;
    const shortcut = same ? x : convolved(`${name}_shortcut`, x, count, 1, strides);
    return relu(name, tf.layers.add({ name: `${name}_add` }).apply([branch, shortcut]) as Node);
  };
  const inputs = tf.input({ shape: [height, width, channels], name: 'images' });
  let x = relu('stem', convolved('stem', inputs, filters[0] as number, 3));
  filters.forEach((count, stage) => {
    for (let b = 0; b < blocks; b++)
      x = block(`stage${stage + 1}_block${b + 1}`, x, count, stage > 0 && b === 0 ? 2 : 1);
  });
  const pooled = tf.layers.globalAveragePooling2d({ name: FEATURES }).apply(x);
  return tf.model({ inputs, outputs: logits(classes, nextSeed()).apply(pooled) as Node, name: 'resnet' });
}
