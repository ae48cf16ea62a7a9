/**
 * Takes training steps on one engine: `node child.js ENGINE`, started by `main.ts`. It reads requests from its
 * input and answers each on its output.
 *
 * A step is that of `crl train`: model, loss and optimiser are its own.
 *
 * @module
 */
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs';
import { settleEngine } from '../../backends/tfjs/index.js';
import { classRectificationLoss } from '../../src/loss/class-rectification-loss.js';
import { Optimiser } from '../../src/support/optimiser.js';
import { versions } from '../../src/support/versions.js';
import { readTrainConfig } from '../../src/train/config/config.js';
import { trainingEngine } from '../../src/train/engine.js';
import { buildModel } from '../../src/train/models/build.js';
import { randomFrom } from '../batches.js';
import type { Setting, StepAnswer, StepLoss, StepRequest } from './settings.js';

const engine = process.argv[2] as string;
const steps: Partial<Record<StepLoss, () => tf.Scalar>> = {};

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await answerTo(JSON.parse(line) as StepRequest);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0); // threads of tfjs's wasm engine would keep the process alive

async function answerTo(request: StepRequest): Promise<StepAnswer> {
  if ('setting' in request) {
    const config = readTrainConfig({
      data: { kind: 'digits' },
      engine,
      out: '.',
      model: request.setting.model,
    });
    await trainingEngine(config.engine);
    steps[request.loss] = await stepOf(request.setting, request.loss, config);
    return { about: aboutEngine() };
  }
  return take(request.steps, steps[request.loss] as () => tf.Scalar);
}

/** A step that makes the loss of its batch, which its caller disposes of. */
async function stepOf(
  { batch, pixels, channels, classes }: Setting,
  loss: StepLoss,
  config: ReturnType<typeof readTrainConfig>,
): Promise<() => tf.Scalar> {
  const model = await buildModel(config, { width: pixels, height: pixels, channels }, classes);
  const random = randomFrom(9);
  const shape: [number, number, number, number] = [batch, pixels, pixels, channels];
  const images = tf.tensor4d(Float32Array.from({ length: batch * pixels ** 2 * channels }, random), shape);
  const drawn = Int32Array.from({ length: batch }, () => Math.floor(classes * random() ** 2));
  const labels = tf.cast(tf.oneHot(tf.tensor1d(drawn, 'int32'), classes), 'float32');
  const { mean } = classRectificationLoss({
    attributes: [classes],
    fromLogits: true,
    alpha: loss === 'crl' ? 0.1 : 0,
  });
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const optimiser = new Optimiser(config.optimiser, variables);
  return () => {
    let found: tf.Scalar | undefined;
    optimiser.minimise(() => {
      const value = mean(labels, model.apply(images, { training: true }) as tf.Tensor);
      found = tf.keep(tf.clone(value));
      return value;
    }, config.learningRate);
    return found as tf.Scalar;
  };
}

async function take(count: number, step: () => tf.Scalar): Promise<StepAnswer> {
  const wall: number[] = [];
  let loss = Number.NaN;
  const before = process.cpuUsage();
  for (let at = 0; at < count; at++) {
    const began = performance.now();
    const value = step();
    if (at === count - 1) [loss] = value.dataSync() as unknown as [number];
    value.dispose();
    wall.push(performance.now() - began);
  }
  await settleEngine();
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: (user + system) / 1000, loss };
}

function aboutEngine(): string {
  const { binding } = tf.backend() as unknown as { binding?: { TF_Version?: string } };
  const tfjs = `tfjs ${tf.version.tfjs}, Node ${versions().node}`;
  return binding?.TF_Version === undefined ? tfjs : `TensorFlow ${binding.TF_Version}, ${tfjs}`;
}
