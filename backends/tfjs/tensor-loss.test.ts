import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type BalancedOptions,
  type Batch,
  balancedLoss,
  createBatch,
  formPairs,
  formTriplets,
  hingeArgument,
  histogramPlace,
  mineHardSamples,
  type OptionsInput,
  pairDistance,
  resolveOptions,
  selectMinority,
} from '../../spec/index.js';
import { featureTensor, fusedBackend, labelTensor, scoreTensor } from './backend.js';
import { fusedLoss } from './fused/loss.js';
import { graphLoss } from './graph/loss.js';
import { loadEngine } from './index.js';
import type { DeviceFindings, WeighableLoss } from './walk.js';

/** Two attributes whose classes are of unequal size, so that their numbers of triplets are. */
function batchOf(perAttribute: boolean, fromLogits: boolean): Batch {
  const labels = Array.from({ length: 14 }, (_, i) => [i < 3 ? 0 : i < 7 ? 1 : 2, i % 5 === 0 ? 1 : 0]);
  const at = (i: number, s: number) => Math.fround(0.5 + 0.45 * Math.sin(3 * i + 7 * s));
  const matrix = (j: number) => labels.map((_, i) => [0, 1, 2, 3].map((t) => at(i, 11 * j + t)));
  return createBatch({
    attributes: [3, 2],
    fromLogits,
    labels,
    scores: labels.map((_, i) => [0, 1, 2, 3, 4].map((s) => at(i, s))),
    features: perAttribute ? [matrix(0), matrix(1)] : matrix(0),
  });
}

const LOSSES: Record<string, (batch: Batch, options: BalancedOptions, observe?: never) => WeighableLoss> = {
  graph: graphLoss,
  fused: fusedLoss,
};

const COMPARISONS = ['relative', 'absolute', 'distribution'] as const;

function optionsOf(batch: Batch, input: OptionsInput, alpha = 0.4): BalancedOptions {
  return { ...resolveOptions(batch, { margin: 0.4, rho: 0.7, range: [-0.2, 0.6], ...input }), alpha };
}

