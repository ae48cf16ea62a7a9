/**
 * The part of a training step beside the model: a loss and its gradient on a GPU, with nothing read back.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core'; // the bundle has no other part of tfjs, so the losses here own their derivatives
import { fusedBackend, tfjsBackend } from '../../backends/tfjs/backend.js';
import { type Backend, createSchema, LEVELS, resolveOptions } from '../../spec/index.js';
import { drawBatch, randomFrom } from '../batches.js';
import type { LeftOut } from '../section.js';

/** A case to time. */
export interface GpuCase {
  readonly subject: string;
  readonly setting: string;
  /** Runs one step; the caller disposes of the loss. */
  readonly step: () => tf.Scalar;
  /** The number of GPU programs run so far, if the engine counts them. */
  readonly dispatches?: () => number;
}

/** The batch of all settings, except for n. */
export const [CLASSES, KAPPA, WIDTH] = [100, 25, 128];

/** The name of the subject that the others are compared with. */
export const CROSS_ENTROPY = 'cross entropy of stock operations';

/**
 * At instance level the graph sorts n×n distances: above this n a software adapter takes minutes per step. At
 * class level it holds C·(κ+3)·(κ+1)·κ numbers for any n.
 */
export const SOFTWARE_SORTS_UP_TO = 1024;

/** The cases of a batch size. */
export interface GpuCases {
  readonly cases: readonly GpuCase[];
  /** Cases that are not timed, and why. */
  readonly leftOut: readonly LeftOut[];
  dispose(): void;
}

/** Class level and instance level; logits uniform in [0, 1), α 0.1. */
export async function gpuCases(engine: string, n: number, withGraph: boolean): Promise<GpuCases> {
  const graph = await tfjsBackend({ engine });
  const fused = await fusedBackend({ engine });
  const schema = createSchema({ attributes: [CLASSES], fromLogits: true });
  const size = { n, classes: CLASSES, kappa: KAPPA };
  const { labels, scores } = drawBatch(size, 'uniform', 1);
  const random = randomFrom(2);
  const x = tf.tensor2d(scores, [n, CLASSES]);
  const features = tf.tensor2d(Float32Array.from({ length: n * WIDTH }, random), [n, WIDTH]);
  const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES), 'float32'));
  const cases: GpuCase[] = [];
  const leftOut: LeftOut[] = [];
  for (const level of LEVELS) {
    const atLevel = level === 'class' ? 'class level' : `instance level, d ${WIDTH}`;
    const setting = `n ${n}, ${CLASSES} classes, κ ${KAPPA}, ${atLevel}`;
    const inputs = level === 'class' ? [x] : [x, features];
    const options = { ...resolveOptions(schema, { kappa: KAPPA, level }), alpha: 0.1 };
    const lossOf = (backend: Backend) =>
      backend.tensorLoss?.(schema, options) as (...given: unknown[]) => tf.Scalar;
    const add = (subject: string, loss: Loss, given: tf.Tensor[], { dispatches }: Backend, not?: string) => {
      if (not !== undefined) return leftOut.push({ subject, setting, reason: not });
      const step = () => {
        const { value, grads } = tf.valueAndGrads((...of: tf.Tensor[]) => loss(y, ...of))(given);
        tf.dispose(grads);
        return value;
      };
      return cases.push({ subject, setting, step, ...(dispatches && { dispatches }) });
    };
    add(CROSS_ENTROPY, crossEntropy, [x], graph);
    add('tfjs-fused', lossOf(fused), inputs, fused);
    const slow = level === 'instance' && n > SOFTWARE_SORTS_UP_TO && graph.adapter?.endsWith('(software)');
    add(
      'tfjs (graph)',
      lossOf(graph),
      inputs,
      graph,
      withGraph ? (slow ? 'a software adapter takes minutes per step' : undefined) : 'not asked for',
    );
  }
  return { cases, leftOut, dispose: () => tf.dispose([x, y, features]) };
}

/** L of labels and scores, and at instance level of features. */
type Loss = (labels: tf.Tensor, ...given: tf.Tensor[]) => tf.Scalar;

/** −(1/n) Σ y log softmax(z), with the derivative (softmax(z) − y)/n: in as few stock operations as possible. */
function crossEntropy(labels: tf.Tensor, ...[logits]: tf.Tensor[]): tf.Scalar {
  return tf.customGrad((given, save) => {
    const z = given as tf.Tensor;
    const n = z.shape[0] as number;
    const logP = tf.logSoftmax(z);
    (save as tf.GradSaveFunc)([logP]);
    const value = tf.div(tf.sum(tf.mul(labels, logP)), -n);
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) =>
      tf.mul(tf.div(tf.sub(tf.exp(saved[0] as tf.Tensor), labels), n), dy as tf.Scalar);
    return { value, gradFunc };
  })(logits as tf.Tensor) as tf.Scalar;
}
