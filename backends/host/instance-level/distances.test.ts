import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import { Distances } from './distances.js';
import { SimdWorkspace } from './simd-workspace.js';
import { observed } from './workspace.test-helper.js';

/** The distance in float64 with the components added in order, to the last bit. */
function distance(matrix: FeatureMatrix, width: number, i: number, k: number): number {
  let sum = 0;
  for (let t = 0; t < width; t++) {
    sum += (matrix[i * width + t] - matrix[k * width + t]) ** 2;
  }
  return Math.sqrt(sum);
}

const anyBatch = fc
  .record({ size: fc.integer({ min: 1, max: 12 }), width: fc.integer({ min: 1, max: 9 }) })
  .chain(({ size, width }) =>
    fc.record({
      width: fc.constant(width),
      features: fc.array(fc.float({ noNaN: true, min: -1000, max: 1000 }), {
        minLength: size * width,
        maxLength: size * width,
      }),
      sample: fc.nat(size - 1),
      rows: fc.array(fc.nat(size - 1), { maxLength: 11 }),
    }),
  );

describe.each(['SIMD', 'no SIMD'])('distances with %s', (simd) => {
  it('are those from the anchor to the first `count` rows, also after another batch', () => {
    const workspace = simd === 'SIMD' ? (SimdWorkspace.create() as SimdWorkspace) : undefined;
    const distances = new Distances();
    fc.assert(
      fc.property(fc.array(anyBatch, { minLength: 1, maxLength: 2 }), (batches) => {
        for (const { width, features, sample, rows } of batches) {
          const matrix = Float64Array.from(features);
          workspace?.load(matrix, matrix.length / width, width);
          distances.prepare(matrix, width, workspace);
          distances.setAnchor(sample);
          expect(distances.own.subarray(0, width)).toEqual(
            matrix.subarray(sample * width, (sample + 1) * width),
          );
          // entries after the first `count` belong to an earlier batch, and are neither read nor written
          const into = new Float64Array(rows.length + 5).fill(-7);
          distances.compute(Int32Array.from([...rows, 2 ** 28 - 1, -1]), rows.length, into);
          const right = rows.map((k) => distance(matrix, width, sample, k));
          expect(Array.from(into)).toEqual([...right, ...new Array(5).fill(-7)]);
        }
      }),
      { seed: 1 },
    );
  });
});

it('four distances are found at once, and the last sample fills up the last four: no other is read', () => {
  const asked: number[] = [];
  const workspace = observed('distances', (_, ...rest) => asked.push(...rest.slice(0, 4)));
  const matrix = Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7);
  workspace.load(matrix, 8, 1);
  const { stride } = workspace;
  const distances = new Distances();
  distances.prepare(matrix, 1, workspace);
  distances.setAnchor(0);
  const readFor = (count: number) => {
    asked.length = 0;
    distances.compute(Int32Array.of(7, 6, 5, 4, 3, 2, 1), count, new Float64Array(8));
    return asked.map((at) => at / stride);
  };
  expect(readFor(0)).toEqual([]);
  expect(readFor(1)).toEqual([7, 7, 7, 7]);
  expect(readFor(2)).toEqual([7, 6, 6, 6]);
  expect(readFor(3)).toEqual([7, 6, 5, 5]);
  expect(readFor(4)).toEqual([7, 6, 5, 4]);
  expect(readFor(5)).toEqual([7, 6, 5, 4, 3, 3, 3, 3]);
});

it('the array of the anchor’s features is reused for a matrix that is no wider', () => {
  const distances = new Distances();
  distances.prepare(new Float64Array(6), 3, undefined);
  const { own } = distances;
  distances.prepare(new Float64Array(6), 2, undefined);
  expect(distances.own).toBe(own);
});
