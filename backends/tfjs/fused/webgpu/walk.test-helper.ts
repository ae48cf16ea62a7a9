/**
 * Batches for tests of walks on `webgpu`, and a training step on them.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import {
  type BalancedOptions,
  type Batch,
  createBatch,
  type Encoding,
  resolveOptions,
} from '../../../../spec/index.js';
import { loadEngine, settleEngine } from '../../engines/index.js';
import { tensorLoss } from '../../tensor-loss.js';
import { featureTensor, labelTensor, scoreTensor } from '../../tensors.js';
import type { DeviceSteps } from '../../walk.js';
import type { DeviceLimits } from './limits.js';

/** How a batch's features are given, if it has any. */
export type Features = 'shared' | 'one per attribute';

/** More components than a program takes at a time. */
const WIDTH = 20;

/** Scores on a lattice, classes of all sizes, and features whose distances are all different. */
export function batchOf(encoding: Encoding, size: number, fromLogits = false, features?: Features): Batch {
  const attributes = encoding === 'categorical' ? [3, 2] : encoding === 'multi-label' ? [2, 2, 2] : [5];
  const width = encoding === 'multi-label' ? 3 : 5;
  const cells = Array.from({ length: size }, (_, i) => i);
  const matrix = (j: number) =>
    cells.map((i) =>
      Array.from({ length: WIDTH }, (_, t) => Math.fround(Math.sin(13 * i + 79 * t + 7 * j + i * t) / 2)),
    );
  return createBatch({
    attributes,
    encoding,
    fromLogits,
    labels: cells.map((i) => {
      if (encoding === 'categorical') return [(i % 7) % 3, i % 11 === 0 ? -1 : +(i % 3 === 0)];
      return Array.from({ length: width }, (_, s) => +((i * (s + 3)) % 10 < s + 1));
    }),
    scores: cells.map((i) => Array.from({ length: width }, (_, s) => ((i * (37 + s)) % 61) / 64)),
    ...(features && { features: features === 'shared' ? matrix(0) : attributes.map((_, j) => matrix(j)) }),
  });
}

/** Options with α = ½. */
export function optionsOf(batch: Batch, choices: Partial<BalancedOptions> = {}): BalancedOptions {
  return { ...resolveOptions(batch, choices), alpha: 0.5, ...choices };
}

/**
 * The loss and its derivatives as training takes them, and how many programs ran. The upstream derivatives of
 * the per-sample form are those of a mean.
 */
export async function step(batch: Batch, options: BalancedOptions, form: keyof DeviceSteps = 'total') {
  const { dispatches } = await loadEngine('webgpu');
  const whole = tensorLoss(batch, options);
  const lossOf = form === 'total' ? whole : whole.perSample;
  const upstream = form === 'total' ? tf.scalar(1) : tf.fill([batch.size], 1 / batch.size);
  const labels = labelTensor(batch);
  const inputs = [scoreTensor(batch), featureTensor(batch)].filter((x): x is tf.Tensor2D => x !== undefined);
  const before = dispatches?.() as number;
  const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => {
    const [scores, features] = given as [tf.Tensor, tf.Tensor?];
    return lossOf(labels, scores, features) as tf.Scalar;
  })(inputs, upstream as tf.Scalar);
  const programs = (dispatches?.() as number) - before;
  const losses = Array.from(await value.data());
  const loss = losses.reduce((sum, each) => sum + each, 0) / losses.length;
  const gradients = await Promise.all(grads.map(async (grad) => Array.from(await grad.data())));
  await settleEngine();
  tf.dispose([labels, upstream, ...inputs, value, ...grads]);
  return { loss, gradients, programs };
}

/** Runs something on the engine's device with some of its limits lowered. */
export async function withLimits(some: Partial<DeviceLimits>, run: () => Promise<void>): Promise<void> {
  const { device } = tf.backend() as unknown as { device: { limits: DeviceLimits } };
  const own = device.limits;
  const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension } = own;
  const value = { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension, ...some };
  Object.defineProperty(device, 'limits', { value, configurable: true });
  try {
    await run();
  } finally {
    Object.defineProperty(device, 'limits', { value: own, configurable: true });
  }
}
