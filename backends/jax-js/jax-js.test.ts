import { describe, expect, it } from 'vitest';
import { COMPARISONS, LEVELS } from '../../spec/choices.js';
import {
  balancedLoss,
  createBatch,
  mineHardSamples,
  resolveOptions,
  selectMinority,
} from '../../spec/index.js';
import { EngineUnavailableError } from '../engine-unavailable-error.js';
import { tiedAnchor } from '../padded/tied-anchor.test-helper.js';
import { jaxBackend } from './backend.js';

/** One minority class of `size` members among as many others and three more, scores and features on a lattice. */
function largeBatch(size: number) {
  const labels = Array.from({ length: 2 * size + 3 }, (_, i) => [i < size ? 0 : 1]);
  return createBatch({
    attributes: [2],
    labels,
    scores: labels.map((_, i) => [((i * 37) % 61) / 64, ((i * 11) % 64) / 64]),
    features: labels.map((_, i) => [((i * 29) % 31) / 32, ((i * 5) % 7) / 8]),
  });
}

describe('the backend jax-js', () => {
  it('names an engine that it does not know', async () => {
    const error = await jaxBackend({ engine: 'abacus' }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(EngineUnavailableError);
    expect((error as Error).message).toBe('engine abacus: unknown; jax-js has jax-wasm, jax-webgpu');
  });

  it('refuses an observer, which a compiled program cannot call', async () => {
    const backend = await jaxBackend();
    const batch = largeBatch(3);
    const options = { ...resolveOptions(batch), alpha: 0.5 };
    expect(() => backend.tensorLoss?.(batch, options, () => {})).toThrow(
      'observe: expected nothing: a compiled program cannot call back; balancedLoss of jaxBackend returns the statistics',
    );
  });

  it('ranks thousands of classes, in parts of the cumulative sum and beyond them', async () => {
    const backend = await jaxBackend();
    for (const classes of [256, 257, 70_000]) {
      const labels = Array.from({ length: 24 }, (_, i) => [((i * i) % 11) * Math.floor(classes / 12)]);
      const scores = labels.map((_, i) => Array.from({ length: classes }, (_, c) => ((i * 5 + c) % 8) / 8));
      const batch = createBatch({ attributes: [classes], labels, scores });
      const options = resolveOptions(batch);
      expect(await backend.selectMinority?.(batch, options)).toEqual(selectMinority(batch, options));
    }
  });

  it('says that there is no WebGPU where there is none', async () => {
    await expect(jaxBackend({ engine: 'jax-webgpu' })).rejects.toThrow(EngineUnavailableError);
  });

  it.each([
    [1, 40],
    [8, 40],
    [39, 40],
    [40, 40],
    [41, 40],
  ])('agrees with the specification at κ %i in a class of %i', async (kappa, size) => {
    const backend = await jaxBackend();
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

  it.each(LEVELS.flatMap((level) => COMPARISONS.map((comparison) => [level, comparison] as const)))(
    'differentiates the %s level, %s comparison',
    async (level, comparison) => {
      const backend = await jaxBackend();
      const batch = largeBatch(12);
      const options = { ...resolveOptions(batch, { level, comparison, bins: 17 }), alpha: 0.5 };
      const [got, expected] = [await backend.balancedLoss(batch, options), balancedLoss(batch, options)];
      expect(got.loss).toBeCloseTo(expected.loss, 5);
      for (const [at, g] of expected.gradient.data.entries()) expect(got.gradient.data[at]).toBeCloseTo(g, 6);
      for (const [at, g] of (expected.featureGradient?.data ?? []).entries())
        expect(got.featureGradient?.data[at]).toBeCloseTo(g, 6);
    },
  );

  it('has slope 0 where an anchor outside the list is tied with the last in it', async () => {
    const backend = await jaxBackend();
    const { batch, options } = tiedAnchor();
    const [got, expected] = [await backend.balancedLoss(batch, options), balancedLoss(batch, options)];
    for (const [at, g] of expected.gradient.data.entries()) expect(got.gradient.data[at]).toBeCloseTo(g, 6);
  });

  it('runs one program on batches of several sizes, and holds nothing afterwards', async () => {
    const backend = await jaxBackend();
    const before = backend.resources?.();
    for (const size of [3, 5, 3]) {
      const batch = largeBatch(size);
      const options = { ...resolveOptions(batch), alpha: 0.5 };
      const [got, expected] = [await backend.balancedLoss(batch, options), balancedLoss(batch, options)];
      expect(got.loss).toBeCloseTo(expected.loss, 5);
      expect(backend.resources?.()).toBe(before);
    }
    await backend.dispose?.();
    expect(backend.resources?.()).toBe(before);
  });
});
