/**
 * The whole loss with its gradient: the host kernel, tfjs as one operation and as a graph, and the
 * specification; compared with plain cross entropy and with one pass over the input.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs'; // the core alone registers no gradients
import { hostLoss } from '../../backends/host/index.js';
import { fusedBackend, tfjsBackend } from '../../backends/tfjs/backend.js';
import type { EngineName } from '../../backends/tfjs/index.js';
import {
  createBatch,
  createSchema,
  formTriplets,
  mineHardSamples,
  rectificationLoss,
  resolveOptions,
  selectMinority,
} from '../../spec/index.js';
import { type DrawnBatch, rotation, type ScoreKind, type Size } from '../batches.js';
import { type Cases, time } from '../benny.js';
import { type Row, type Section, toRows } from '../section.js';

const SIZES: readonly Size[] = [
  { n: 32, classes: 28, kappa: 3 },
  { n: 32, classes: 28, kappa: 3, multiHot: true },
  { n: 256, classes: 100, kappa: 25 },
  { n: 1024, classes: 100, kappa: 25 },
  { n: 4096, classes: 1000, kappa: 25 },
];

/** The most triplets for the specification, which stores all of them. */
const SPEC_UP_TO = 256;
/** The graph pads C·κ³ numbers. */
const GRAPH_UP_TO = 1024;

export const loss: Section = {
  id: 'loss',
  title: 'L_crl and its gradient, class level, relative comparison',
  async run({ seconds, quick, engine }) {
    const rows: Row[] = [];
    for (const size of SIZES) {
      if (quick && size.n > 1024) continue;
      for (const kind of ['uniform', 'softmax'] as const) {
        const what = size.multiHot ? 'labels, multi-hot' : 'classes';
        const setting = `n ${size.n}, ${size.classes} ${what}, κ ${size.kappa}, ${kind}`;
        const cases = { ...onHost(size, kind), ...(await onEngine(engine, size, kind)) };
        rows.push(...toRows(setting, await time(setting, cases, seconds), ONE_PASS));
      }
    }
    return rows;
  },
};

const ONE_PASS = 'one pass over scores and labels, gradient zeroed';

function onHost(size: Size, kind: ScoreKind): Cases {
  const next = rotation(size, kind);
  const kindOf = { attributes: [size.classes], encoding: encodingOf(size) };
  const { rectification } = hostLoss({ ...kindOf, kappa: size.kappa });
  const options = resolveOptions(createSchema(kindOf), { kappa: size.kappa });
  const spec = () => {
    const { labels, scores } = next();
    const rowsOf = <T>(of: { subarray(from: number, to: number): T }, width: number) =>
      Array.from({ length: size.n }, (_, i) => of.subarray(i * width, (i + 1) * width));
    const batch = createBatch({
      ...kindOf,
      labels: rowsOf(labels, size.multiHot ? size.classes : 1).map((row) => Array.from(row)),
      scores: rowsOf(scores, size.classes),
    });
    const hard = mineHardSamples(batch, selectMinority(batch, options), options);
    return rectificationLoss(batch, hard, formTriplets(hard), options).loss;
  };
  return {
    [ONE_PASS]: () => pass(next()),
    host: () => rectification(next()).loss,
    ...(size.n <= SPEC_UP_TO ? { specification: spec } : {}),
  };
}

/** The least that any loss must do: read its input once, and make a gradient. */
function pass({ labels, scores }: DrawnBatch): number {
  // filled, since the system allocates the pages of a new array only when they are first written to
  const gradient = new Float32Array(scores.length).fill(0);
  let sum = gradient[0] as number;
  for (let at = 0; at < scores.length; at++) sum += scores[at] as number;
  for (let at = 0; at < labels.length; at++) sum += labels[at] as number;
  return sum;
}

/** On an engine of tfjs: the loss as training calls it, with α = 1, which leaves L_crl only; and cross entropy. */
async function onEngine(engine: EngineName, size: Size, kind: ScoreKind): Promise<Cases> {
  const next = rotation(size, kind);
  const schema = createSchema({ attributes: [size.classes], encoding: encodingOf(size) });
  const options = resolveOptions(schema, { kappa: size.kappa });
  const fused = await fusedBackend({ engine });
  const graph = await tfjsBackend({ engine });
  const tensors = new Map<DrawnBatch, [tf.Tensor2D, tf.Tensor2D]>();
  const step = (lossOf: (labels: tf.Tensor2D, scores: tf.Tensor2D) => tf.Scalar) => () => {
    const [labels, scores] = tensorsOf(next(), size, tensors);
    const { value, grad } = tf.tidy(() =>
      tf.valueAndGrad((s: tf.Tensor) => lossOf(labels, s as tf.Tensor2D))(scores),
    );
    const found = value.dataSync()[0];
    tf.dispose([value, grad]);
    return found;
  };
  const logOf = (p: tf.Tensor) => tf.log(tf.maximum(p, 1e-7));
  const crossEntropy = (labels: tf.Tensor2D, scores: tf.Tensor2D) => {
    const own = tf.mul(labels, logOf(scores));
    const all = size.multiHot ? tf.add(own, tf.mul(tf.sub(1, labels), logOf(tf.sub(1, scores)))) : own;
    return tf.neg(tf.div(tf.sum(all), size.n)) as tf.Scalar;
  };
  return {
    [`cross entropy of tfjs stock operations on ${engine}`]: step(crossEntropy),
    [`tfjs-fused on ${engine}`]: step(fused.tensorLoss?.(schema, { ...options, alpha: 1 }) as never),
    ...(size.n <= GRAPH_UP_TO
      ? { [`tfjs (graph) on ${engine}`]: step(graph.tensorLoss?.(schema, { ...options, alpha: 1 }) as never) }
      : {}),
  };
}

function encodingOf({ multiHot }: Size): 'one-attribute' | 'categorical' {
  return multiHot ? 'one-attribute' : 'categorical';
}

function tensorsOf(
  batch: DrawnBatch,
  { n, classes, multiHot }: Size,
  kept: Map<DrawnBatch, [tf.Tensor2D, tf.Tensor2D]>,
): [tf.Tensor2D, tf.Tensor2D] {
  const known = kept.get(batch);
  if (known) return known;
  const labels = tf.tidy(() => {
    const whole = multiHot
      ? tf.tensor2d(batch.labels, [n, classes], 'int32')
      : tf.oneHot(tf.tensor1d(batch.labels, 'int32'), classes);
    return tf.cast(whole, 'float32') as tf.Tensor2D;
  });
  const made: [tf.Tensor2D, tf.Tensor2D] = [labels, tf.tensor2d(batch.scores, [n, classes])];
  kept.set(batch, made);
  return made;
}
