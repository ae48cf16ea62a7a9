/**
 * The devices of jax-js as engines.
 *
 * @module
 */
import { defaultDevice, init } from '@jax-js/jax';
import { EngineUnavailableError } from '../engine-unavailable-error.js';
import { JAX_ENGINE_NAMES, type JaxEngineName } from './names.js';

export type { JaxEngineName };

/** A device that has been started. */
export interface JaxEngine {
  /** Makes it the device on which jax-js creates arrays. */
  readonly makeCurrent: () => void;
}

const DEVICES = { 'jax-wasm': 'wasm', 'jax-webgpu': 'webgpu' } as const satisfies Record<
  JaxEngineName,
  string
>;

/**
 * Starts a device of jax-js.
 *
 * @throws EngineUnavailableError - if it is unknown, or does not start here
 */
export async function useEngine(name: string): Promise<JaxEngine> {
  if (!Object.hasOwn(DEVICES, name)) {
    throw new EngineUnavailableError(name, `unknown; jax-js has ${JAX_ENGINE_NAMES.join(', ')}`);
  }
  const device = DEVICES[name as JaxEngineName];
  // init() without a name asks for navigator.gpu, which Node 20 lacks
  const started = device === 'webgpu' && !hasGpu() ? [] : await init(device);
  if (!started.includes(device)) {
    throw new EngineUnavailableError(name, `jax-js does not start its device ${device} here`);
  }
  return { makeCurrent: () => void defaultDevice(device) };
}

function hasGpu(): boolean {
  return (globalThis as { navigator?: { gpu?: object } }).navigator?.gpu !== undefined;
}
