import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSuite } from '../../../properties/index.js';
import {
  type BalancedOptions,
  type Batch,
  balancedLoss,
  type Comparison,
  createBatch,
  type Encoding,
  resolveOptions,
} from '../../../spec/index.js';
import type { LoadedEngine } from '../engines/engine.js';
import { loadEngine, settleEngine } from '../engines.js';
import { fusedBackend } from '../fused-backend.js';
import { tensorLoss } from '../tensor-loss.js';
import { labelTensor, scoreTensor } from '../tensors.js';
import type { DeviceLimits } from './limits.js';

const absent = await loadEngine('webgpu').then(
  () => undefined,
  (error: Error) => error.message,
);

/** Two cubes and a step: scores on a lattice, classes of every size. */
function batchOf(encoding: Encoding, size: number, fromLogits = false): Batch {
  const attributes = encoding === 'categorical' ? [3, 2] : encoding === 'multi-label' ? [2, 2, 2] : [5];
  const width = encoding === 'multi-label' ? 3 : 5;
  const cells = Array.from({ length: size }, (_, i) => i);
  return createBatch({
    attributes,
    encoding,
    fromLogits,
    labels: cells.map((i) => {
      if (encoding === 'categorical') return [(i % 7) % 3, i % 11 === 0 ? -1 : +(i % 3 === 0)];
      return Array.from({ length: width }, (_, s) => +((i * (s + 3)) % 10 < s + 1));
    }),
    scores: cells.map((i) => Array.from({ length: width }, (_, s) => ((i * (37 + s)) % 61) / 64)),
  });
}

function optionsOf(batch: Batch, choices: Partial<BalancedOptions> = {}): BalancedOptions {
  return { ...resolveOptions(batch), alpha: 0.5, ...choices };
}

