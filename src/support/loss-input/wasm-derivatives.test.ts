import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, it } from 'vitest';
import { loadEngine } from '../../../backends/tfjs/index.js';
import { classRectificationLoss } from '../../loss/class-rectification-loss.js';
import { trainStep } from '../../loss/train-step.js';
import { crossEntropyLoss } from '../../rivals/index.js';
import { CannotTrainError } from '../cannot-train-error.js';

const net = (layer: tf.layers.Layer) =>
  tf.sequential({ layers: [layer, tf.layers.flatten(), tf.layers.dense({ units: 3 })] });
const inputShape = [4, 4, 1];
const layers = () => [
  tf.layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu', inputShape }),
  tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape }), // fused: it asks for the kernels another way
  tf.layers.depthwiseConv2d({ kernelSize: 2, inputShape }),
  tf.layers.conv2dTranspose({ filters: 2, kernelSize: 2, inputShape }),
];
const x = () => tf.randomNormal([6, 4, 4, 1]);
const y = () => tf.oneHot(tf.tensor1d([0, 0, 0, 1, 1, 2], 'int32'), 3).toFloat();
const crl = () => classRectificationLoss({ attributes: [3], alpha: 0.1, fromLogits: true });

beforeAll(() => loadEngine('wasm'));

it('a convolution on wasm names the import that it needs, in fit and in a step; with it, it trains', async () => {
  const said = expect.objectContaining({
    name: CannotTrainError.name,
    message: expect.stringContaining("import 'class-rectification/wasm-convolution'"),
  });
  for (const layer of layers()) {
    for (const loss of [crl(), crossEntropyLoss()]) {
      const model = net(layer);
      model.compile({ optimizer: 'sgd', loss });
      await expect(model.fit(x(), y(), { verbose: 0 })).rejects.toThrow(said);
    }
    expect(() => trainStep(net(layer), tf.train.sgd(0.1), crl())(x(), y())).toThrow(said);
  }
  // other models are not touched, and a failed step leaves no gradient open
  const dense = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
  trainStep(dense, tf.train.sgd(0.1), crl())(tf.ones([6, 2]), y());

  await import('../../wasm-convolution/index.js');
  for (const layer of layers()) trainStep(net(layer), tf.train.sgd(0.1), crl())(x(), y());
});
