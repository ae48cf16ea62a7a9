/**
 * A training step of a layer with a thousand outputs, where the loss is a large part of the step: CRL against the
 * cross entropy of tfjs, on `wasm` and on `tensorflow` where it is installed.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { type EngineName, EngineUnavailableError, loadEngine } from '../../backends/tfjs/index.js';
import { classRectificationLoss } from '../../src/loss/class-rectification-loss.js';
import { randomFrom } from '../batches.js';
import { timeInTurn } from '../in-turn.js';
import type { LeftOut, Row, Section } from '../section.js';

const BATCH = 1024;
const INPUTS = 512;
const CLASSES = 1000;
const SETTING = `dense ${INPUTS} to ${CLASSES}, batch ${BATCH}`;
const ENGINES: readonly EngineName[] = ['wasm', 'tensorflow'];

type Loss = (labels: tf.Tensor, logits: tf.Tensor) => tf.Tensor;

export const wideStep: Section = {
  id: 'wide-step',
  title: 'A step of training with a thousand outputs, CRL against softmaxCrossEntropy of tfjs',
  async run({ seconds }) {
    const rows: Row[] = [];
    const leftOut: LeftOut[] = [];
    for (const engine of ENGINES) {
      try {
        await loadEngine(engine);
        rows.push(...(await steps(engine, 5 * seconds)));
      } catch (error) {
        if (!(error instanceof EngineUnavailableError)) throw error;
        leftOut.push({ subject: engine, setting: SETTING, reason: error.message });
      }
    }
    return { rows, leftOut };
  },
};

async function steps(engine: EngineName, seconds: number): Promise<Row[]> {
  const random = randomFrom(9);
  const inputs = tf.tensor2d(Float32Array.from({ length: BATCH * INPUTS }, random), [BATCH, INPUTS]);
  const drawn = Array.from({ length: BATCH }, () => Math.floor(CLASSES * random() ** 2));
  const labels = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(drawn, 'int32'), CLASSES), 'float32'));
  const crl = classRectificationLoss({ attributes: [CLASSES], fromLogits: true, alpha: 0.5, kappa: 5 });
  const losses: Record<string, Loss> = {
    'cross entropy of tfjs': (y, z) => tf.losses.softmaxCrossEntropy(y, z),
    CRL: crl.mean,
  };
  const cases = Object.fromEntries(
    Object.entries(losses).map(([name, lossOf]) => {
      const layer = tf.layers.dense({
        units: CLASSES,
        inputShape: [INPUTS],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }),
      });
      const net = tf.sequential({ layers: [layer] });
      const optimizer = tf.train.sgd(0.01);
      const run = () => {
        const value = optimizer.minimize(
          () => tf.mean(lossOf(labels, net.apply(inputs, { training: true }) as tf.Tensor)),
          true,
        );
        const found = value?.dataSync()[0];
        value?.dispose();
        return found;
      };
      return [`${name} on ${engine}`, run];
    }),
  );
  const rows = (await timeInTurn(cases, { seconds })).map((row) => ({ setting: SETTING, ...row }));
  tf.dispose([inputs, labels]);
  return rows;
}
