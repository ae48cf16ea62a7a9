/**
 * Checkpoints: all that a run needs to be resumed with bit-identical results.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { type CheckpointTensor, readCheckpointFile, writeCheckpointFile } from './checkpoint-file.js';
import { configError } from './config/problems.js';
import type { StepCounters } from './epoch-statistics.js';
import type { JudgedEpoch } from './monitor.js';
import type { LinesDigest } from './run-folder.js';
import type { RunIdentity } from './run-identity.js';
import type { RunResources } from './run-resources.js';

/** The progress of a run. */
export interface RunPosition {
  /** Epochs that are done. */
  readonly epochs: number;
  /** Steps of the next epoch that are done: more than 0 if the run was stopped in the middle of it. */
  readonly step: number;
  /** Seconds that those steps took. */
  readonly seconds: number;
}

/** The best epoch so far, with the weights of its model. */
export interface BestModel extends JudgedEpoch {
  readonly weights: readonly CheckpointTensor[];
}

/** What a checkpoint holds besides the tensors of a run. */
export interface CheckpointState extends RunPosition {
  readonly lines: LinesDigest;
  readonly best?: BestModel;
}

interface Head extends Omit<CheckpointState, 'best'> {
  readonly best: JudgedEpoch | null;
  /** Steps of the optimiser. */
  readonly steps: number;
  readonly sums: StepCounters;
  readonly identity: RunIdentity;
}

/** A checkpoint that was read; nothing of the run has been changed yet. */
export interface Checkpoint extends CheckpointState {
  readonly identity: RunIdentity;
  /**
   * Restores the state in which the checkpoint was written.
   *
   * @throws ConfigError - a model of other shapes
   */
  readonly restore: (resources: RunResources) => void;
}

type Running = Pick<RunResources, 'model' | 'optimiser' | 'sums'>;

/**
 * Writes a checkpoint.
 *
 * @throws WriteError - the one before is kept
 */
export async function writeCheckpoint(
  file: string,
  running: Running,
  { best, ...state }: CheckpointState,
  identity: RunIdentity,
): Promise<void> {
  const { model, optimiser, sums } = running;
  const head: Head = {
    ...state,
    best: best ? { epoch: best.epoch, value: best.value } : null,
    steps: optimiser.steps,
    sums: sums.counters,
    identity,
  };
  const tensors = {
    model: await valuesOf(model.getWeights()),
    optimiser: await valuesOf(optimiser.state),
    sums: await valuesOf(sums.state),
    best: best?.weights ?? [],
  };
  writeCheckpointFile(file, { head, tensors });
}

/** The numbers of some tensors, read from the device. */
export function valuesOf(tensors: readonly tf.Tensor[]): Promise<CheckpointTensor[]> {
  return Promise.all(
    tensors.map(async (tensor) => ({ shape: tensor.shape, values: await tensor.data<'float32'>() })),
  );
}

/**
 * Reads a checkpoint.
 *
 * @returns nothing if there is none
 * @throws ConfigError - a file that is not a whole checkpoint of this format
 */
export function readCheckpoint(file: string): Checkpoint | undefined {
  const content = readCheckpointFile<Head>(file);
  if (content === undefined) return undefined;
  const { head, tensors } = content;
  const { epochs, step, seconds, lines, identity, best } = head;
  const group = (name: string): readonly CheckpointTensor[] => tensors[name] ?? [];
  return {
    epochs,
    step,
    seconds,
    lines,
    identity,
    ...(best && { best: { ...best, weights: group('best') } }),
    restore: ({ model, optimiser, sums }) => {
      const own = model.getWeights().map(({ shape }) => shape);
      const its = group('model').map(({ shape }) => shape);
      if (JSON.stringify(own) !== JSON.stringify(its))
        throw configError(file, `a model of ${own.length} weights of the same shapes`, 'another model');
      setWeights(model, group('model'));
      assignAll(optimiser.state, group('optimiser'));
      assignAll(sums.state, group('sums'));
      optimiser.steps = head.steps;
      sums.counters = head.sums;
    },
  };
}

/** Gives a model other weights. */
export function setWeights(model: tf.LayersModel, weights: readonly CheckpointTensor[]): void {
  tf.tidy(() => model.setWeights(weights.map(({ shape, values }) => tf.tensor(values, [...shape]))));
}

function assignAll(variables: readonly tf.Variable[], tensors: readonly CheckpointTensor[]): void {
  tf.tidy(() => {
    variables.forEach((variable, at) => {
      const { shape, values } = tensors[at] as CheckpointTensor;
      variable.assign(tf.tensor(values, [...shape]));
    });
  });
}
