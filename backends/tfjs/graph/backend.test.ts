import type * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Batch,
  createBatch,
  formTriplets,
  mineHardSamples,
  rectificationLoss,
  resolveOptions,
  selectMinority,
} from '../../../spec/index.js';
import { tfjsBackend } from '../backend.js';
import { loadEngine } from '../index.js';

/** What the engine declares, the name that was asked for, and the largest tensor of the last graph. */
const engine = vi.hoisted(() => ({ loaded: {} as object, asked: '', largest: 0 }));

// an engine with declarations of the test's own, whose graphs are measured; it computes on the cpu
vi.mock('../engines/runner.js', async () => {
  const { profile, util } = await import('@tensorflow/tfjs-core');
  return {
    async runnerOn(asked: string) {
      engine.asked = asked;
      const run = async (graph: () => Record<string, tf.Tensor>) => {
        const { kernels, result } = await profile(graph as never);
        const sizes = kernels.flatMap(({ outputShapes }) =>
          outputShapes.map((shape) => util.sizeFromShape(shape as number[])),
        );
        engine.largest = Math.max(...sizes);
        return Object.fromEntries(
          Object.entries(result as Record<string, tf.Tensor>).map(([name, tensor]) => [
            name,
            { shape: tensor.shape, data: tensor.dataSync() },
          ]),
        );
      };
      return { loaded: engine.loaded, run };
    },
  };
});

beforeEach(async () => {
  engine.loaded = {};
  await loadEngine('cpu');
});

describe('the graph backend declares', () => {
  it('what it can do', async () => {
    const { name, supports } = await tfjsBackend();
    expect(name).toBe('tfjs');
    expect(supports).toEqual({
      encodings: ['categorical', 'multi-label', 'one-attribute'],
      levels: ['class', 'instance'],
      comparisons: ['relative', 'absolute', 'distribution'],
      anchors: ['all', 'easy'],
      gradient: true,
      precision: 'float32',
      execution: 'tensor',
      perSample: true,
      missing: { formTriplets: 'fused: the loss is summed by class and never lists a triplet' },
    });
  });

  it('its engine, by default cpu', async () => {
    expect([(await tfjsBackend()).engine, engine.asked]).toEqual(['cpu', 'cpu']);
    expect([(await tfjsBackend({ engine: 'wasm' })).engine, engine.asked]).toEqual(['wasm', 'wasm']);
  });

  it('an adapter and a count of programs if the engine has them', async () => {
    const plain = await tfjsBackend();
    expect('adapter' in plain || 'dispatches' in plain).toBe(false);
    const dispatches = () => 7;
    engine.loaded = { adapter: 'a card', dispatches };
    expect(await tfjsBackend()).toMatchObject({ adapter: 'a card', dispatches });
  });
});

describe('minority classes', () => {
  it('are found without comparing every class with every other', async () => {
    const [classes, n] = [3000, 7];
    const batch = createBatch({
      attributes: [classes, 40],
      labels: Array.from({ length: n }, (_, i) => [i < 3 ? 0 : classes - 1, 2 * (i % 3)]),
      scores: Array.from({ length: n }, () => new Array<number>(classes + 40).fill(0.5)),
    });
    const options = resolveOptions(batch, {});
    const backend = await tfjsBackend();
    expect(await backend.selectMinority?.(batch, options)).toEqual(selectMinority(batch, options));
    expect(engine.largest).toBeLessThanOrEqual((n + 1) * (classes + 40) + 1);
  });
});

describe('L_crl of given lists', () => {
  /** Two attributes; class 0 of both is mined, but of other samples; it has more members than any list. */
  const batch: Batch = createBatch({
    attributes: [2, 2],
    labels: Array.from({ length: 40 }, (_, i) => [+(i >= 15), +(i < 27)]),
    scores: Array.from({ length: 40 }, (_, i) =>
      [37, 11, 23, 7].map((step, s) => ((i * step + s) % 61) / 64),
    ),
  });

  async function given(comparison: 'relative' | 'absolute') {
    const options = resolveOptions(batch, { kappa: 3, comparison });
    const hard = mineHardSamples(batch, selectMinority(batch, options), options);
    const triplets = formTriplets(hard);
    const backend = await tfjsBackend();
    const expected = rectificationLoss(batch, hard, triplets, options);
    return { got: await backend.rectificationLoss?.(batch, hard, triplets, options), expected };
  }

  it('is the specification’s, whichever lists the anchors of a class share', async () => {
    for (const comparison of ['relative', 'absolute'] as const) {
      const { got, expected } = await given(comparison);
      expect(got?.loss).toBeCloseTo(expected.loss, 6);
      for (const [at, g] of expected.gradient.data.entries())
        expect(got?.gradient.data[at]).toBeCloseTo(g, 6);
    }
  });

  it('is computed by class in the relative comparison: no tensor grows with the number of anchors', async () => {
    const [C, P, Q] = [4, 4, 3];
    await given('relative');
    expect(engine.largest).toBe(C * (P + 2) * P * Q);
    await given('absolute');
    expect(engine.largest).toBeGreaterThan(C * (P + 2) * P * Q);
  });
});
