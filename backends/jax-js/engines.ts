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
  /** The adapter of WebGPU, as it names itself. */
  readonly adapter?: string;
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
  const started = device === 'webgpu' && givenGpu() === undefined ? [] : await init(device);
  if (!started.includes(device)) {
    throw new EngineUnavailableError(name, `jax-js does not start its device ${device} here`);
  }
  const makeCurrent = () => void defaultDevice(device);
  return device === 'webgpu' ? { makeCurrent, adapter: await adapterName() } : { makeCurrent };
}

/** The part of WebGPU that is used here. */
interface Gpu {
  requestAdapter(options: object): Promise<{ readonly info?: Readonly<Record<string, string>> } | null>;
}

function givenGpu(): Gpu | undefined {
  return (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;
}

/** The name of the adapter that jax-js computes on, since it makes the same request. */
async function adapterName(): Promise<string> {
  const adapter = await givenGpu()?.requestAdapter({ powerPreference: 'high-performance' });
  const { vendor, architecture, device, description } = adapter?.info ?? {};
  const name = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';
  return /swiftshader|llvmpipe|lavapipe/i.test(`${name} ${architecture}`) ? `${name} (software)` : name;
}
