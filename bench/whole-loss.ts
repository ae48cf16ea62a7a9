/**
 * The whole loss from logits with its gradient, as training calls it: softmax or sigmoid, cross entropy, L_crl
 * and the chain to the logits. These are the sizes and the cases, for Node and for a browser alike.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs'; // the core alone registers no gradients
import { hostLoss } from '../backends/host/index.js';
import { type Backend, createSchema, resolveOptions } from '../spec/index.js';
import { type DrawnBatch, rotation, type Size } from './batches.js';
import type { Cases } from './benny.js';

const ALPHA = 0.5;

function schemaOf({ classes, multiHot }: Size) {
  return { attributes: [classes], encoding: multiHot ? 'one-attribute' : 'categorical' } as const;
}

/** The name of the case of {@link wholeOnHost}. */
export const WHOLE = 'host, whole loss from logits';

/** The whole loss by the host kernel. */
export function wholeOnHost(size: Size, logits: () => DrawnBatch): Cases {
  const options = { ...schemaOf(size), kappa: size.kappa, fromLogits: true, alpha: ALPHA };
  const { balanced } = hostLoss(options);
  return { [WHOLE]: () => balanced(logits()).loss };
}

/** L_crl alone, from probabilities, by the host kernel. */
export function rectificationOnHost(size: Size): Cases {
  const probabilities = rotation(size, 'softmax');
  const { rectification } = hostLoss({ ...schemaOf(size), kappa: size.kappa });
  return { 'host, L_crl alone': () => rectification(probabilities()).loss };
}

/** The least that any loss from logits does: it reads its input once, and writes a gradient. */
export function onePass(logits: () => DrawnBatch): Cases {
  return { 'one pass that reads logits and labels, and writes a gradient': () => pass(logits()) };
}

function pass({ labels, scores }: DrawnBatch): number {
  const gradient = new Float32Array(scores.length);
  let sum = 0;
  for (let at = 0; at < scores.length; at++) gradient[at] = scores[at] as number;
  for (let at = 0; at < labels.length; at++) sum += labels[at] as number;
  return sum + (gradient[0] as number);
}

type Loss = (labels: tf.Tensor2D, logits: tf.Tensor2D) => tf.Tensor;

/** A loss and its gradient on the current engine, one batch after the other. */
export interface EngineSteps {
  /** By name; each runs one step, and the caller reads and disposes of the loss. */
  readonly steps: Readonly<Record<string, () => tf.Scalar>>;
  /** Disposes of the batches. */
  dispose(): void;
}

/**
 * On an engine of tfjs: the loss sample by sample, as `model.fit` calls it, and the cross entropy of stock
 * operations, which comes first.
 */
export function engineSteps(
  engine: string,
  size: Size,
  { next, backends }: { readonly next: () => DrawnBatch; readonly backends: readonly Backend[] },
): EngineSteps {
  const schema = createSchema({ ...schemaOf(size), fromLogits: true });
  const options = { ...resolveOptions(schema, { kappa: size.kappa }), alpha: ALPHA };
  const stock = size.multiHot ? tf.losses.sigmoidCrossEntropy : tf.losses.softmaxCrossEntropy;
  const tensors = new Map<DrawnBatch, [tf.Tensor2D, tf.Tensor2D]>();
  const step = (lossOf: Loss) => () => {
    const batch = next();
    const [labels, logits] = tensors.get(batch) ?? tensorsOf(batch, size);
    tensors.set(batch, [labels, logits]);
    const { value, grad } = tf.tidy(() =>
      tf.valueAndGrad((z: tf.Tensor) => tf.mean(lossOf(labels, z as tf.Tensor2D)) as tf.Scalar)(logits),
    );
    grad.dispose();
    return value as tf.Scalar;
  };
  const ours = backends.map(({ name, tensorLoss }) => {
    const lossOf = tensorLoss?.(schema, options).perSample as Loss;
    return [`${name} on ${engine}, whole loss from logits`, step(lossOf)] as const;
  });
  return {
    steps: {
      [`cross entropy of tfjs stock operations on ${engine}`]: step(stock as Loss),
      ...Object.fromEntries(ours),
    },
    dispose: () => tf.dispose([...tensors.values()]),
  };
}

function tensorsOf(batch: DrawnBatch, { n, classes, multiHot }: Size): [tf.Tensor2D, tf.Tensor2D] {
  const labels = tf.tidy(() => {
    const whole = multiHot
      ? tf.tensor2d(batch.labels, [n, classes], 'int32')
      : tf.oneHot(tf.tensor1d(batch.labels, 'int32'), classes);
    return tf.cast(whole, 'float32') as tf.Tensor2D;
  });
  return [labels, tf.tensor2d(batch.scores, [n, classes])];
}
