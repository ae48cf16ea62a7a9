import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { createSchema, resolveOptions } from '../../../spec/index.js';
import { GpuLimitError } from '../engines/errors.js';
import { loadEngine } from '../engines.js';
import { requireCountable, requireFits } from './limits.js';
import { webgpuWalk } from './walk.js';

const limits = { maxStorageBufferBindingSize: 400, maxComputeWorkgroupsPerDimension: 10 };

describe('the limits of a device', () => {
  afterEach(() => {
    const backend = tf.findBackend('cpu') as object as Record<string, unknown> | null;
    for (const name of ['device', 'runWebGPUProgram']) delete backend?.[name];
  });

  it('are kept to the last byte and workgroup', () => {
    requireFits('mine', { groups: 10, words: 100 }, limits);
    expect(() => requireFits('mine', { groups: 1, words: 101 }, limits)).toThrow(
      'engine webgpu: expected at most 400 bytes in a buffer (program mine), got 404; take smaller batches',
    );
    expect(() => requireFits('mine', { groups: 11, words: 1 }, limits)).toThrow(
      'expected at most 10 workgroups (program mine), got 11',
    );
    requireCountable(2 ** 24 - 1);
    expect(() => requireCountable(2 ** 24)).toThrow(GpuLimitError);
  });

  // on a device that is made up: there is none so small
  it('are asked before a program runs', async () => {
    await loadEngine('cpu');
    const ran: string[] = [];
    const own = {
      device: { limits },
      runWebGPUProgram: (
        program: { shaderKey: string; outputShape: number[] },
        _: unknown,
        dtype: 'int32',
      ) => {
        ran.push(program.shaderKey);
        const { dataId } = tf.zeros(program.outputShape, dtype);
        return { dataId, shape: program.outputShape, dtype };
      },
    };
    Object.assign(tf.backend(), own);
    const schema = createSchema({ attributes: [3] });
    const { step } = webgpuWalk(schema, { ...resolveOptions(schema), alpha: 1 });
    // labels as rows of one: 64 rows take 64 workgroups
    expect(() => step(tf.zeros([64, 3]), tf.zeros([64, 3]))).toThrow(GpuLimitError);
    expect(ran).toEqual([]);
  });
});
