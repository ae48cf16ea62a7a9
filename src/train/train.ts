/**
 * A run: from a config to a trained model. It can be stopped and killed at any moment, and be resumed.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { settleEngine } from '../../backends/tfjs/index.js';
import { isInputError } from '../../spec/rules.js';
import { learningRateAt } from '../support/learning-rate.js';
import { removeLeftovers } from '../support/write-whole.js';
import {
  type BestModel,
  type Checkpoint,
  type RunPosition,
  readCheckpoint,
  setWeights,
  valuesOf,
  writeCheckpoint,
} from './checkpoint.js';
import type { TrainConfig } from './config/config.js';
import { ConfigError, configError } from './config/problems.js';
import { loadData } from './data/load-data.js';
import { trainingEngine } from './engine.js';
import { evaluateRun, evaluateSet } from './evaluate-run.js';
import { FolderLock } from './folder-lock.js';
import { modelFileDigest, saveModelFile } from './models/model-file.js';
import { isBetter, monitorOf, stopsEarly } from './monitor.js';
import { correctLastLayer } from './post-hoc.js';
import {
  type EpochLine,
  type LinesDigest,
  RUN_FILES,
  type RunFacts,
  RunFolder,
  type RunResult,
} from './run-folder.js';
import {
  epochWarnings,
  fixedConfig,
  identityOf,
  type RunIdentity,
  refuseOtherConfig,
  refuseOtherData,
  versionWarnings,
} from './run-identity.js';
import { createRunResources, disposeRunResources, factsOf, type RunResources } from './run-resources.js';
import { PLAIN_THRESHOLD } from './thresholds.js';

/** How a run is trained, and functions that are called on the way. */
export interface TrainChoices {
  /** Whether every image is loaded once before the first step, so that a bad one shows at once. Default true. */
  readonly check?: boolean;
  /** Called while images are loaded for that: with 0 before the first, then after each. */
  readonly onChecked?: (checked: number, images: number) => void;
  /** Called once data and model are there, with the progress of the run. */
  readonly onBegin?: (facts: RunFacts, done: Pick<RunPosition, 'epochs' | 'step'>) => void;
  /** Called after each step, with the epoch and the step, both from 1. */
  readonly onStep?: (epoch: number, step: number) => void | Promise<void>;
  /** Called after each epoch, whose checkpoint is written. */
  readonly onEpoch?: (line: EpochLine) => void | Promise<void>;
  /** Called with what is worth knowing, such as that a run stops early. */
  readonly onNote?: (message: string) => void;
  /** Called with warnings. */
  readonly onWarning?: (message: string) => void;
  /** Stops the run at its next step, with a checkpoint of it. */
  readonly signal?: AbortSignal;
  /** Takes the folder from a run that may still be running. Default false. */
  readonly takeOver?: boolean;
}

/** A loss, or a new last layer, that became NaN or infinite; the checkpoint of the epoch before is kept. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/** What a step was given that is NaN or infinite, by the code of its refusal. */
const NOT_FINITE: Readonly<Record<string, string>> = {
  'score-not-finite': 'a score',
  'feature-not-finite': 'a feature',
};

/** A run that was stopped by its signal; its checkpoint is written, and the same call resumes it. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/**
 * Trains, or resumes a run that was cut off. A finished run is not repeated; with more epochs, another
 * patience, another choice of the epoch to keep or another change of the last layer it is continued.
 *
 * @throws ConfigError, DataError - before the first batch, and before anything of an earlier run is changed
 * @throws DivergedError
 * @throws InterruptedError
 * @throws WriteError - a disk that is full: the last checkpoint is kept
 */
export async function train(config: TrainConfig, choices: TrainChoices = {}): Promise<RunResult> {
  const folder = new RunFolder(config.out);
  const isNew = folder.create();
  const lock = FolderLock.take(folder.path, choices);
  try {
    for (const path of [folder.path, folder.file('best')]) removeLeftovers(path, RUN_FILES);
    const result = finishedResult(folder, config);
    if (result) return result;
    const checkpoint = readCheckpoint(folder.file('checkpoint.bin'));
    if (checkpoint) refuseOtherConfig(checkpoint.identity.config, config);
    else if (folder.result)
      throw configError(
        folder.file('checkpoint.bin'),
        'the checkpoint of the finished run, which is to be continued',
        'none; put a copy of it back, or train in another folder',
      );
    await trainingEngine(config.engine);
    const { check = true, onChecked } = choices;
    const data = await loadData(config.data, config.seed, { check, onProgress: onChecked });
    for (const note of data.notes) choices.onWarning?.(note);
    const identity = await identityOf(config, data);
    if (checkpoint) refuseOtherData(checkpoint.identity, identity);
    const resources = await createRunResources(config, data);
    try {
      return await new Run(folder, lock, resources, identity, choices).train(checkpoint);
    } finally {
      disposeRunResources(resources);
    }
  } finally {
    lock.release();
    if (isNew) folder.removeEmpty();
  }
}

