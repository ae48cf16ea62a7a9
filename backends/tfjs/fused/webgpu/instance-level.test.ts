import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type BalancedOptions,
  type Batch,
  balancedLoss,
  type Comparison,
  type Encoding,
} from '../../../../spec/index.js';
import { GpuLimitError } from '../../engines/errors.js';
import { loadEngine } from '../../engines/index.js';
import { tensorLoss } from '../../tensor-loss.js';
import { featureTensor, labelTensor, scoreTensor } from '../../tensors.js';
import { fusedBackend } from '../backend.js';
import { layOutAnchors } from './layout.js';
import { deviceLimits } from './shader.js';
import { batchOf, type Features, optionsOf, step, withLimits } from './walk.test-helper.js';

const absent = await loadEngine('webgpu').then(
  () => undefined,
  (error: Error) => error.message,
);

const ENCODINGS = ['categorical', 'multi-label', 'one-attribute'] as const;
const COMPARISONS = ['relative', 'absolute', 'distribution'] as const;
const INSTANCE = { level: 'instance', range: [0, 5] } as const;

describe.skipIf(absent)(`instance level fused on webgpu${absent ? `, skipped: ${absent}` : ''}`, () => {
  beforeAll(async () => {
    await loadEngine('webgpu');
  });

  /** Checks the backend against the specification, and returns the largest derivative of a feature. */
  async function agrees(batch: Batch, options: BalancedOptions) {
    const backend = await fusedBackend({ engine: 'webgpu' });
    const [got, expected] = [await backend.balancedLoss(batch, options), balancedLoss(batch, options)];
    expect(got.statistics).toEqual(expected.statistics);
    expect(got.rectification).toBeCloseTo(expected.rectification, 5);
    expect(got.loss).toBeCloseTo(expected.loss, 5);
    expect(got.featureGradient?.shape).toEqual(expected.featureGradient?.shape);
    for (const name of ['gradient', 'featureGradient'] as const) {
      const slopes = expected[name]?.data ?? [];
      for (const [at, g] of slopes.entries()) expect(got[name]?.data[at]).toBeCloseTo(g, 6);
    }
    return Math.max(...(expected.featureGradient?.data ?? []));
  }

  it('is among the levels', async () => {
    expect((await fusedBackend({ engine: 'webgpu' })).supports.levels).toEqual(['class', 'instance']);
  });

  it.each<[Encoding, boolean, Comparison, Features, number]>([
    ['categorical', false, 'relative', 'shared', 7],
    ['categorical', true, 'distribution', 'one per attribute', 8],
    ['categorical', true, 'absolute', 'shared', 7],
    ['multi-label', false, 'relative', 'one per attribute', 6],
    ['multi-label', false, 'distribution', 'shared', 7],
    ['one-attribute', false, 'absolute', 'shared', 6],
    ['one-attribute', true, 'distribution', 'shared', 8],
  ])(
    'takes a step on %s data (logits: %s), %s, features %s, with %i programs',
    async (encoding, logits, comparison, features, most) => {
      const batch = batchOf(encoding, 40, logits, features);
      const options = optionsOf(batch, { ...INSTANCE, comparison });
      const { loss, gradients, programs } = await step(batch, options);
      expect(programs).toBe(most);
      expect((await step(batch, options, 'perSample')).programs).toBe(most + 1);
      const expected = balancedLoss(batch, options);
      expect(loss).toBeCloseTo(expected.loss, 5);
      const slopes = [expected.gradient, expected.featureGradient];
      expect(gradients.map(({ length }) => length)).toEqual(slopes.map((each) => each?.data.length));
      for (const [which, each] of slopes.entries())
        for (const [at, g] of (each?.data ?? []).entries()) expect(gradients[which]?.[at]).toBeCloseTo(g, 6);
    },
  );

  it('gives the same bits every time', async () => {
    for (const comparison of COMPARISONS) {
      const batch = batchOf('one-attribute', 200, false, 'shared');
      const options = optionsOf(batch, { ...INSTANCE, comparison, kappa: 20 });
      const first = await step(batch, options);
      for (let run = 0; run < 3; run++) expect(await step(batch, options)).toEqual(first);
    }
  });

  it.each<[string, number, Partial<BalancedOptions>]>([
    ['κ 3', 70, { kappa: 3 }],
    ['κ past every class', 90, { kappa: 1000 }],
    ['more pairs of a sample than are taken up at once', 150, { kappa: 70 }],
    ['two nodes', 60, { bins: 2 }],
    ['one sample', 1, {}],
  ])('agrees with the specification: %s', async (_, size, choices) => {
    for (const encoding of ENCODINGS) {
      for (const comparison of COMPARISONS) {
        const batch = batchOf(encoding, size, false, 'shared');
        const most = await agrees(batch, optionsOf(batch, { ...INSTANCE, comparison, ...choices }));
        // where the few hardest negatives are all nearer than the few hardest positives, L is 1 and the gradient 0
        const mayBeFlat = size === 1 || (comparison === 'distribution' && choices.kappa === 3);
        if (!mayBeFlat) expect(most).toBeGreaterThan(1e-5);
      }
    }
  });

  it('agrees with the specification where blocks of anchors take turns', async () => {
    for (const features of ['shared', 'one per attribute'] as const) {
      const batch = batchOf('multi-label', 100, false, features);
      const options = optionsOf(batch, INSTANCE);
      const shape = [features === 'shared' ? 1 : 3, 100, 20] as const;
      const { groups, slots, chosenWords } = layOutAnchors(batch, options, shape, deviceLimits());
      expect(4 * groups).toBe(slots);
      // room for 9 of 39 blocks
      const words = chosenWords - (groups - 9) * 4 * 100;
      await withLimits({ maxStorageBufferBindingSize: 4 * words + 5 }, async () => {
        expect(layOutAnchors(batch, options, shape, deviceLimits()).groups).toBe(9);
        await agrees(batch, options);
      });
      await withLimits({ maxStorageBufferBindingSize: 4 * (words - 8 * 4 * 100) - 4 }, async () => {
        await expect(agrees(batch, options)).rejects.toThrow(GpuLimitError);
        await expect(agrees(batch, options)).rejects.toThrow('program neighbours');
      });
    }
  });

  it('agrees with the specification where workgroups are folded', async () => {
    await withLimits({ maxComputeWorkgroupsPerDimension: 7 }, async () => {
      for (const encoding of ENCODINGS) {
        const batch = batchOf(encoding, 90, true, 'shared');
        await agrees(batch, optionsOf(batch, INSTANCE));
      }
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e30])(
    'has a loss of NaN where the square of a feature is not finite: %d',
    async (bad) => {
      const batch = batchOf('categorical', 30, false, 'shared');
      const matrix = batch.features?.matrices[0];
      matrix?.set(11, 3, bad); // of no class of the second attribute
      expect((await step(batch, optionsOf(batch, INSTANCE))).loss).toBeNaN();
    },
  );

  it('accepts integer features', async () => {
    const batch = batchOf('one-attribute', 30, false, 'shared');
    const lossOf = tensorLoss(batch, optionsOf(batch, INSTANCE));
    const [labels, scores] = [labelTensor(batch), scoreTensor(batch)];
    const whole = tf.tidy(() => tf.cast(tf.mul(featureTensor(batch) as tf.Tensor, 6), 'int32'));
    const losses = [whole, tf.cast(whole, 'float32')].map((features) => lossOf(labels, scores, features));
    const [asGiven, asFloats] = await Promise.all(losses.map(async (loss) => (await loss.data())[0]));
    expect(asGiven).toBeGreaterThan(0);
    expect(asGiven).toBe(asFloats);
  });
});
