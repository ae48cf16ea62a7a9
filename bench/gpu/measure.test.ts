import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { GpuFaultError, GpuLimitError, loadEngine } from '../../backends/tfjs/index.js';
import { measureGpu } from './measure.js';
import { programBytes } from './program-bytes.js';
import { readBacks } from './read-backs.js';
import * as steps from './steps.js';

const plan = { engine: 'cpu', sizes: [16], seconds: 0.01, graph: true }; // no GPU is needed to see how it measures

describe('measuring a GPU', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('times each case against cross entropy, leaks nothing, and tells as it goes', async () => {
    await loadEngine('cpu');
    const before = tf.memory().numTensors;
    let told = 0;
    const { adapter, rows, leftOut } = await measureGpu({ ...plan, graph: false }, () => {
      told += 1;
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(adapter).toBeNull();
    expect(rows.map(({ subject }) => subject)).toEqual([
      'cross entropy of stock operations',
      'tfjs-fused',
      'cross entropy of stock operations',
      'tfjs-fused',
    ]);
    for (const { samples, milliseconds, ratio, subject } of rows) {
      expect(samples).toBeGreaterThanOrEqual(3);
      expect(milliseconds).toBeGreaterThan(0);
      expect(ratio?.to).toBe(subject === 'tfjs-fused' ? 'cross entropy of stock operations' : undefined);
    }
    expect(leftOut.map(({ subject, reason }) => [subject, reason])).toEqual([
      ['tfjs (graph)', 'not asked for'],
      ['tfjs (graph)', 'not asked for'],
    ]);
    expect(told).toBe(4);
  });

  it.each([
    new GpuLimitError('webgpu', 'bytes in a buffer', 2, 1),
    new GpuFaultError('webgpu', ['out of memory']),
  ])('leaves out a case that the device cannot run, and continues: %s', async (refusal) => {
    const step = () => tf.scalar(1);
    const refused = () => {
      throw refusal;
    };
    vi.spyOn(steps, 'gpuCases').mockResolvedValue({
      cases: [
        { subject: 'tfjs (graph)', setting: 'large', step: refused },
        { subject: 'tfjs-fused', setting: 'large', step },
      ],
      leftOut: [],
      dispose: () => {},
    });
    const { rows, leftOut } = await measureGpu(plan);
    expect(rows.map(({ subject }) => subject)).toEqual(['tfjs-fused']);
    expect(leftOut).toEqual([{ subject: 'tfjs (graph)', setting: 'large', reason: refusal.message }]);
  });

  it('does not hide an error of its own', async () => {
    const step = () => {
      throw new TypeError('no such thing');
    };
    const cases = [{ subject: 'tfjs-fused', setting: 'any', step }];
    vi.spyOn(steps, 'gpuCases').mockResolvedValue({ cases, leftOut: [], dispose: () => {} });
    await expect(measureGpu(plan)).rejects.toThrow('no such thing');
  });

  it('counts what is read back, and no more once it is done', async () => {
    await loadEngine('cpu');
    const tensor = tf.tensor1d([1, 2]);
    const read = () => tensor.dataSync();
    expect(readBacks(() => tf.dispose(tf.square(tensor)))).toBe(0);
    expect(readBacks(() => [read(), read()])).toBe(2);
    read();
    expect(readBacks(() => {})).toBe(0);
    tensor.dispose();
  });
});

describe('the bytes of programs', () => {
  it('are those of the tensors that each is given and writes, and not known without programs', () => {
    const [a, b] = [tf.zeros([2, 3]), tf.zeros([5])];
    expect(programBytes(() => {})).toBeUndefined();
    const backend = tf.backend() as unknown as { runWebGPUProgram?: unknown };
    const given: unknown[] = [];
    const own = (...all: unknown[]) => {
      given.push(all);
      return b;
    };
    backend.runWebGPUProgram = own;
    const run = () => (backend.runWebGPUProgram as typeof own)('program', [a, a], 'float32');
    expect(programBytes(run)).toBe(4 * (6 + 6 + 5));
    expect(given).toEqual([['program', [a, a], 'float32']]);
    expect(backend.runWebGPUProgram).toBe(own);
    delete backend.runWebGPUProgram;
    tf.dispose([a, b]);
  });
});
