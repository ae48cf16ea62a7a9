/**
 * tfjs's engines: each loaded when asked for, never replaced by another.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** An engine by the name that tfjs registers it under. */
export type EngineName = 'cpu' | 'wasm' | 'tensorflow';

interface Engine {
  /** The npm package that brings it. */
  readonly package: string;
  readonly load: () => Promise<unknown>;
}

const ENGINES: Record<EngineName, Engine> = {
  cpu: { package: '@tensorflow/tfjs-backend-cpu', load: () => import('@tensorflow/tfjs-backend-cpu') },
  wasm: { package: '@tensorflow/tfjs-backend-wasm', load: () => import('@tensorflow/tfjs-backend-wasm') },
  tensorflow: { package: '@tensorflow/tfjs-node', load: () => importOptional('@tensorflow/tfjs-node') },
};

/** The names of all engines that this package knows how to load. */
export const ENGINE_NAMES = Object.keys(ENGINES) as EngineName[];

/** An engine that this machine does not have; the message says how to get it, `cause` what happened. */
export class EngineUnavailableError extends Error {
  override readonly name = 'EngineUnavailableError';
  constructor(
    readonly engine: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`engine ${engine}: ${reason}`, options);
  }
}

/**
 * Loads an engine and makes it tfjs's current one.
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
export async function loadEngine(name: string): Promise<void> {
  if (!Object.hasOwn(ENGINES, name)) {
    throw new EngineUnavailableError(name, `unknown; this package knows ${ENGINE_NAMES.join(', ')}`);
  }
  const engine = ENGINES[name as EngineName];
  try {
    await engine.load();
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    const reason = missing
      ? `${engine.package} is not installed; get it with: npm install ${engine.package}`
      : `${engine.package} does not load here: ${(cause as Error).message.split('\n')[0]}`;
    throw new EngineUnavailableError(name, reason, { cause });
  }
  // setBackend resolves to false where an engine does not start: tfjs itself would go on with another
  const started = await tf.setBackend(name).catch(() => false);
  await tf.ready();
  if (!started || tf.getBackend() !== name) {
    throw new EngineUnavailableError(
      name,
      `${engine.package} is installed but does not start on this machine`,
    );
  }
  // the cpu engine greets its first use with advice to take another; this one was asked for by name
  if (name === 'cpu') Object.assign(tf.backend(), { firstUse: false });
}

/** A package that need not be installed: its name is hidden from the type checker and from bundlers. */
function importOptional(name: string): Promise<unknown> {
  return import(name);
}
