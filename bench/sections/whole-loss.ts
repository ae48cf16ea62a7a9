/**
 * The whole loss from logits with its gradient, as training calls it: softmax or sigmoid, cross entropy, L_crl
 * and the chain to the logits. Compared with one pass over the logits, with L_crl alone, and on an engine of tfjs with the
 * cross entropy of stock operations. `bench/pytorch/baseline.py` times the same sizes in PyTorch.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs'; // the core alone registers no gradients
import { hostLoss } from '../../backends/host/index.js';
import { setHelpers } from '../../backends/host/threads/block-work.js';
import type { Pool } from '../../backends/host/threads/pool.js';
import { fusedBackend } from '../../backends/tfjs/backend.js';
import type { EngineName } from '../../backends/tfjs/index.js';
import { createSchema, resolveOptions } from '../../spec/index.js';
import { type DrawnBatch, rotation, type Size } from '../batches.js';
import type { Cases } from '../benny.js';
import { timeInTurn } from '../in-turn.js';
import type { Row, Section } from '../section.js';

const ALPHA = 0.5;

export const SIZES: readonly Size[] = [
  { n: 32, classes: 28, kappa: 3, multiHot: true },
  { n: 256, classes: 28, kappa: 3, multiHot: true },
  { n: 1024, classes: 100, kappa: 25 },
  { n: 1024, classes: 1000, kappa: 5 },
  { n: 4096, classes: 1000, kappa: 25 },
];

const GROWTH_IN_CLASSES: readonly Size[] = [8, 28, 100, 300, 1000, 3000].map((classes) => ({
  n: 1024,
  classes,
  kappa: 25,
}));

export const wholeLoss: Section = {
  id: 'whole-loss',
  title: 'The whole loss from logits and its gradient, class level, relative comparison',
  async run({ seconds, quick, engine }) {
    const rows: Row[] = [];
    for (const size of SIZES) {
      if (quick && size.n * size.classes > 2e5) continue;
      const logits = rotation(size, 'normal'); // drawing large batches takes longer than timing them
      const cases = { ...onHost(size, logits), ...(await onEngine(engine, size, logits)) };
      rows.push(...timeInTurn(cases, seconds).map((row) => ({ setting: settingOf(size), ...row })));
    }
    const curve = 'classes, whole loss from logits, at n 1024 and κ 25';
    for (const size of GROWTH_IN_CLASSES) {
      if (quick && size.classes > 300) continue;
      const found = timeInTurn(wholeOnHost(size, rotation(size, 'normal')), seconds);
      rows.push(
        ...found.map((row) => ({ setting: settingOf(size), ...row, at: { curve, x: size.classes } })),
      );
    }
    return rows;
  },
};

const WHOLE = 'host, whole loss from logits';

export function settingOf({ n, classes, kappa, multiHot }: Size): string {
  return `n ${n}, ${classes} ${multiHot ? 'labels, multi-hot' : 'classes'}, κ ${kappa}`;
}

function schemaOf({ classes, multiHot }: Size) {
  return { attributes: [classes], encoding: multiHot ? 'one-attribute' : 'categorical' } as const;
}

export function wholeOnHost(size: Size, logits: () => DrawnBatch): Cases {
  const options = { ...schemaOf(size), kappa: size.kappa, fromLogits: true, alpha: ALPHA };
  const { balanced } = hostLoss(options);
  return { [WHOLE]: () => balanced(logits()).loss };
}

/** The first case is what the others are compared with. */
function onHost(size: Size, logits: () => DrawnBatch): Cases {
  return {
    'one pass that reads logits and labels, and writes a gradient': () => pass(logits()),
    ...wholeOnHost(size, logits),
    ...rectificationOnHost(size),
  };
}

export function rectificationOnHost(size: Size): Cases {
  const probabilities = rotation(size, 'softmax');
  const { rectification } = hostLoss({ ...schemaOf(size), kappa: size.kappa });
  return { 'host, L_crl alone': () => rectification(probabilities()).loss };
}

/** The whole loss with threads; `pool` is what `startThreads` has started. */
export function wholeWithThreads(size: Size, logits: () => DrawnBatch, pool: Pool): Cases {
  const [whole] = Object.values(wholeOnHost(size, logits)) as [() => unknown];
  const threads = 1 + pool.size;
  return {
    [`${WHOLE}, ${threads} threads`]: () => {
      setHelpers(pool);
      const found = whole();
      setHelpers(undefined);
      return found;
    },
  };
}

/** The least that any loss from logits does: it reads its input once, and writes a gradient. */
function pass({ labels, scores }: DrawnBatch): number {
  const gradient = new Float32Array(scores.length);
  let sum = 0;
  for (let at = 0; at < scores.length; at++) gradient[at] = scores[at] as number;
  for (let at = 0; at < labels.length; at++) sum += labels[at] as number;
  return sum + (gradient[0] as number);
}

/** On an engine of tfjs: the loss sample by sample, as `model.fit` calls it, and the cross entropy of stock operations. */
async function onEngine(engine: EngineName, size: Size, next: () => DrawnBatch): Promise<Cases> {
  const schema = createSchema({ ...schemaOf(size), fromLogits: true });
  const options = resolveOptions(schema, { kappa: size.kappa });
  const { tensorLoss } = await fusedBackend({ engine });
  const fused = tensorLoss?.(schema, { ...options, alpha: ALPHA })?.perSample as Loss;
  const stock = size.multiHot ? tf.losses.sigmoidCrossEntropy : tf.losses.softmaxCrossEntropy;
  const tensors = new Map<DrawnBatch, [tf.Tensor2D, tf.Tensor2D]>();
  const step = (lossOf: Loss) => () => {
    const batch = next();
    const [labels, logits] = tensors.get(batch) ?? tensorsOf(batch, size);
    tensors.set(batch, [labels, logits]);
    const { value, grad } = tf.tidy(() =>
      tf.valueAndGrad((z: tf.Tensor) => tf.mean(lossOf(labels, z as tf.Tensor2D)) as tf.Scalar)(logits),
    );
    const found = value.dataSync()[0];
    tf.dispose([value, grad]);
    return found;
  };
  return {
    [`cross entropy of tfjs stock operations on ${engine}`]: step(stock as Loss),
    [`tfjs-fused on ${engine}, whole loss from logits`]: step(fused),
  };
}

type Loss = (labels: tf.Tensor2D, logits: tf.Tensor2D) => tf.Tensor;

function tensorsOf(batch: DrawnBatch, { n, classes, multiHot }: Size): [tf.Tensor2D, tf.Tensor2D] {
  const labels = tf.tidy(() => {
    const whole = multiHot
      ? tf.tensor2d(batch.labels, [n, classes], 'int32')
      : tf.oneHot(tf.tensor1d(batch.labels, 'int32'), classes);
    return tf.cast(whole, 'float32') as tf.Tensor2D;
  });
  return [labels, tf.tensor2d(batch.scores, [n, classes])];
}
