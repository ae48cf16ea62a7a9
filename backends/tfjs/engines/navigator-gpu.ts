/**
 * Provides `navigator.gpu` in Node, through the npm package `webgpu`.
 *
 * @module
 */

import { importOptional, rethrow } from '../../optional-package.js';
import { EngineUnavailableError } from './errors.js';

/** The part of `navigator.gpu` that is used. */
export interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<GpuAdapter | null>;
}

interface GpuAdapter {
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly device?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
}

/** A GPU, or a program that stands for one. */
export interface Adapter {
  /** Such as `SwiftShader driver 5.0.0 (software)`. */
  readonly name: string;
}

/** Where Linux distributions and browsers install SwiftShader, a Vulkan driver in software. */
const SOFTWARE_DRIVERS = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/usr/lib64/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];

/** Whether this is Node, and not a browser. */
export function inNode(): boolean {
  return globalThis.process?.versions?.node !== undefined;
}

/** The adapter that tfjs will get, since tfjs makes the same request. */
export async function findAdapter(gpu: Gpu): Promise<Adapter | undefined> {
  const found = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!found) return undefined;
  const { vendor, architecture, device, description, isFallbackAdapter } = found.info ?? {};
  const name = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';
  const software = isFallbackAdapter || /swiftshader|llvmpipe|lavapipe/i.test(`${name} ${architecture}`);
  return { name: software ? `${name} (software)` : name };
}

/**
 * Puts a `navigator.gpu` with an adapter into this process.
 *
 * Where there is no hardware adapter, and neither `VK_ICD_FILENAMES` nor `VK_DRIVER_FILES` is set, it looks
 * for SwiftShader in the usual places. The adapter's name then ends in `(software)`.
 *
 * @returns undefined if no adapter is found
 * @throws EngineUnavailableError - if the package is not installed or has no binary for this machine
 */
export async function nodeGpu(): Promise<Adapter | undefined> {
  const { create, globals } = await importWebgpu();
  Object.assign(globalThis, globals);
  const chosen = process.env.VK_ICD_FILENAMES ?? process.env.VK_DRIVER_FILES;
  for (const driver of [undefined, ...(chosen === undefined ? softwareDrivers() : [])]) {
    // the Vulkan loader reads the variable again for every instance, and sees what Node sets
    if (driver !== undefined) process.env.VK_ICD_FILENAMES = driver;
    const gpu = create([]) as unknown as Gpu;
    held.push(gpu);
    const adapter = await findAdapter(gpu);
    if (adapter !== undefined) {
      provide(gpu);
      return adapter;
    }
  }
  if (chosen === undefined) delete process.env.VK_ICD_FILENAMES;
  return undefined;
}

/** Kept for good: Dawn crashes the process when one of these is garbage-collected while it has work. */
const held: unknown[] = [];

function provide(gpu: Gpu): void {
  const { navigator } = globalThis as { navigator?: object };
  const property = { configurable: true, writable: true };
  // Node 20 has no navigator; 21 and later have one without gpu
  if (navigator !== undefined) Object.defineProperty(navigator, 'gpu', { ...property, value: gpu });
  else Object.defineProperty(globalThis, 'navigator', { ...property, value: { gpu } });
}

/** The `navigator.gpu` that the runtime itself provides, as a browser does. */
export function givenGpu(): Gpu | undefined {
  return (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu;
}

function softwareDrivers(): string[] {
  const fs = process.getBuiltinModule('node:fs');
  return process.platform === 'linux' ? SOFTWARE_DRIVERS.filter((path) => fs.existsSync(path)) : [];
}

function importWebgpu(): Promise<typeof import('webgpu')> {
  return importOptional('webgpu', () => import('webgpu').catch(rethrow), {
    refuse: (reason, cause) => new EngineUnavailableError('webgpu', `the package ${reason}`, { cause }),
    command: 'npm install webgpu @tensorflow/tfjs-backend-webgpu',
  });
}
