import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadEngine } from '../index.js';
import { scatterAdd, scatterSum } from './scatter.js';

const current = vi.hoisted(() => ({ name: 'cpu', rows: [] as number[] }));

vi.mock('@tensorflow/tfjs-core', async (original) => ({
  ...(await original<typeof tf>()),
  getBackend: () => current.name,
}));

/** What the WebGPU program computes, in a plain loop; the number of its rows is recorded. */
vi.mock('../loaded-programs.js', async () => {
  const { tensor3d } = await import('@tensorflow/tfjs-core');
  return {
    webgpuPrograms: () => ({ scatter }),
    provideWebgpuPrograms() {},
  };

  function scatter(index: tf.Tensor2D, values: tf.Tensor3D, n: number) {
    const [B, E, d] = values.shape;
    const [at, of] = [index.dataSync(), values.dataSync()];
    const sums = new Float32Array(B * n * d);
    for (let e = 0; e < B * E * d; e++) {
      const [entry, t] = [Math.floor(e / d), e % d];
      const place = (Math.floor(entry / E) * n + (at[entry] as number)) * d + t;
      sums[place] = (sums[place] as number) + (of[e] as number);
    }
    current.rows.push(B);
    return tensor3d(sums, [B, n, d]);
  }
});

beforeAll(() => loadEngine('cpu'));
afterEach(() => {
  current.name = 'cpu';
  current.rows = [];
});

const N = 5;
/** (index, value), values that add up exactly in any order. */
const entries = fc.array(fc.tuple(fc.nat(N - 1), fc.integer({ min: 1, max: 9 })), {
  minLength: 1,
  maxLength: 30,
});

function summed(given: [number, number][]): number[] {
  const sums = new Array<number>(N).fill(0);
  for (const [at, value] of given) sums[at] = (sums[at] as number) + value;
  return sums;
}

function sumOf(given: [number, number][]): number[] {
  const index = tf.tensor1d(
    given.map(([at]) => at),
    'int32',
  );
  return Array.from(scatterSum(index, tf.tensor1d(given.map(([, value]) => value)), N).dataSync());
}

describe.each(['cpu', 'wasm', 'webgpu'])('sums by index, as on %s', (engine) => {
  it('are those of a plain loop, for every number of entries', () => {
    current.name = engine;
    fc.assert(
      fc.property(entries, (given) => {
        expect(sumOf(given)).toEqual(summed(given));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('on webgpu', () => {
  it('are spread over about √E rows, so that a GPU is busy', () => {
    current.name = 'webgpu';
    for (const [count, rows] of [
      [1, 1],
      [4, 2],
      [7, 3],
      [12, 3],
      [13, 4],
      [30, 5],
    ] as const) {
      sumOf(Array.from({ length: count }, (_, e) => [e % N, 1]));
      expect([count, current.rows.pop()]).toEqual([count, rows]);
    }
  });

  it('rows are added by the program, whose order of additions is fixed', () => {
    current.name = 'webgpu';
    const got = scatterAdd(tf.tensor2d([0, 0], [1, 2], 'int32'), tf.tensor3d([1, 2, 3, 4], [1, 2, 2]), 2);
    expect([Array.from(got.dataSync()), current.rows]).toEqual([[4, 6, 0, 0], [1]]);
  });
});

it('elsewhere the engine’s own scatter adds, in one row', async () => {
  for (const engine of ['cpu', 'wasm']) {
    current.name = engine;
    const index = tf.tensor1d([0, 0, 1, 1, 1], 'int32');
    const { kernels } = await tf.profile(() => scatterSum(index, tf.tensor1d([1, 2, 3, 4, 5]), 2));
    expect(kernels.map(({ name }) => name)).not.toContain('Sum');
    expect(current.rows).toEqual([]);
  }
});
