import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchema, type OptionsInput, resolveOptions } from '../../../../spec/index.js';
import { GpuLimitError } from '../../engines/errors.js';
import { loadEngine } from '../../engines/index.js';
import { requireCountable, requireFits, requireNumberable } from './limits.js';
import { webgpuWalk } from './walk.js';

/** An invented device, smaller than any real one. Its cube of workgroups holds 27. */
const limits = { maxStorageBufferBindingSize: 400, maxBufferSize: 800, maxComputeWorkgroupsPerDimension: 3 };

describe('the limits of a device', () => {
  afterEach(() => {
    const backend = tf.findBackend('cpu') as object as Record<string, unknown> | null;
    for (const name of ['device', 'runWebGPUProgram']) delete backend?.[name];
  });

  it('are exact to the byte, workgroup, sample and pair', () => {
    requireFits('mine', { groups: 27, words: 100 }, limits);
    expect(() => requireFits('mine', { groups: 1, words: 101 }, limits)).toThrow(
      'engine webgpu: expected at most 400 bytes in a buffer (maxStorageBufferBindingSize, program mine), got 404; use smaller batches',
    );
    expect(() => requireFits('mine', { groups: 1, words: 10 }, { ...limits, maxBufferSize: 39 })).toThrow(
      'expected at most 39 bytes in a buffer (maxBufferSize, program mine), got 40',
    );
    expect(() => requireFits('mine', { groups: 28, words: 1 }, limits)).toThrow(
      'expected at most 27 workgroups (maxComputeWorkgroupsPerDimension³, program mine), got 28',
    );
    requireCountable(2 ** 24 - 1);
    expect(() => requireCountable(2 ** 24)).toThrow(GpuLimitError);
    requireNumberable(2 ** 31 - 1);
    expect(() => requireNumberable(2 ** 31)).toThrow(GpuLimitError);
  });

  it('never let programs number more workgroups than int32 does', () => {
    const large = {
      maxStorageBufferBindingSize: 2 ** 32,
      maxBufferSize: 2 ** 32,
      maxComputeWorkgroupsPerDimension: 65535,
    };
    requireFits('rows', { groups: 2 ** 30, words: 1 }, large);
    expect(() => requireFits('rows', { groups: 2 ** 30 + 1, words: 1 }, large)).toThrow(GpuLimitError);
  });

  describe('before a program runs', () => {
    const ran: string[] = [];
    beforeAll(async () => {
      await loadEngine('cpu');
    });
    beforeEach(() => {
      ran.length = 0;
      const runWebGPUProgram = (
        { shaderKey, outputShape }: { shaderKey: string; outputShape: number[] },
        _: unknown,
        dtype: 'int32',
      ) => {
        ran.push(shaderKey);
        return { dataId: tf.zeros(outputShape, dtype).dataId, shape: outputShape, dtype };
      };
      Object.assign(tf.backend(), { device: { limits }, runWebGPUProgram });
    });

    const stepOf = (samples: number, choices: OptionsInput = {}) => {
      const schema = createSchema({ attributes: [3] });
      const { steps } = webgpuWalk(schema, { ...resolveOptions(schema, choices), alpha: 1 });
      const inputs = tf.zeros<tf.Rank.R2>([1, 1]);
      return () => steps.total([inputs, { shape: [samples, 3] } as tf.Tensor2D]);
    };

    it.each<[string, number, OptionsInput, string]>([
      // labels as rows of one take a workgroup each
      ['workgroups', 28, {}, 'got 28'],
      ['samples', 2 ** 24, {}, 'counted in float32'],
      ['pairs', 65536, { kappa: 32768, comparison: 'distribution' }, 'numbered in int32'],
    ])('too many %s are refused', (_, samples, choices, message) => {
      expect(stepOf(samples, choices)).toThrow(GpuLimitError);
      expect(stepOf(samples, choices)).toThrow(message);
      expect(ran).toEqual([]);
    });

    it('too many bytes are refused, and the program is named', () => {
      // mined lists of 3 classes: 3·(3 + 2·16) words
      expect(stepOf(16)).toThrow('maxStorageBufferBindingSize, program mine), got 420');
      expect(ran.map((key) => key.split('_')[1])).toEqual(['rows', 'columns']);
    });
  });
});
