import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBatch } from '../../../spec/index.js';
import { loadEngine } from '../index.js';
import { deviceProbabilities } from './cross-entropy.js';

beforeAll(() => loadEngine('cpu'));

/** The kernels that make probabilities of the logits of four columns. */
async function kernelsOf(attributes: number[]): Promise<string[]> {
  const logits = [1, 2, 3, 4];
  const batch = createBatch({
    attributes,
    fromLogits: true,
    labels: [attributes.map(() => 0)],
    scores: [logits],
  });
  const { kernels } = await tf.profile(() => deviceProbabilities(batch, tf.tensor2d([logits])));
  return kernels.map(({ name }) => name);
}

describe('softmax by attribute', () => {
  it('is computed separately for each of several attributes', async () => {
    const kernels = await kernelsOf([2, 2]);
    expect(kernels).toContain('Slice');
    expect(kernels.at(-1)).toBe('Concat');
  });

  it('is computed at once for one attribute', async () => {
    const kernels = await kernelsOf([4]);
    expect(kernels).not.toContain('Slice');
    expect(kernels).not.toContain('Concat');
  });
});
