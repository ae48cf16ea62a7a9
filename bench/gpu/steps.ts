/**
 * What a step of training does on a GPU beside the model: a loss with its derivative, nothing read back.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core'; // the bundle has no more of tfjs: losses here own their derivatives
import { fusedBackend, tfjsBackend } from '../../backends/tfjs/index.js';
import { type Backend, createSchema, resolveOptions } from '../../spec/index.js';
import { drawBatch, randomFrom } from '../batches.js';

/** What is timed: one step, and what it is compared with. */
export interface GpuCase {
  readonly subject: string;
  readonly setting: string;
  /** One step; the loss is the caller's to dispose of. */
  readonly step: () => tf.Scalar;
  /** Programs handed to the GPU so far, if the engine counts them. */
  readonly dispatches?: () => number;
}

/** The batch of all settings, but for n. */
export const [CLASSES, KAPPA, WIDTH] = [100, 25, 128];

/** The name of the subject that the others are compared with. */
export const CROSS_ENTROPY = 'cross entropy of stock operations';

/**
 * The graph pads C·κ³ numbers at class level, and n×n distances at instance level: past this it asks for
 * more memory than GPUs have.
 */
export const GRAPH_UP_TO = 1024;

/** The cases of a batch size, class level and instance level; probabilities, α 0.1. */
export async function gpuCases(engine: string, n: number, withGraph: boolean): Promise<GpuCase[]> {
  const graph = await tfjsBackend({ engine });
  const fused = await fusedBackend({ engine });
  const schema = createSchema({ attributes: [CLASSES], fromLogits: true });
  const size = { n, classes: CLASSES, kappa: KAPPA };
  const { labels, scores } = drawBatch(size, 'uniform', 1);
  const random = randomFrom(2);
  const x = tf.tensor2d(scores, [n, CLASSES]);
  const features = tf.tensor2d(Float32Array.from({ length: n * WIDTH }, random), [n, WIDTH]);
  const y = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES), 'float32'));
  const atLevel = (backend: Backend, level: 'class' | 'instance') => {
    const options = { ...resolveOptions(schema, { kappa: KAPPA, level }), alpha: 0.1 };
    const loss = backend.tensorLoss?.(schema, options) as (...given: unknown[]) => tf.Scalar;
    return (...given: tf.Tensor[]) => loss(...given);
  };
  const stepOf = (loss: (...inputs: tf.Tensor[]) => tf.Scalar, inputs: tf.Tensor[]) => () => {
    const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => loss(y, ...given))(inputs);
    tf.dispose(grads);
    return value;
  };
  const made = (subject: string, level: string, step: () => tf.Scalar, backend: Backend): GpuCase => ({
    subject,
    setting: `n ${n}, ${CLASSES} classes, κ ${KAPPA}, ${level}`,
    step,
    ...(backend.dispatches && { dispatches: () => backend.dispatches?.() ?? 0 }),
  });
  const cases: GpuCase[] = [];
  for (const level of ['class', 'instance'] as const) {
    const name = level === 'class' ? 'class level' : `instance level, d ${WIDTH}`;
    const inputs = level === 'class' ? [x] : [x, features];
    const plain = stepOf((labels, logits) => crossEntropy(labels as tf.Tensor, logits as tf.Tensor), [x]);
    cases.push(made(CROSS_ENTROPY, name, plain, graph));
    if (fused.supports.levels.includes(level))
      cases.push(made('tfjs-fused', name, stepOf(atLevel(fused, level), inputs), fused));
    if (withGraph && n <= GRAPH_UP_TO)
      cases.push(made('tfjs (graph)', name, stepOf(atLevel(graph, level), inputs), graph));
  }
  return cases;
}

/** −(1/n) Σ y log softmax(z), with the derivative (softmax(z) − y)/n: as few stock operations as there can be. */
function crossEntropy(labels: tf.Tensor, logits: tf.Tensor): tf.Scalar {
  return tf.customGrad((given, save) => {
    const z = given as tf.Tensor;
    const n = z.shape[0] as number;
    const logP = tf.logSoftmax(z);
    (save as tf.GradSaveFunc)([logP]);
    const value = tf.div(tf.sum(tf.mul(labels, logP)), -n);
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) =>
      tf.mul(tf.div(tf.sub(tf.exp(saved[0] as tf.Tensor), labels), n), dy as tf.Scalar);
    return { value, gradFunc };
  })(logits) as tf.Scalar;
}
