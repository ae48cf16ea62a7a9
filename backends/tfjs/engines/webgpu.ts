/**
 * WebGPU, in a browser and in Node.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { rethrow } from '../../optional-package.js';
import { countCalls, watchOnce } from './dispatches.js';
import type { Engine, EngineWatch } from './engine.js';
import { EngineUnavailableError, GpuFaultError } from './errors.js';
import { type Adapter, findAdapter, givenGpu, inNode, nodeGpu } from './navigator-gpu.js';

/** The part of a `GPUDevice` that is used. */
interface Device {
  addEventListener(type: 'uncapturederror', listener: (event: { error: Error }) => void): void;
  pushErrorScope(filter: 'validation'): void;
  popErrorScope(): Promise<unknown>;
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
}

interface WebgpuBackend {
  readonly device: Device;
  runWebGPUProgram(...args: never[]): unknown;
}

/** The adapter that tfjs computes on. */
let adapter: Adapter | undefined;

/** Takes any adapter, software included, and reports its name. */
export const webgpu: Engine = {
  package: '@tensorflow/tfjs-backend-webgpu',

  async load() {
    if (adapter !== undefined) return;
    const given = givenGpu();
    if (given === undefined && !inNode()) {
      throw new EngineUnavailableError('webgpu', 'this browser provides no navigator.gpu here');
    }
    const found = given === undefined ? await nodeGpu() : await findAdapter(given);
    if (found === undefined) {
      throw new EngineUnavailableError(
        'webgpu',
        'there is no adapter; a GPU driver with Vulkan provides one, and so does SwiftShader (on Debian: apt-get install chromium)',
      );
    }
    // tfjs registers the engine only where navigator.gpu exists when its module runs
    await import('@tensorflow/tfjs-backend-webgpu').catch(rethrow);
    if (tf.findBackendFactory('webgpu') === null) {
      throw new EngineUnavailableError(
        'webgpu',
        '@tensorflow/tfjs-backend-webgpu was imported before navigator.gpu existed; let loadEngine import it',
      );
    }
    await import('../webgpu.js'); // the loss's own programs
    tf.env().set('WEBGPU_CPU_FORWARD', false); // else tensors under 1000 entries are computed on the processor
    adapter = found;
  },

  started(backend): EngineWatch {
    return watchOnce(backend, () => watch(backend as WebgpuBackend, (adapter as Adapter).name));
  },
};

/**
 * Collects what the device reports. An invalid shader does not throw: its result is zeros, and the device
 * reports an error.
 */
function watch(backend: WebgpuBackend, name: string): EngineWatch {
  const { device } = backend;
  const faults: string[] = [];
  device.addEventListener('uncapturederror', ({ error }) => faults.push(error.message));
  void device.lost.then(({ reason, message }) => faults.push(`the device was lost: ${reason} ${message}`));
  return {
    adapter: name,
    dispatches: countCalls(backend, 'runWebGPUProgram'),
    async settle() {
      // error scopes are answered in order: once this one is, all earlier reports have arrived
      device.pushErrorScope('validation');
      await device.popErrorScope();
      if (faults.length > 0) throw new GpuFaultError('webgpu', faults.splice(0));
    },
  };
}