describe.each(['cpu', 'wasm'] as const)('the tensor loss on %s', (engine) => {
  beforeAll(async () => {
    await fusedBackend({ engine });
  });

  describe.each(Object.keys(LOSSES))('%s', (kind) => {
    const made = LOSSES[kind] as (typeof LOSSES)[string];

    it('takes features of whole numbers as the same numbers in float32', async () => {
      const batch = batchOf(false, false);
      const lossOf = made(batch, optionsOf(batch, { level: 'instance' }));
      const [labels, scores] = [labelTensor(batch), scoreTensor(batch)];
      const whole = tf.cast(tf.mul(featureTensor(batch) as tf.Tensor, 6), 'int32');
      const [given, floats] = await Promise.all(
        [whole, tf.cast(whole, 'float32')].map((features) => lossOf(labels, scores, features).data()),
      );
      expect(given?.[0]).toBeGreaterThan(0);
      expect(given).toEqual(floats);
    });

    it.each(
      COMPARISONS.flatMap((comparison) =>
        [true, false].flatMap((perAttribute) =>
          [true, false].map((fromLogits) => ({ comparison, perAttribute, fromLogits })),
        ),
      ),
    )('has both derivatives at instance level: %o', async (choice) => {
      await loadEngine(engine);
      const batch = batchOf(choice.perAttribute, choice.fromLogits);
      const options = optionsOf(batch, { level: 'instance', comparison: choice.comparison });
      const expected = balancedLoss(batch, options);
      expect(expected.rectification).toBeGreaterThan(0);
      const features = featureTensor(batch) as tf.Tensor3D;
      const given = choice.perAttribute ? features : tf.squeeze(features, [0]);
      const lossOf = made(batch, options);
      const { value, grads } = tf.valueAndGrads(
        (s: tf.Tensor, f: tf.Tensor) => lossOf(labelTensor(batch), s, f) as tf.Scalar,
      )([scoreTensor(batch), given]);
      expect(value.dataSync()[0]).toBeCloseTo(expected.loss, 5);
      expect(grads[1]?.shape).toEqual(given.shape);
      const both = [expected.gradient, expected.featureGradient].map((a) =>
        Array.from(a?.data as Float64Array),
      );
      for (const [at, slopes] of both.entries()) {
        const got = grads[at]?.dataSync() as Float32Array;
        expect(got.length).toBe(slopes.length);
        for (const [i, slope] of slopes.entries()) expect(got[i]).toBeCloseTo(slope, 5);
      }
    });

    it.each(
      (['class', 'instance'] as const).flatMap((level) =>
        COMPARISONS.map((comparison) => ({ level, comparison })),
      ),
    )('counts active triplets and clamped distances: %o', async ({ level, comparison }) => {
      await loadEngine(engine);
      const batch = batchOf(true, false);
      // many samples are mined without a margin, so that some triplets are not active
      const options = optionsOf(batch, { level, comparison, kappa: 6, margin: level === 'class' ? 0 : 0.4 });
      const found: Record<string, number> = {};
      const observe = (parts: DeviceFindings) => {
        for (const name of ['active', 'clamped', 'pairs'] as const) {
          const part = parts[name];
          if (part) found[name] = part.dataSync()[0] as number;
        }
      };
      const lossOf = made(batch, options, observe as never);
      // twice: what one batch left behind must not be counted in the next
      for (let step = 0; step < 2; step++)
        lossOf(labelTensor(batch), scoreTensor(batch), featureTensor(batch));
      expect(found).toEqual(counted(batch, options));
    });

    it('has the α of the step, which overrides the options', async () => {
      await loadEngine(engine);
      const batch = batchOf(false, true);
      const lossOf = made(batch, optionsOf(batch, {}, 0.9));
      const slope = tf.grad((s: tf.Tensor) => lossOf(labelTensor(batch), s, undefined, 0.25) as tf.Scalar);
      const { gradient } = balancedLoss(batch, optionsOf(batch, {}, 0.25));
      const got = slope(scoreTensor(batch)).dataSync();
      for (const [i, expected] of gradient.data.entries()) expect(got[i]).toBeCloseTo(expected, 6);
    });

    it('refuses wrong shapes in both forms, before it computes anything', async () => {
      await loadEngine(engine);
      const batch = batchOf(false, false);
      let walks = 0;
      const lossOf = made(batch, optionsOf(batch, {}), (() => {
        walks += 1;
      }) as never);
      const [y, p] = [labelTensor(batch), scoreTensor(batch)];
      for (const form of [lossOf, lossOf.perSample]) {
        for (const [labels, scores, words] of [
          [y, tf.ones([14, 4]), 'scores: expected n×5 for attributes [3, 2], got 14×4'],
          [y, tf.ones([2, 7, 5]), 'scores: expected n×5 for attributes [3, 2], got 2×7×5'],
          [tf.ones([13, 5]), p, 'labels: expected 14×5, as scores has, got 13×5'],
          [tf.ones([14, 2]), p, 'labels: expected 14×5, as scores has, got 14×2'],
          [tf.ones([14, 1]), p, 'labels: expected 14×5, as scores has, got 14×1'],
          [tf.ones([0, 5]), tf.ones([0, 5]), 'scores: expected at least one row, got 0×5'],
        ] as const) {
          expect(() => form(labels, scores)).toThrow(words);
        }
      }
      expect(walks).toBe(0);
    });

    it('refuses instance level without features, or with some of another rank', async () => {
      await loadEngine(engine);
      const batch = batchOf(false, false);
      const lossOf = made(batch, optionsOf(batch, { level: 'instance' }));
      const [y, p] = [labelTensor(batch), scoreTensor(batch)];
      expect(() => lossOf(y, p)).toThrow(
        expect.objectContaining({
          code: 'features-missing',
          message: 'features: expected 14×d, or 2×14×d, at instance level, got none',
        }),
      );
      expect(() => lossOf(y, p, tf.ones([2]))).toThrow(
        expect.objectContaining({
          code: 'wrong-shape',
          message: 'features: expected 14×d, or 2×14×d, at instance level, got [2]',
        }),
      );
    });
  });
});

/** The same counts from the specification's triplets and pairs, one by one. */
function counted(batch: Batch, options: BalancedOptions): Record<string, number> {
  const hard = mineHardSamples(batch, selectMinority(batch, options), options);
  if (options.comparison === 'relative') {
    const triplets = formTriplets(hard);
    const all = Array.from({ length: triplets.shape[0] as number }, (_, t) => t);
    const active = all.filter((t) => hingeArgument(batch, triplets, t, options) > 0).length;
    expect(active).toBeLessThan(all.length);
    return { active };
  }
  if (options.comparison === 'absolute') return {};
  const { positive, negative } = formPairs(hard);
  const distances = [
    ...positive.map((pair) => pairDistance(batch, options, pair, 'positive')),
    ...negative.map((pair) => pairDistance(batch, options, pair, 'negative')),
  ];
  const clamped = distances.filter((d) => histogramPlace(d, options).outside).length;
  expect(clamped).toBeGreaterThan(0);
  return { clamped, pairs: distances.length };
}