describe.skipIf(absent)(`fused on webgpu${absent ? `, skipped: ${absent}` : ''}`, () => {
  let engine: LoadedEngine;
  beforeAll(async () => {
    engine = await loadEngine('webgpu');
  });

  /** L and its derivative as training takes them, and how many programs ran. */
  async function step(batch: Batch, options: BalancedOptions) {
    const lossOf = tensorLoss(batch, options);
    const [labels, scores] = [labelTensor(batch), scoreTensor(batch)];
    const before = engine.dispatches?.() as number;
    const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => lossOf(labels, x) as tf.Scalar)(scores);
    const programs = (engine.dispatches?.() as number) - before;
    const found = { loss: (await value.data())[0] as number, gradient: Array.from(await grad.data()) };
    await settleEngine();
    tf.dispose([labels, scores, value, grad]);
    return { ...found, programs };
  }

  // the last program is tfjs's: the derivative times that of what follows L
  it.each<[Encoding, boolean, Comparison, number]>([
    ['categorical', false, 'relative', 7],
    ['categorical', true, 'relative', 7],
    ['multi-label', false, 'relative', 6],
    ['one-attribute', true, 'absolute', 7],
    ['categorical', false, 'absolute', 7],
    ['categorical', true, 'distribution', 8],
  ])(
    'takes a step on %s data (logits: %s), %s, with %i programs',
    async (encoding, logits, comparison, most) => {
      const batch = batchOf(encoding, 40, logits);
      const options = optionsOf(batch, { comparison });
      const { loss, gradient, programs } = await step(batch, options);
      expect(programs).toBe(most);
      const expected = balancedLoss(batch, options);
      expect(expected.statistics.triplets).toBeGreaterThan(0);
      expect(loss).toBeCloseTo(expected.loss, 5);
      for (const [at, g] of expected.gradient.data.entries()) expect(gradient[at]).toBeCloseTo(g, 6);
    },
  );

  it('gives the same bits every time', async () => {
    const batch = batchOf('one-attribute', 300);
    for (const comparison of ['relative', 'absolute', 'distribution'] as const) {
      const options = optionsOf(batch, { comparison, kappa: 20 });
      const first = await step(batch, options);
      for (let run = 0; run < 3; run++) expect(await step(batch, options)).toEqual(first);
    }
  });

  it.each<[string, number, Partial<BalancedOptions>]>([
    ['κ past every class', 200, { kappa: 1000 }],
    ['more samples than a workgroup’s memory holds', 1025, { kappa: 9 }],
    ['more nodes than a workgroup’s memory holds', 60, { comparison: 'distribution', bins: 1000 }],
    ['two nodes', 60, { comparison: 'distribution', bins: 2 }],
    ['one sample', 1, {}],
  ])('agrees with the specification: %s', async (_, size, choices) => {
    const backend = await fusedBackend({ engine: 'webgpu' });
    for (const encoding of ['categorical', 'multi-label', 'one-attribute'] as const) {
      const batch = batchOf(encoding, size);
      const options = optionsOf(batch, choices);
      const [got, expected] = [await backend.balancedLoss(batch, options), balancedLoss(batch, options)];
      expect(got.statistics).toEqual(expected.statistics);
      expect(got.rectification).toBeCloseTo(expected.rectification, 5);
      for (const [at, g] of expected.gradient.data.entries()) expect(got.gradient.data[at]).toBeCloseTo(g, 6);
    }
  });

  // a device whose axes are so short that tfjs folds workgroups, as it does past 65,535 on others
  it.each([
    ['a square', 90],
    ['a cube', 300],
  ])('agrees with the specification where workgroups are folded into %s', async (_, size) => {
    const backend = await fusedBackend({ engine: 'webgpu' });
    const { device } = tf.backend() as unknown as { device: { limits: DeviceLimits } };
    const own = device.limits;
    const { maxStorageBufferBindingSize, maxBufferSize } = own;
    const short = { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupsPerDimension: 12 };
    Object.defineProperty(device, 'limits', { value: short, configurable: true });
    try {
      for (const encoding of ['categorical', 'multi-label', 'one-attribute'] as const) {
        for (const logits of [false, true]) {
          const batch = batchOf(encoding, size, logits);
          const options = optionsOf(batch);
          const [got, expected] = [await backend.balancedLoss(batch, options), balancedLoss(batch, options)];
          expect(got.loss).toBeCloseTo(expected.loss, 5);
          for (const [at, g] of expected.gradient.data.entries())
            expect(got.gradient.data[at]).toBeCloseTo(g, 6);
        }
      }
    } finally {
      Object.defineProperty(device, 'limits', { value: own, configurable: true });
    }
  });

  it('shows an observer what it found', async () => {
    const batch = batchOf('categorical', 40);
    const options = optionsOf(batch);
    const { statistics } = balancedLoss(batch, options);
    const kept: tf.Tensor[] = [];
    const lossOf = tensorLoss(batch, options, ({ sizes, surviving, triplets }) => {
      kept.push(...[sizes, surviving, triplets].map((t) => tf.keep(tf.clone(t))));
    });
    tf.dispose(tf.grad((x: tf.Tensor) => lossOf(labelTensor(batch), x))(scoreTensor(batch)));
    const [sizes, surviving, triplets] = await Promise.all(kept.map(async (t) => Array.from(await t.data())));
    expect(sizes).toEqual(statistics.profile.flat());
    expect(surviving).toEqual(
      statistics.profile.flatMap((own, j) =>
        own.map((_, k) => +(statistics.minority[j]?.includes(k) ?? false)),
      ),
    );
    expect(triplets).toEqual([statistics.triplets]);
    tf.dispose(kept);
  });

  it('is at class level only, and says so', async () => {
    expect((await fusedBackend({ engine: 'webgpu' })).supports.levels).toEqual(['class']);
  });

  it('passes the properties of the whole walk', async () => {
    const only = [
      'balanced-agrees',
      'balanced-gradient-agrees',
      'balanced-logits-agree',
      'balanced-at-block-edges',
    ];
    const report = await runSuite(await fusedBackend({ engine: 'webgpu' }), { runs: 20, seed: 2026, only });
    const failed = report.properties.filter(({ verdict }) => verdict !== 'passed');
    expect(failed.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
  }, 300_000);
});
