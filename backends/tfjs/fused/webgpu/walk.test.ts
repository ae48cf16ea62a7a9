import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSuite } from '../../../../properties/index.js';
import {
  type BalancedOptions,
  balancedLoss,
  type Comparison,
  type Encoding,
} from '../../../../spec/index.js';
import { loadEngine } from '../../engines/index.js';
import { tensorLoss } from '../../tensor-loss.js';
import { labelTensor, scoreTensor } from '../../tensors.js';
import { fusedBackend } from '../backend.js';
import { batchOf, optionsOf, step, withLimits } from './walk.test-helper.js';

const absent = await loadEngine('webgpu').then(
  () => undefined,
  (error: Error) => error.message,
);

describe.skipIf(absent)(`fused on webgpu${absent ? `, skipped: ${absent}` : ''}`, () => {
  beforeAll(async () => {
    await loadEngine('webgpu');
  });

  it.each<[Encoding, boolean, Comparison, number]>([
    ['categorical', false, 'relative', 6],
    ['categorical', true, 'relative', 6],
    ['multi-label', false, 'relative', 5],
    ['one-attribute', true, 'absolute', 6],
    ['categorical', false, 'absolute', 6],
    ['categorical', true, 'distribution', 7],
  ])(
    'takes a step on %s data (logits: %s), %s, with %i programs',
    async (encoding, logits, comparison, most) => {
      const batch = batchOf(encoding, 40, logits);
      const options = optionsOf(batch, { comparison });
      const { loss, gradients, programs } = await step(batch, options);
      expect(programs).toBe(most);
      const bySample = await step(batch, options, 'perSample');
      expect(bySample.programs).toBe(most + 1);
      expect(bySample.loss).toBeCloseTo(loss, 6);
      const expected = balancedLoss(batch, options);
      expect(expected.statistics.triplets).toBeGreaterThan(0);
      expect(loss).toBeCloseTo(expected.loss, 5);
      for (const [at, g] of expected.gradient.data.entries()) expect(gradients[0]?.[at]).toBeCloseTo(g, 6);
    },
  );

  it('gives the same bits every time', async () => {
    const batch = batchOf('one-attribute', 300);
    for (const comparison of ['relative', 'absolute', 'distribution'] as const) {
      const options = optionsOf(batch, { comparison, kappa: 20 });
      const first = await step(batch, options);
      for (let run = 0; run < 3; run++) expect(await step(batch, options)).toEqual(first);
      const bySample = await step(batch, options, 'perSample');
      expect(await step(batch, options, 'perSample')).toEqual(bySample);
      // with the upstream derivatives of a mean, also of more samples than a workgroup has lanes
      for (const [at, g] of (first.gradients[0] ?? []).entries())
        expect(bySample.gradients[0]?.[at]).toBeCloseTo(g, 7);
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

  // a device with axes so short that tfjs folds workgroups, which it does past 65,535 on others
  it.each([
    ['a square', 90],
    ['a cube', 300],
  ])('agrees with the specification where workgroups are folded into %s', async (_, size) => {
    const backend = await fusedBackend({ engine: 'webgpu' });
    await withLimits({ maxComputeWorkgroupsPerDimension: 12 }, async () => {
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
    });
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
  });
});