/** The result of a run that has nothing left to do. */
function finishedResult(folder: RunFolder, config: TrainConfig): RunResult | undefined {
  const { result } = folder;
  if (result === undefined) return undefined;
  refuseOtherConfig(fixedConfig(folder.config), config);
  if (result.epochs > config.epochs) throw tooFew(config, result.epochs, folder.path);
  if (result.keep !== config.keep || !isDeepStrictEqual(result.postHoc, config.postHoc)) return undefined;
  if (result.epochs === config.epochs) return result;
  const { lines, facts } = folder;
  return stopsEarly(lines, monitorOf(config, facts), config) ? result : undefined;
}

function tooFew({ epochs }: TrainConfig, begun: number, path: string) {
  return configError('epochs', `at least ${begun}, which the run in ${path} has begun`, String(epochs));
}

/** A run while it is trained. */
class Run {
  #lines: readonly EpochLine[] = [];
  #digest: LinesDigest = { count: 0, sha256: '' };
  #best: BestModel | undefined;

  constructor(
    readonly folder: RunFolder,
    readonly lock: FolderLock,
    readonly resources: RunResources,
    readonly identity: RunIdentity,
    readonly choices: TrainChoices,
  ) {}

  async train(checkpoint: Checkpoint | undefined): Promise<RunResult> {
    const { folder, resources, choices } = this;
    const { config, dropout } = resources;
    const facts = factsOf(resources);
    const from = this.#resume(checkpoint);
    this.lock.check();
    folder.begin(config, { ...facts, data: this.identity.data });
    if (dropout.unseeded.length > 0)
      choices.onWarning?.(
        `layers ${dropout.unseeded.join(', ')} draw noise without a seed: a resumed run will differ from one that was not cut off`,
      );
    choices.onBegin?.(facts, from);
    let { step, seconds } = from;
    for (let epoch = from.epochs; epoch < config.epochs; epoch++) {
      // an epoch that was begun is completed: the weights are no longer those of the epoch before
      if (step === 0 && this.#stopsEarly()) break;
      await this.#epoch(epoch, { step, seconds });
      [step, seconds] = [0, 0];
    }
    if (this.#lines.length < config.epochs)
      choices.onNote?.(
        `Stopped early after epoch ${this.#lines.length} of ${config.epochs}: the best was epoch ${this.#best?.epoch}`,
      );
    return this.#finish();
  }

  #stopsEarly(): boolean {
    return stopsEarly(this.#lines, this.#monitor, this.resources.config);
  }

  get #monitor() {
    const { config, data } = this.resources;
    return monitorOf(config, data);
  }

  /** Where the run is resumed; nothing is written yet. */
  #resume(checkpoint: Checkpoint | undefined): RunPosition {
    const { folder, resources, choices } = this;
    const { config } = resources;
    if (checkpoint === undefined) return { epochs: 0, step: 0, seconds: 0 };
    const { identity, epochs, step, seconds, lines, best } = checkpoint;
    if (epochs > config.epochs || (epochs === config.epochs && step > 0))
      throw tooFew(config, step > 0 ? epochs + 1 : epochs, folder.path);
    this.#lines = folder.resumeLines(lines);
    this.#digest = lines;
    this.#best = best;
    checkpoint.restore(resources);
    const warnings = [
      ...versionWarnings(identity.versions, this.identity.versions),
      ...epochWarnings(identity.epochs, config),
    ];
    for (const message of warnings) choices.onWarning?.(message);
    return { epochs, step, seconds };
  }

