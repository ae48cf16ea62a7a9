import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Comparison, createBatch, resolveOptions } from '../../../spec/index.js';
import { loadEngine } from '../index.js';
import { labelTensor, scoreTensor } from '../tensors.js';
import { deviceColumns } from './columns.js';
import { deviceMinority } from './minority.js';
import { deviceRectification } from './rectification.js';

beforeAll(() => loadEngine('cpu'));

/** The largest tensor, in numbers, that a comparison makes of 60 samples in two classes. */
async function largest(comparison: Comparison): Promise<number> {
  const batch = createBatch({
    attributes: [2],
    labels: Array.from({ length: 60 }, (_, i) => [+(i >= 20)]),
    scores: Array.from({ length: 60 }, (_, i) => [((i * 37) % 61) / 64, ((i * 11) % 64) / 64]),
  });
  const options = resolveOptions(batch, { kappa: 4, comparison });
  const { kernels } = await tf.profile(() => {
    const columns = deviceColumns(batch, labelTensor(batch), scoreTensor(batch));
    const minority = deviceMinority(batch, columns, options.rho);
    return deviceRectification(batch, columns, minority, undefined, options).gradient;
  });
  return Math.max(
    ...kernels.flatMap(({ outputShapes }) =>
      outputShapes.map((shape) => tf.util.sizeFromShape(shape as number[])),
    ),
  );
}

describe('the relative comparison at class level', () => {
  it('computes by class and not by anchor: memory grows with κ², not with n·κ²', async () => {
    const [C, P, Q] = [2, 5, 4];
    expect(await largest('relative')).toBe(C * (P + 2) * P * Q);
    expect(await largest('absolute')).toBeGreaterThan(C * (P + 2) * P * Q);
  });
});
