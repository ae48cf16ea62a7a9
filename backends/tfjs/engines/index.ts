/**
 * The engines of tfjs. Each is loaded when it is asked for; no engine silently stands in for another.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { importOptional } from '../../optional-package.js';
import { watchOf } from './dispatches.js';
import type { Engine, LoadedEngine } from './engine.js';
import { EngineUnavailableError } from './errors.js';
import { cpu, wasm } from './host.js';
import { ENGINE_NAMES, type EngineName } from './names.js';
import { tensorflow, tensorflowGpu } from './tensorflow.js';
import { webgl } from './webgl.js';
import { webgpu } from './webgpu.js';

export { ENGINE_NAMES, type EngineName } from './names.js';

const ENGINES: Record<EngineName, Engine> = {
  cpu,
  wasm,
  tensorflow: tensorflow(),
  'tensorflow-gpu': tensorflowGpu(),
  webgpu,
  webgl,
};

/**
 * Loads an engine and makes it tfjs's current one.
 *
 * On a GPU engine, tfjs's silent hand-offs to the processor are switched off and GPU programs are
 * counted.
 *
 * @throws EngineUnavailableError - if it is unknown, not installed, or cannot start here
 * @example
 * ```ts
 * import { loadEngine } from 'class-rectification/backends/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * await loadEngine('cpu');
 * tf.getBackend(); // → 'cpu'
 * ```
 */
export async function loadEngine(name: string): Promise<LoadedEngine> {
  if (!Object.hasOwn(ENGINES, name)) {
    throw new EngineUnavailableError(name, `unknown; this package knows ${ENGINE_NAMES.join(', ')}`);
  }
  return startEngine(name, ENGINES[name as EngineName]);
}

/** A process has one current engine, so engines start one after another. */
let starting: Promise<unknown> = Promise.resolve();

/** Loads and starts any engine, also one that is not among {@link ENGINE_NAMES}. */
export function startEngine(name: string, engine: Engine): Promise<LoadedEngine> {
  const started = starting.then(() => startNow(name, engine));
  starting = started.catch(() => {});
  return started;
}

async function startNow(name: string, engine: Engine): Promise<LoadedEngine> {
  const { registered = name, command } = engine;
  const before = tf.engine().backendName;
  await importOptional(engine.package, () => engine.load(), {
    refuse: (reason, cause) =>
      cause instanceof EngineUnavailableError ? cause : new EngineUnavailableError(name, reason, { cause }),
    ...(command === undefined ? {} : { command }),
  });
  // setBackend resolves to false where an engine does not start, and tfjs itself continues with another
  const started = await tf.setBackend(registered).catch(() => false);
  await tf.ready();
  if (!started || tf.getBackend() !== registered) {
    throw new EngineUnavailableError(
      name,
      `${engine.package} is installed but does not start on this machine`,
    );
  }
  try {
    return { name, registered, ...engine.started?.(tf.backend()) };
  } catch (error) {
    if (before && before !== registered) await tf.setBackend(before); // the engine that was current stays current
    throw error;
  }
}

/**
 * Resolves when the current engine has finished all its work.
 *
 * Code that runs outside of {@link runGraph}, such as a training step, learns of a GPU fault here. Without
 * this call the fault is thrown by the next call that reads.
 *
 * @throws GpuFaultError - if a program did not compile or run; never on an engine without a GPU
 */
export async function settleEngine(): Promise<void> {
  await watchOf(tf.backend())?.settle?.();
}