  /** Trains an epoch, or the rest of it. */
  async #epoch(epoch: number, from: Omit<RunPosition, 'epochs'>): Promise<void> {
    const { folder, resources, choices } = this;
    const position = { ...from, epochs: epoch };
    const line = await trainEpoch(resources, epoch, position, choices).catch(async (error) => {
      if (error instanceof InterruptedError) {
        await this.#checkpoint(position);
        throw new InterruptedError(
          `stopped in epoch ${epoch + 1} after step ${position.step} of ${resources.batches.steps}; the same command resumes there`,
        );
      }
      // a fused loss reads its scores and features, as metrics do, and refuses NaN
      const what = isInputError(error) ? NOT_FINITE[error.code] : undefined;
      throw what === undefined ? error : diverged(epoch, `${what} of ${error.got}`);
    });
    this.lock.check();
    const value = line.validation[this.#monitor];
    if (this.#best === undefined || isBetter(this.#monitor, value, this.#best.value))
      this.#best = { epoch: epoch + 1, value, weights: await valuesOf(resources.model.getWeights()) };
    this.#digest = folder.addLine(line);
    this.#lines = [...this.#lines, line];
    await this.#checkpoint({ epochs: epoch + 1, step: 0, seconds: 0 });
    await choices.onEpoch?.(line);
  }

  async #checkpoint(position: RunPosition): Promise<void> {
    this.lock.check();
    const { resources, folder } = this;
    const state = { ...position, lines: this.#digest, ...(this.#best && { best: this.#best }) };
    await writeCheckpoint(folder.file('checkpoint.bin'), resources, state, this.identity);
  }

  /** Saves the model, and evaluates it. */
  async #finish(): Promise<RunResult> {
    const { folder, resources, choices } = this;
    const { model, config, asMade } = resources;
    asMade();
    const best = config.keep === 'best' ? this.#best : undefined;
    if (best) {
      await saveModelFile(model, folder.path);
      setWeights(model, best.weights);
    }
    const epochs = this.#lines.length;
    const hooks = { onBatch: () => throwIfStopped(choices.signal) };
    const stoppedWhile = (doing: string) => (error: unknown) => {
      throw error instanceof InterruptedError
        ? new InterruptedError(`stopped while ${doing} after epoch ${epochs}; the same command resumes there`)
        : error;
    };
    const { keep, postHoc } = config;
    if (postHoc?.kind === 'retrained')
      choices.onNote?.(
        `Training a new last layer after epoch ${best?.epoch ?? epochs}: ${postHoc.epochs} epochs`,
      );
    if (postHoc)
      await correctLastLayer(resources, postHoc, hooks)
        .catch(stoppedWhile('changing the last layer'))
        .catch((error) => {
          // the data suit the correction, so that only its training can have failed
          throw error instanceof ConfigError ? new DivergedError(error.message, { cause: error }) : error;
        });
    this.lock.check();
    await saveModelFile(model, best ? folder.file('best') : folder.path);
    const evaluated = await evaluateRun(resources, hooks).catch(stoppedWhile('evaluating'));
    const seconds = this.#lines.reduce((sum, line) => sum + line.seconds, 0);
    const kept = modelFileDigest(folder.file(best ? 'best/model.json' : 'model.json'));
    const changed = postHoc && { postHoc };
    const result = {
      epochs,
      epoch: best?.epoch ?? epochs,
      keep,
      ...changed,
      seconds,
      ...evaluated,
      model: kept,
    };
    this.lock.check();
    folder.result = result;
    return result;
  }
}

/** The progress of an epoch, kept up to date while it is trained. */
interface EpochPosition {
  step: number;
  seconds: number;
}

async function trainEpoch(
  resources: RunResources,
  epoch: number,
  position: EpochPosition,
  { onStep, signal }: TrainChoices,
): Promise<EpochLine> {
  const { config, data, model, run, loss, sums, optimiser, batches, dropout } = resources;
  const [began, before] = [performance.now(), position.seconds];
  const count = () => {
    position.seconds = before + (performance.now() - began) / 1000;
  };
  loss.beginEpoch(epoch / config.epochs);
  if (position.step === 0) sums.reset();
  let learningRate = learningRateAt(
    config,
    epoch * batches.steps + Math.max(0, position.step - 1),
    batches.steps,
  );
  for await (const { xs, ys } of batches.epoch(epoch, position.step)) {
    const step = epoch * batches.steps + position.step;
    learningRate = learningRateAt(config, step, batches.steps);
    loss.beginStep(step);
    dropout.beginStep(step);
    optimiser.minimise(() => {
      const [logits, features] = [run.apply(xs, { training: true }) as tf.Tensor | tf.Tensor[]].flat();
      const value = loss.loss(ys, logits as tf.Tensor, features);
      // as model.fit does: the loss does not know the regularisers of the layers
      const regularisers = model.calculateLosses();
      if (regularisers.length === 0) {
        sums.addLoss(value);
        return value;
      }
      const regularisation = tf.addN(regularisers) as tf.Scalar;
      sums.addLoss(value, regularisation);
      return tf.add(value, regularisation) as tf.Scalar;
    }, learningRate);
    position.step += 1;
    await onStep?.(epoch + 1, position.step);
    // the event loop must turn, for signals and timers: where images are in memory nothing else lets it
    await new Promise((resolve) => setImmediate(resolve));
    count();
    throwIfStopped(signal);
  }
  await settleEngine();
  const statistics = await sums.read();
  if (!Number.isFinite(statistics.loss)) throw diverged(epoch, `a loss of ${statistics.loss}`);
  const evaluated = await evaluateSet(resources, data.validation, PLAIN_THRESHOLD, {
    onBatch: () => throwIfStopped(signal),
  });
  const { confusion: _, ...validation } = evaluated;
  const { numTensors: tensors } = tf.memory();
  count();
  return { epoch: epoch + 1, ...statistics, learningRate, validation, seconds: position.seconds, tensors };
}

function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new InterruptedError('stopped');
}

function diverged(epoch: number, got: string): DivergedError {
  const kept = epoch === 0 ? 'no epoch is done' : `the checkpoint of epoch ${epoch} is kept`;
  return new DivergedError(
    `epoch ${epoch + 1}: expected finite numbers, got ${got} (${kept}); try a smaller learningRate, or optimiser.clipNorm`,
  );
}
