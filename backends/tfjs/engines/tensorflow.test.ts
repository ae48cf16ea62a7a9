import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { EngineUnavailableError } from './errors.js';
import { loadEngine, startEngine } from './index.js';
import { type ImportPackage, tensorflow, tensorflowGpu } from './tensorflow.js';

/** A stand-in for the package, which downloads a library when it is installed. */
function fakePackage(isUsingGpuDevice: boolean): ImportPackage {
  return async () => {
    if (tf.findBackendFactory('tensorflow') !== null) tf.removeBackend('tensorflow');
    tf.registerBackend('tensorflow', () =>
      Object.assign(new tf.KernelBackend(), { isUsingGpuDevice, dispose() {} }),
    );
  };
}

const notInstalled: ImportPackage = async (name) => {
  throw Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' });
};

const broken: ImportPackage = async () => {
  throw new Error('libtensorflow.so.2: cannot open shared object file\nand more');
};

describe('tensorflow', () => {
  it.each([
    [
      'tensorflow',
      tensorflow,
      '@tensorflow/tfjs-node is not installed; get it with: npx crl engine install tensorflow',
    ],
    [
      'tensorflow-gpu',
      tensorflowGpu,
      '@tensorflow/tfjs-node-gpu is not installed; get it with: npx crl engine install tensorflow-gpu',
    ],
  ])('%s says how to get it, and leaves the current engine', async (name, engine, cure) => {
    await loadEngine('cpu');
    const error = await startEngine(name, engine(notInstalled)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(EngineUnavailableError);
    expect((error as Error).message).toContain(cure);
    expect((error as Error).cause).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('distinguishes a package that does not load from one that is missing', async () => {
    await expect(startEngine('tensorflow', tensorflow(broken))).rejects.toThrow(
      'engine tensorflow: @tensorflow/tfjs-node does not load here: libtensorflow.so.2: cannot open shared object file',
    );
  });

  it('tensorflow-gpu without a GPU is unavailable, though the package starts', async () => {
    await loadEngine('cpu');
    await expect(startEngine('tensorflow-gpu', tensorflowGpu(fakePackage(false)))).rejects.toThrow(
      'would compute on the processor',
    );
    expect(tf.getBackend()).toBe('cpu');
  });

  it('tensorflow-gpu on a GPU starts, under the name that tfjs uses for both', async () => {
    const engine = await startEngine('tensorflow-gpu', tensorflowGpu(fakePackage(true)));
    expect(engine).toMatchObject({ name: 'tensorflow-gpu', registered: 'tensorflow' });
    expect(tf.getBackend()).toBe('tensorflow');
  });

  it('only one of the two runs in a process; the other is unavailable', async () => {
    await startEngine('tensorflow-gpu', tensorflowGpu(fakePackage(true)));
    await expect(startEngine('tensorflow', tensorflow(fakePackage(false)))).rejects.toThrow(
      'engine tensorflow: @tensorflow/tfjs-node-gpu is loaded in this process',
    );
  });

  it('restores the function of util that Node 23 removed', async () => {
    const util = (await import('node:util')).default as unknown as Record<string, unknown>;
    const original = util.isNullOrUndefined;
    util.isNullOrUndefined = undefined;
    try {
      await startEngine('tensorflow-gpu', tensorflowGpu(fakePackage(true)));
      expect((util.isNullOrUndefined as (x: unknown) => boolean)(null)).toBe(true);
    } finally {
      util.isNullOrUndefined = original;
    }
  });
});
