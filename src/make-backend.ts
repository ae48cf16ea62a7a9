/**
 * A backend as it is judged: made if it has to be, checked, guarded, and through the training adapter.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { loadEngine } from '../backends/tfjs/index.js';
import type { Subject } from '../properties/index.js';
import type { Backend, BackendModule } from '../spec/index.js';
import { answeringInTime, inTime, readTimeout } from './answer-in-time.js';
import { BackendError, checkBackend } from './check-backend.js';
import { guarded } from './guarded-backend.js';
import { whatFailed } from './in-words.js';
import { canTrain, throughTraining } from './training-loss.js';

/** How to make a backend. */
export interface MakeOptions {
  /** Handed to a factory. */
  readonly engine?: string | undefined;
  /** How long a promise of it may take, in seconds. */
  readonly timeout?: number | undefined;
  /** What to call it until it says its name. */
  readonly as?: string | undefined;
}

/**
 * A backend, made if it has to be, checked and guarded; and the way it trains, if it can.
 *
 * @throws BackendError - if it cannot be made, or says of itself what cannot be
 * @throws RangeError - if it is on another engine than was asked for, or `timeout` is out of range
 * @throws Error - the factory's own, of the name `EngineUnavailableError`
 */
export async function makeSubject(module: BackendModule, options: MakeOptions = {}): Promise<Subject> {
  const { engine } = options;
  const seconds = readTimeout(options.timeout);
  const backend: unknown = typeof module === 'function' ? await madeBy(module, options, seconds) : module;
  checkBackend(backend);
  if (engine !== undefined && backend.engine !== engine) {
    throw new RangeError(
      `engine: expected a backend on ${engine}, got ${backend.name} on ${backend.engine ?? 'none'}`,
    );
  }
  const safe = guarded(backend, seconds);
  if (!canTrain(safe)) return { backend: safe };
  const train = throughTraining(safe, () => makeCurrent(safe));
  return { backend: safe, train: answeringInTime('training', train, seconds) };
}

async function madeBy(
  factory: Extract<BackendModule, (...given: never[]) => unknown>,
  { engine, as = 'of a factory' }: MakeOptions,
  seconds: number,
): Promise<unknown> {
  const late = () => new BackendError(`backend ${as}: the factory did not settle within ${seconds} s`);
  try {
    const making = (async () => factory(engine === undefined ? {} : { engine }))();
    return await inTime(making, seconds, late);
  } catch (cause) {
    if (cause instanceof BackendError || (cause as Error | null)?.name === 'EngineUnavailableError')
      throw cause;
    throw new BackendError(`backend ${as}: its factory failed: ${whatFailed(cause)}`, { cause });
  }
}

/** A host backend trains on any engine: on the current one, or `cpu`. */
async function makeCurrent({ engine, supports }: Backend): Promise<void> {
  const wanted = supports.execution === 'tensor' ? engine : (tf.getBackend() ?? 'cpu');
  if (wanted !== undefined && tf.getBackend() !== wanted) await loadEngine(wanted);
}
