/**
 * Checkpoints: where a run stands, in one file that is whole or not there.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { writeWhole } from '../support/write-whole.js';
import type { TrainConfig } from './config/config.js';
import { configError } from './config/problems.js';
import type { Optimiser } from './optimiser.js';
import { refuseOther } from './run-folder.js';

/** Counted up when what is in it changes. */
const VERSION = 1;

/** What stands before the numbers. */
interface Head {
  readonly version: number;
  /** Epochs that are done. */
  readonly epochs: number;
  /** Steps that the optimiser has made. */
  readonly steps: number;
  /** The seed is in it. */
  readonly config: TrainConfig;
  /** Shapes of the model's weights, then of the optimiser's state; the numbers follow in this order. */
  readonly shapes: readonly (readonly number[])[];
}

/** The tensors of a run. */
export interface Running {
  readonly model: tf.LayersModel;
  readonly optimiser: Optimiser;
}

/** Writes a checkpoint: the length of the head as 32 bits, the head as JSON, the numbers as float32. */
export async function writeCheckpoint(
  file: string,
  { model, optimiser }: Running,
  done: { readonly epochs: number; readonly config: TrainConfig },
): Promise<void> {
  const tensors = [...model.getWeights(), ...optimiser.state];
  const { steps } = optimiser;
  const head: Head = { version: VERSION, ...done, steps, shapes: tensors.map(({ shape }) => shape) };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const numbers = await Promise.all(tensors.map((tensor) => tensor.data<'float32'>()));
  const bytes = numbers.map((data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  writeWhole(file, Buffer.concat([length, text, ...bytes]));
}

/**
 * Puts a run where its checkpoint says.
 *
 * @returns epochs that are done; 0 without a checkpoint
 * @throws ConfigError - a checkpoint of another config: its numbers would be neither run's
 */
export function restoreCheckpoint(file: string, { model, optimiser }: Running, config: TrainConfig): number {
  if (!existsSync(file)) return 0;
  const bytes = readFileSync(file);
  const length = bytes.readUInt32LE(0);
  const head = JSON.parse(bytes.subarray(4, 4 + length).toString()) as Head;
  if (head.version !== VERSION)
    throw configError(
      'out',
      `a new folder, or a checkpoint of version ${VERSION}`,
      `version ${head.version}`,
    );
  refuseOther(head.config, config);
  const numbers = new Float32Array(Uint8Array.from(bytes.subarray(4 + length)).buffer);
  let from = 0;
  const tensors = head.shapes.map((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    from += size;
    return tf.tensor(numbers.subarray(from - size, from), [...shape]);
  });
  const own = model.getWeights().length;
  model.setWeights(tensors.slice(0, own));
  optimiser.state.forEach((variable, at) => {
    variable.assign(tensors[own + at] as tf.Tensor);
  });
  optimiser.steps = head.steps;
  tf.dispose(tensors);
  return head.epochs;
}
