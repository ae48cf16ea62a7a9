/**
 * A run: from a config to a trained model, an epoch at a time, each of which can be the last before a kill.
 *
 * @module
 */
import type * as tfTypes from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { settleEngine } from '../../backends/tfjs/index.js';
import { isInputError } from '../../spec/index.js';
import { multiHotRows } from '../data/label-rows.js';
import type { ImageSource } from '../data/sources/source.js';
import { versions } from '../versions.js';
import { type TrainBatches, trainingBatches } from './batches.js';
import { restoreCheckpoint, writeCheckpoint } from './checkpoint.js';
import type { TrainConfig } from './config/config.js';
import { loadData, type TrainData } from './data/load-data.js';
import { trainingEngine } from './engine.js';
import { type Evaluation, evaluateMulti, evaluateSingle } from './evaluate.js';
import { buildLoss, schemaOf, type TrainLoss } from './losses.js';
import { buildModel } from './models/build.js';
import { saveModelFile } from './models/model-file.js';
import { Optimiser } from './optimiser.js';
import { type Scores, scoreImages } from './predict.js';
import { type EpochLine, type RunFacts, RunFolder, type RunResult } from './run-folder.js';
import { learningRateAt } from './schedule.js';
import { StepSums } from './statistics.js';
import { learnThresholds, PLAIN_THRESHOLD } from './thresholds.js';

/** Called as a run goes on. */
export interface TrainHooks {
  readonly onBegin?: (facts: RunFacts, epochsDone: number) => void;
  readonly onStep?: (epoch: number, step: number) => void;
  readonly onEpoch?: (line: EpochLine) => void | Promise<void>;
}

/** A loss that is no number any more; the checkpoint of the epoch before is left. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/** What a run works with. */
interface Workshop {
  readonly config: TrainConfig;
  readonly data: TrainData;
  readonly model: tfTypes.LayersModel;
  readonly loss: TrainLoss;
  readonly sums: StepSums;
  readonly optimiser: Optimiser;
  readonly batches: TrainBatches;
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
  const shop = await openWorkshop(config);
  try {
    const facts = factsOf(shop);
    folder.facts = facts;
    const done = restoreCheckpoint(folder.file('checkpoint.bin'), shop, config);
    folder.lines = folder.lines.slice(0, done); // a line whose checkpoint was not written is of no epoch
    hooks.onBegin?.(facts, done);
    for (let epoch = done; epoch < config.epochs; epoch++) {
      const line = await trainEpoch(shop, epoch, hooks).catch((cause) => {
        // a fused loss reads its scores, as metrics do, and refuses what is no number
        const spoilt = isInputError(cause) && cause.code === 'score-not-finite';
        throw spoilt ? diverged(epoch, `a score of ${cause.got}`) : cause;
      });
      folder.lines = [...folder.lines, line];
      await writeCheckpoint(folder.file('checkpoint.bin'), shop, { epochs: epoch + 1, config });
      await hooks.onEpoch?.(line);
    }
    await saveModelFile(shop.model, folder.path);
    const seconds = folder.lines.reduce((sum, line) => sum + line.seconds, 0);
    const result = { seconds, ...(await evaluateRun(shop)) };
    folder.result = result;
    return result;
  } finally {
    closeWorkshop(shop);
  }
}

async function openWorkshop(config: TrainConfig): Promise<Workshop> {
  const data = await loadData(config.data, config.seed);
  const sums = new StepSums(schemaOf(data));
  const loss = buildLoss(config.loss, data, sums.observe);
  const batches = trainingBatches(data, config);
  const model = await buildModel(config, data.shape, data.classes.length);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const optimiser = new Optimiser(config.optimiser, variables);
  return { config, data, sums, loss, batches, model, optimiser };
}

function closeWorkshop({ model, optimiser, sums }: Workshop): void {
  model.dispose();
  optimiser.dispose();
  sums.dispose();
}

function factsOf({ data, model, batches, loss, config }: Workshop): RunFacts {
  const { classes, encoding, counts, shape, figures, training, validation, test, bad } = data;
  const { alpha, omega } = loss;
  return {
    classes,
    encoding,
    counts,
    shape,
    ...(figures && { figures }),
    images: {
      training: training.records.length,
      validation: validation.records.length,
      test: test?.records.length ?? 0,
    },
    skipped: bad.map(({ message }) => message),
    parameters: model.countParams(),
    stepsPerEpoch: batches.steps,
    ...(alpha === undefined ? {} : { alpha }),
    ...(omega === undefined ? {} : { omega }),
    versions: { ...versions(), engine: config.engine },
  };
}

async function trainEpoch(shop: Workshop, epoch: number, hooks: TrainHooks): Promise<EpochLine> {
  const { config, data, model, loss, sums, optimiser, batches } = shop;
  const began = performance.now();
  loss.beginEpoch(epoch / config.epochs);
  let step = 0;
  let learningRate = 0;
  for await (const { xs, ys } of batches.epoch(epoch)) {
    learningRate = learningRateAt(config, epoch * batches.steps + step, batches.steps);
    optimiser.minimise(() => {
      const logits = model.apply(xs, { training: true }) as tf.Tensor;
      const value = loss.loss(ys, logits) as tf.Scalar;
      sums.addLoss(value);
      return value;
    }, learningRate);
    step += 1;
    hooks.onStep?.(epoch + 1, step);
  }
  await settleEngine();
  const statistics = await sums.read();
  if (!Number.isFinite(statistics.loss)) throw diverged(epoch, `a loss of ${statistics.loss}`);
  const { confusion: _, ...validation } = await evaluate(shop, data.validation, PLAIN_THRESHOLD);
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

async function evaluate(
  shop: Workshop,
  source: ImageSource,
  thresholds: number | readonly number[],
  scored?: Scores,
): Promise<Evaluation> {
  const { data, model, config } = shop;
  const scores = scored ?? (await scoreImages(model, source, data, config.batchSize));
  const evaluated = { source, scores, counts: data.counts };
  return data.encoding === 'categorical' ? evaluateSingle(evaluated) : evaluateMulti(evaluated, thresholds);
}

async function evaluateRun(shop: Workshop): Promise<Omit<RunResult, 'seconds'>> {
  const { data, config, model } = shop;
  const { validation, test } = data;
  const scored = await scoreImages(model, validation, data, config.batchSize);
  const learned = config.thresholds === 'learned';
  const thresholds = learned ? learnThresholds(multiHotRows(validation), scored.scores) : config.thresholds;
  return {
    validation: await evaluate(shop, validation, learned ? PLAIN_THRESHOLD : thresholds, scored),
    ...(test && { test: await evaluate(shop, test, thresholds) }),
    ...(data.encoding === 'categorical' ? {} : { thresholds }),
  };
}
