import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  balancedLoss,
  createBatch,
  mineHardSamples,
  resolveOptions,
  selectMinority,
} from '../../spec/index.js';
import { tiedAnchor } from '../padded/tied-anchor.test-helper.js';
import { tfjsBackend } from './backend.js';
import { EngineUnavailableError, loadEngine } from './index.js';

describe('engines', () => {
  it('names an engine that it does not know', async () => {
    await expect(loadEngine('abacus')).rejects.toThrow(
      'engine abacus: unknown; this package knows cpu, wasm, tensorflow, tensorflow-gpu, webgpu, webgl',
    );
  });

  it('says how to get an engine that is not installed, keeps the cause, and starts no other', async () => {
    await loadEngine('cpu');
    const error = await loadEngine('tensorflow').catch((error: unknown) => error);
    // where it is installed, it loads: both are right answers
    if (!(error instanceof Error)) return expect(tf.getBackend()).toBe('tensorflow');
    expect(error).toBeInstanceOf(EngineUnavailableError);
    expect(error.message).toContain('@tensorflow/tfjs-node');
    expect(error.cause).toBeInstanceOf(Error);
    expect(tf.getBackend()).toBe('cpu');
  });

  it('comes back to its own engine after another was made current', async () => {
    const [cpu] = [await tfjsBackend({ engine: 'cpu' }), await tfjsBackend({ engine: 'wasm' })];
    expect(tf.getBackend()).toBe('wasm');
    const batch = createBatch({
      attributes: [2],
      labels: [[0], [1]],
      scores: [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    });
    await cpu?.balancedLoss(batch, { ...resolveOptions(batch), alpha: 0.5 });
    expect(tf.getBackend()).toBe('cpu');
  });
});

describe.each(['cpu', 'wasm'] as const)('tfjs on %s', (engine) => {
  /** One minority class of `size` members among as many others and three more, scores on a lattice. */
  function largeBatch(size: number) {
    const labels = Array.from({ length: 2 * size + 3 }, (_, i) => [i < size ? 0 : 1]);
    return createBatch({
      attributes: [2],
      labels,
      scores: labels.map((_, i) => [((i * 37) % 61) / 64, ((i * 11) % 64) / 64]),
    });
  }

  it.each([
    [1, 40],
    [8, 40],
    [39, 40],
    [40, 40],
    [41, 40],
    [200, 40],
    [4, 600],
  ])('κ %i in a class of %i agrees with the specification', async (kappa, size) => {
    const backend = await tfjsBackend({ engine });
    const batch = largeBatch(size);
    const options = { ...resolveOptions(batch, { kappa }), alpha: 1 };
    const selection = selectMinority(batch, options);
    expect(await backend.mineHardSamples?.(batch, selection, options)).toEqual(
      mineHardSamples(batch, selection, options),
    );
    const [got, expected] = [await backend.balancedLoss(batch, options), balancedLoss(batch, options)];
    expect(got.statistics).toEqual(expected.statistics);
    expect(got.rectification).toBeCloseTo(expected.rectification, 5);
    for (const [at, g] of expected.gradient.data.entries()) expect(got.gradient.data[at]).toBeCloseTo(g, 6);
  });

  it('has slope 0 where an anchor outside the list is tied with the last in it', async () => {
    const backend = await tfjsBackend({ engine });
    const { batch, options } = tiedAnchor();
    const [got, expected] = [await backend.balancedLoss(batch, options), balancedLoss(batch, options)];
    for (const [at, g] of expected.gradient.data.entries()) expect(got.gradient.data[at]).toBeCloseTo(g, 6);
  });

  it('tells scores apart that differ by less than 1e-7', async () => {
    // wasm's own sign() calls such a difference 0
    const backend = await tfjsBackend({ engine });
    const batch = createBatch({
      attributes: [2],
      labels: [[0], [0], [1], [1]],
      scores: [
        [0, 1],
        [Math.fround(1e-8), 1],
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    });
    const options = { ...resolveOptions(batch), alpha: 1 };
    const [got, expected] = [await backend.balancedLoss(batch, options), balancedLoss(batch, options)];
    expect(Array.from(got.gradient.data)).toEqual(Array.from(expected.gradient.data));
  });
});

it('keeps engines apart that are made and run at once', async () => {
  const batch = createBatch({
    attributes: [2],
    labels: [[0], [0], [1]],
    scores: [
      [0.25, 0.75],
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  });
  const options = { ...resolveOptions(batch), alpha: 0.5 };
  const backends = await Promise.all(['cpu', 'wasm', 'cpu'].map((engine) => tfjsBackend({ engine })));
  const found = await Promise.all(backends.map((backend) => backend.balancedLoss(batch, options)));
  for (const { loss } of found) expect(loss).toBeCloseTo(found[0]?.loss as number, 6);
});
