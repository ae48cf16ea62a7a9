import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../index.js';
import { squaredDistances } from './distances.js';

beforeAll(() => loadEngine('cpu'));

/** n×d features on a lattice, so that squares are exact. */
function features(matrices: number, n: number, d: number): tf.Tensor3D {
  const values = Float32Array.from(
    { length: matrices * n * d },
    (_, at) => (at * 7 + Math.floor(at / d)) % 13,
  );
  return tf.tensor3d(values, [matrices, n, d]);
}

/** What squared distances are computed by: how often differences are summed and joined, and how many at most at once. */
async function profiled(x: tf.Tensor3D) {
  const { kernels, result } = await tf.profile(() => squaredDistances(x));
  const count = (name: string) => kernels.filter((kernel) => kernel.name === name).length;
  const sizes = kernels.flatMap(({ outputShapes }) =>
    outputShapes.map((shape) => tf.util.sizeFromShape(shape as number[])),
  );
  return {
    result: result as tf.Tensor3D,
    blocks: count('Sum'),
    joins: count('Concat'),
    most: Math.max(...sizes),
  };
}

/** As they are defined; of some samples, the last ones too. */
function expectDistances(x: tf.Tensor3D, found: tf.Tensor3D): void {
  const [M, n, d] = x.shape;
  const [given, got] = [x.dataSync(), found.dataSync()];
  expect(found.shape).toEqual([M, n, n]);
  const wrong: number[][] = [];
  for (let m = 0; m < M; m++) {
    for (let a = 0; a < n; a++) {
      for (let b = (a * 3) % 5; b < n; b += 5) {
        let sum = 0;
        for (let t = 0; t < d; t++) {
          const of = (i: number) => given[(m * n + i) * d + t] as number;
          sum += (of(a) - of(b)) ** 2;
        }
        if (got[(m * n + a) * n + b] !== sum) wrong.push([m, a, b]);
      }
    }
  }
  expect(wrong).toEqual([]);
}

describe('squared distances of all pairs', () => {
  it.each([
    ['that fit', 1, 20, 8, 1],
    ['of several matrices that fit', 3, 20, 8, 1],
    ['of one sample', 1, 1, 3, 1],
    ['that just fit', 1, 256, 64, 1],
    ['that do not', 1, 300, 64, 2],
    ['of several matrices that do not', 3, 150, 64, 2],
  ])('%s are found in blocks that hold no more than 2^22 differences', async (_, matrices, n, d, blocks) => {
    const x = features(matrices, n, d);
    const found = await profiled(x);
    expect(found.blocks).toBe(blocks);
    expect(found.joins).toBe(blocks === 1 ? 0 : 1);
    expect(found.most).toBeLessThanOrEqual(2 ** 22);
    expectDistances(x, found.result);
  });
});
