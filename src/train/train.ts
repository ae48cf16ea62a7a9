/**
 * A run: from a config to a trained model, an epoch at a time, each of which can be the last before a kill.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { settleEngine } from '../../backends/tfjs/index.js';
import { isInputError } from '../../spec/index.js';
import { restoreCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { TrainConfig } from './config/config.js';
import { trainingEngine } from './engine.js';
import { evaluateRun, evaluateSet } from './evaluate-run.js';
import { saveModelFile } from './models/model-file.js';
import { type EpochLine, type RunFacts, RunFolder, type RunResult } from './run-folder.js';
import { createRunResources, disposeRunResources, factsOf, type RunResources } from './run-resources.js';
import { learningRateAt } from './schedule.js';
import { PLAIN_THRESHOLD } from './thresholds.js';

/** Called as a run goes on. */
export interface TrainHooks {
  readonly onBegin?: (facts: RunFacts, epochsDone: number) => void;
  readonly onStep?: (epoch: number, step: number) => void | Promise<void>;
  readonly onEpoch?: (line: EpochLine) => void | Promise<void>;
}

/** A loss that is no number any more; the checkpoint of the epoch before is left. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/**
 * Trains, or goes on where a run was cut off; a finished run is not repeated.
 *
 * @throws ConfigError, DataError - before the first batch; DivergedError
 */
export async function train(config: TrainConfig, hooks: TrainHooks = {}): Promise<RunResult> {
  const folder = new RunFolder(config.out);
  folder.begin(config);
  if (folder.result) return folder.result;
  await trainingEngine(config.engine);
  const resources = await createRunResources(config);
  try {
    const facts = factsOf(resources);
    folder.facts = facts;
    const done = restoreCheckpoint(folder.file('checkpoint.bin'), resources, config);
    folder.lines = folder.lines.slice(0, done); // a line whose checkpoint was not written is of no epoch
    hooks.onBegin?.(facts, done);
    for (let epoch = done; epoch < config.epochs; epoch++) {
      const line = await trainEpoch(resources, epoch, hooks).catch((cause) => {
        // a fused loss reads its scores, as metrics do, and refuses what is no number
        const spoilt = isInputError(cause) && cause.code === 'score-not-finite';
        throw spoilt ? diverged(epoch, `a score of ${cause.got}`) : cause;
      });
      folder.lines = [...folder.lines, line];
      await writeCheckpoint(folder.file('checkpoint.bin'), resources, { epochs: epoch + 1, config });
      await hooks.onEpoch?.(line);
    }
    await saveModelFile(resources.model, folder.path);
    const seconds = folder.lines.reduce((sum, line) => sum + line.seconds, 0);
    const result = { seconds, ...(await evaluateRun(resources)) };
    folder.result = result;
    return result;
  } finally {
    disposeRunResources(resources);
  }
}

async function trainEpoch(resources: RunResources, epoch: number, hooks: TrainHooks): Promise<EpochLine> {
  const { config, data, run, loss, sums, optimiser, batches } = resources;
  const began = performance.now();
  loss.beginEpoch(epoch / config.epochs);
  let step = 0;
  let learningRate = 0;
  for await (const { xs, ys } of batches.epoch(epoch)) {
    learningRate = learningRateAt(config, epoch * batches.steps + step, batches.steps);
    optimiser.minimise(() => {
      const [logits, features] = [run.apply(xs, { training: true }) as tf.Tensor | tf.Tensor[]].flat();
      const value = loss.loss(ys, logits as tf.Tensor, features) as tf.Scalar;
      sums.addLoss(value);
      return value;
    }, learningRate);
    step += 1;
    await hooks.onStep?.(epoch + 1, step);
  }
  await settleEngine();
  const statistics = await sums.read();
  if (!Number.isFinite(statistics.loss)) throw diverged(epoch, `a loss of ${statistics.loss}`);
  const { confusion: _, ...validation } = await evaluateSet(resources, data.validation, PLAIN_THRESHOLD);
  const { numTensors: tensors } = tf.memory();
  const seconds = (performance.now() - began) / 1000;
  return { epoch: epoch + 1, ...statistics, learningRate, validation, seconds, tensors };
}

function diverged(epoch: number, got: string): DivergedError {
  const left = epoch === 0 ? 'no epoch is done' : `the checkpoint of epoch ${epoch} is left`;
  return new DivergedError(
    `epoch ${epoch + 1}: expected finite numbers, got ${got} (${left}); try a smaller learningRate`,
  );
}
