import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBatch, resolveOptions } from '../../../spec/index.js';
import { webgpuScatter } from '../graph/scatter-program.js';
import { loadEngine } from '../index.js';
import { provideWebgpuPrograms } from '../loaded-programs.js';
import { tensorLoss } from '../tensor-loss.js';
import { fusedLevels, fusedLoss, fusedWalk, hasFusedWalk } from './loss.js';
import { webgpuWalk } from './webgpu/walk.js';

/** What tfjs says is current; and how many walks of webgpu were made. */
const current = vi.hoisted(() => ({ name: undefined as string | undefined, made: 0 }));

vi.mock('@tensorflow/tfjs-core', async (original) => {
  const whole = await original<typeof tf>();
  return { ...whole, getBackend: () => current.name ?? whole.getBackend() };
});

/** Programs that must not run: a call of any of them throws. */
vi.mock('./webgpu/walk.js', () => ({
  webgpuWalk() {
    current.made += 1;
    const asked = (what: string) => () => {
      throw new Error(`asked for the ${what} of webgpu`);
    };
    return { walk: asked('walk'), steps: { total: asked('step'), perSample: asked('step by sample') } };
  },
}));

const batch = createBatch({
  attributes: [2],
  labels: [[0], [0], [1], [1], [1]],
  scores: [0.25, 0.75, 0.5, 0.125, 1].map((p) => [p, 1 - p]),
});
const options = { ...resolveOptions(batch), alpha: 0.5 };
const scores = () => tf.tensor2d([0.25, 0.75, 0.75, 0.25, 0.5, 0.5, 0.125, 0.875, 1, 0], [5, 2]);
const labels = (dtype: 'float32' | 'int32') => tf.tensor2d([1, 0, 1, 0, 0, 1, 0, 1, 0, 1], [5, 2], dtype);

beforeEach(() => loadEngine('wasm'));
afterEach(() => {
  current.name = undefined;
  current.made = 0;
});

describe('the fused walk', () => {
  it('exists at both levels on webgpu and the engines of the processor, and nowhere else', () => {
    for (const engine of ['webgpu', 'cpu', 'wasm', 'tensorflow'])
      expect(fusedLevels(engine)).toEqual(['class', 'instance']);
    for (const engine of ['webgl', 'abacus', '']) expect(fusedLevels(engine)).toEqual([]);
  });

  it('has easy anchors on the engines of the processor; on webgpu the graph has them', () => {
    const easy = { ...options, anchors: 'easy' } as const;
    for (const engine of ['cpu', 'wasm', 'tensorflow']) expect(hasFusedWalk(engine, easy)).toBe(true);
    expect(hasFusedWalk('webgpu', options)).toBe(true);
    expect(hasFusedWalk('webgpu', easy)).toBe(false);
  });

  it('refuses webgpu until its programs are loaded, and says how', () => {
    current.name = 'webgpu';
    const walk = fusedWalk(batch, options);
    const ask = () => walk(labels('float32'), scores(), undefined);
    expect(ask).toThrow("start the engine with loadEngine('webgpu') of class-rectification/backends/tfjs");
    provideWebgpuPrograms({ walk: webgpuWalk, scatter: webgpuScatter });
    expect(ask).toThrow('asked for the walk of webgpu');
  });

  it('is that of the current engine, and is made once', () => {
    const walk = fusedWalk(batch, options);
    const ask = () => walk(labels('float32'), scores(), undefined);
    expect(ask().loss.dataSync()[0]).toBeGreaterThan(0);
    expect(current.made).toBe(0);
    current.name = 'webgpu';
    expect(ask).toThrow('asked for the walk of webgpu');
    expect(ask).toThrow('asked for the walk of webgpu');
    expect(current.made).toBe(1);
  });

  it('trains by the steps of the current engine', () => {
    const lossOf = fusedLoss(batch, options);
    const ask = () => lossOf(labels('float32'), scores());
    expect((ask() as tf.Scalar).dataSync()[0]).toBeGreaterThan(0);
    const askBySample = () => lossOf.perSample(labels('float32'), scores());
    expect(askBySample().shape).toEqual([5]);
    current.name = 'webgpu';
    expect(ask).toThrow('asked for the step of webgpu');
    expect(ask).toThrow('asked for the step of webgpu');
    expect(askBySample).toThrow('asked for the step by sample of webgpu');
    expect(current.made).toBe(1);
  });

  it('trains on engines that have it; on others the graph does', async () => {
    const lossOf = tensorLoss(batch, options);
    const trained = async () => {
      const { kernels, result } = await tf.profile(() => lossOf(labels('float32'), scores()) as tf.Scalar);
      const isFused = kernels.some(({ name }) => name === 'ClassRectificationLoss');
      return { isFused, loss: (result as tf.Scalar).dataSync()[0] as number };
    };
    const fused = await trained();
    current.name = 'webgl';
    const graph = await trained();
    expect([fused.isFused, graph.isFused]).toEqual([true, false]);
    expect(graph.loss).toBeCloseTo(fused.loss, 6);
  });

  it('accepts integer tensors, and casts nothing else', async () => {
    const walk = fusedWalk(batch, options);
    const profiled = async (dtype: 'float32' | 'int32') => {
      const { kernels, result } = await tf.profile(() => walk(labels(dtype), scores(), undefined).loss);
      const casts = kernels.filter(({ name }) => name === 'Cast').length;
      return { casts, loss: (result as tf.Scalar).dataSync()[0] };
    };
    const [whole, float] = [await profiled('int32'), await profiled('float32')];
    expect(whole.loss).toBe(float.loss);
    expect([whole.casts, float.casts]).toEqual([1, 0]);
  });
});
