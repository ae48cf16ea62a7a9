import * as tf from '@tensorflow/tfjs';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type BalancedOptions,
  type Batch,
  type BatchInput,
  balancedLoss,
  type Comparison,
  createBatch,
  crossEntropy,
  crossEntropyGradient,
  type Encoding,
  type Level,
  type OptionsInput,
  resolveOptions,
} from '../../spec/index.js';
import { featureTensor, labelTensor, scoreTensor } from './backend.js';
import { fusedLoss } from './fused/loss.js';
import { graphLoss } from './graph/loss.js';
import { loadEngine, settleEngine, tensorLoss } from './index.js';
import type { DeviceFindings } from './walk.js';

const LOSSES = { graph: graphLoss, fused: fusedLoss, 'of the engine': tensorLoss } as const;

const absent = await loadEngine('webgpu').then(
  () => undefined,
  (error: Error) => error.message,
);

const N = 13;
const CATEGORICAL = [3, 2];
const WIDTH = 5;

interface Kind {
  readonly encoding: Encoding;
  readonly fromLogits: boolean;
  readonly level: Level;
  readonly comparison: Comparison;
  /** Whether each attribute has features of its own. */
  readonly perAttribute: boolean;
}

/** Some samples are unlabelled for one attribute, the first one for all of them. */
function inputOf({ encoding, fromLogits, level, perAttribute }: Kind): BatchInput {
  const attributes =
    encoding === 'categorical' ? CATEGORICAL : encoding === 'multi-label' ? Array(WIDTH).fill(2) : [WIDTH];
  const samples = Array.from({ length: N }, (_, i) => i);
  const unlabelled = encoding === 'one-attribute' ? 0 : -1;
  const labelOf = (i: number, s: number) => {
    if (i === 0 || (i + s) % 6 === 5) return unlabelled;
    return encoding === 'categorical' ? (s === 0 ? i % 3 : +(i % 4 === 1)) : +((i * (s + 3)) % 5 < 2);
  };
  const matrix = (j: number) =>
    samples.map((i) =>
      Array.from({ length: 4 }, (_, t) => Math.fround(Math.sin(13 * i + 79 * t + 7 * j) / 2)),
    );
  return {
    attributes,
    encoding,
    fromLogits,
    labels: samples.map((i) =>
      Array.from({ length: encoding === 'categorical' ? CATEGORICAL.length : WIDTH }, (_, s) =>
        labelOf(i, s),
      ),
    ),
    scores: samples.map((i) =>
      Array.from({ length: WIDTH }, (_, s) => ((i * (37 + s) + 3 * s + 1) % 61) / 64),
    ),
    ...(level === 'instance'
      ? { features: perAttribute ? attributes.map((_, j) => matrix(j)) : matrix(0) }
      : {}),
  } as BatchInput;
}

function optionsOf(batch: Batch, { level, comparison }: Kind, alpha: number): BalancedOptions {
  const choices: OptionsInput = {
    level,
    comparison,
    kappa: 2,
    rho: 0.75,
    ...(level === 'instance' ? { range: [0, 3] } : {}),
  };
  return { ...resolveOptions(batch, choices), alpha };
}

/** Sample i alone: its cross entropy is ce_i. */
function alone({ features: _, labels, scores, ...rest }: BatchInput, i: number): Batch {
  const row = <T>(rows: unknown) => [(rows as T[])[i]];
  return createBatch({ ...rest, labels: row(labels), scores: row(scores) } as BatchInput);
}

/** From the specification: the n losses, and the derivatives of Σ δ_i·loss_i. */
function expectedOf(input: BatchInput, batch: Batch, options: BalancedOptions, delta: readonly number[]) {
  const { alpha } = options;
  const crl = balancedLoss(batch, { ...options, alpha: 1 });
  const samples = delta.map((_, i) => alone(input, i));
  const total = delta.reduce((a, b) => a + b, 0);
  const entropySlopes = samples.flatMap((sample, i) =>
    Array.from(crossEntropyGradient(sample).data, (slope) => (1 - alpha) * (delta[i] as number) * slope),
  );
  const shared = (gradient: ArrayLike<number>) => Array.from(gradient, (slope) => alpha * total * slope);
  const ofScores = shared(crl.gradient.data).map((slope, at) => slope + (entropySlopes[at] as number));
  return {
    losses: samples.map((sample) => alpha * crl.rectification + (1 - alpha) * crossEntropy(sample)),
    gradients: [ofScores, ...(crl.featureGradient ? [shared(crl.featureGradient.data)] : [])],
  };
}

/** Features as a caller has them: n×d if they are shared, else J×n×d. */
function featuresOf(batch: Batch): tf.Tensor[] {
  const stacked = featureTensor(batch);
  if (!stacked) return [];
  return [batch.features?.perAttribute ? stacked : tf.squeeze(stacked, [0])];
}

const deltaOf = (of: (i: number) => number) => Array.from({ length: N }, (_, i) => of(i));
const SOME_ZERO = deltaOf((i) => (i % 3 === 0 ? 0 : (i % 5) / 4));
/** Upstream derivatives of the n losses, and α of the step. */
const DELTAS: readonly (readonly [delta: readonly number[], alpha: number])[] = [
  [deltaOf(() => 1 / N), 0.5], // of a mean
  [SOME_ZERO, 0.5],
  [deltaOf((i) => Math.fround(Math.cos(2 * i))), 0.75],
  [deltaOf(() => 0), 0.5],
  [SOME_ZERO, 0],
  [SOME_ZERO, 1],
];

const KINDS: Kind[] = (['categorical', 'multi-label', 'one-attribute'] as const).flatMap((encoding) =>
  [false, true].flatMap((fromLogits) => [
    { encoding, fromLogits, level: 'class', comparison: 'relative', perAttribute: false } as const,
    { encoding, fromLogits, level: 'class', comparison: 'distribution', perAttribute: false } as const,
    { encoding, fromLogits, level: 'instance', comparison: 'absolute', perAttribute: false } as const,
    { encoding, fromLogits, level: 'instance', comparison: 'relative', perAttribute: true } as const,
  ]),
);

function expectClose(got: ArrayLike<number>, expected: readonly number[]): void {
  expect(got.length).toBe(expected.length);
  for (const [at, value] of expected.entries()) expect(got[at]).toBeCloseTo(value, 5);
}

describe.each(['cpu', 'wasm', 'webgpu'] as const)('one loss per sample on %s', (engine) => {
  const run = engine === 'webgpu' && absent ? describe.skip : describe;
  beforeEach(() => loadEngine(engine));

  run.each(['graph', 'fused'] as const)('%s', (name) => {
    // the graph is some hundred launches per step there, and software takes its time for each
    const kinds = engine === 'webgpu' && name === 'graph' ? KINDS.slice(4, 8) : KINDS;
    it.each(kinds)('is the specification’s, and so is its derivative, for any δ: %o', async (kind) => {
      const input = inputOf(kind);
      const batch = createBatch(input);
      const [labels, scores, features] = [labelTensor(batch), scoreTensor(batch), featuresOf(batch)];
      // made with another α: that of the step overrides it
      const lossOf = LOSSES[name](batch, optionsOf(batch, kind, 0.125)).perSample;
      for (const [delta, alpha] of DELTAS) {
        const expected = expectedOf(input, batch, optionsOf(batch, kind, alpha), delta);
        const { value, grads } = tf.valueAndGrads(
          (...[x, f]: tf.Tensor[]) => lossOf(labels, x as tf.Tensor, f, alpha) as never,
        )([scores, ...features], tf.tensor1d([...delta]) as never);
        const read = await Promise.all([value, ...grads].map((t) => t.data()));
        await settleEngine();
        expect((value as tf.Tensor).shape).toEqual([N]);
        expectClose(read[0] as Float32Array, expected.losses);
        expect(grads.map(({ shape }) => shape)).toEqual([scores, ...features].map(({ shape }) => shape));
        expect(read.length).toBe(1 + expected.gradients.length);
        expected.gradients.forEach((slopes, at) => {
          expectClose(read[at + 1] as Float32Array, slopes);
        });
      }
    });
  });

  run('', () => {
    const kind = {
      encoding: 'categorical',
      fromLogits: true,
      level: 'class',
      comparison: 'relative',
      perAttribute: false,
    } as const;
    const batch = createBatch(inputOf(kind));
    const options = optionsOf(batch, kind, 0.5);

    it('has the mean L, and shows an observer what the scalar form shows', async () => {
      const seen: Record<string, number>[] = [];
      const reads: Promise<void>[] = [];
      const observe = (found: DeviceFindings) => {
        const kept = Object.entries(found).map(
          ([key, t]) => [key, tf.keep((t as tf.Tensor).clone())] as const,
        );
        reads.push(
          Promise.all(kept.map(async ([key, t]) => [key, Array.from(await t.data())] as const)).then(
            (all) => {
              seen.push(
                Object.fromEntries(
                  all.filter(
                    ([key]) =>
                      key in
                      {
                        loss: 1,
                        rectification: 1,
                        crossEntropy: 1,
                        sizes: 1,
                        surviving: 1,
                        anchors: 1,
                        triplets: 1,
                      },
                  ),
                ) as never,
              );
            },
          ),
        );
      };
      const lossOf = tensorLoss(batch, options, observe);
      const [labels, scores] = [labelTensor(batch), scoreTensor(batch)];
      const [total, mean] = [lossOf(labels, scores), tf.mean(lossOf.perSample(labels, scores))];
      const [[L], [average]] = (await Promise.all([total.data(), mean.data()])) as [
        Float32Array,
        Float32Array,
      ];
      await Promise.all(reads);
      expect(average).toBeCloseTo(L as number, 6);
      expect(L).toBeCloseTo(balancedLoss(batch, options).loss, 5);
      expect(seen[1]).toEqual(seen[0]);
      expect(Object.keys(seen[0] ?? {})).toHaveLength(7);
    });

    it('weighs samples through plain tfjs: the mean of w·loss, differentiated within a model’s step', async () => {
      const lossOf = tensorLoss(batch, options).perSample;
      const w = tf.tensor1d(SOME_ZERO);
      const labels = labelTensor(batch);
      const slope = tf.grad((x: tf.Tensor) => tf.mean(tf.mul(w, lossOf(labels, x))).asScalar())(
        scoreTensor(batch),
      );
      const expected = expectedOf(
        inputOf(kind),
        batch,
        options,
        SOME_ZERO.map((each) => each / N),
      );
      expectClose(await slope.data(), expected.gradients[0] as number[]);
    });

    it('leaves no tensor behind', async () => {
      const lossOf = tensorLoss(batch, options).perSample;
      const [labels, scores] = [labelTensor(batch), scoreTensor(batch)];
      const step = async () => {
        const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => lossOf(labels, x) as never)(
          scores,
          tf.ones([N]) as never,
        );
        await (grad as tf.Tensor).data();
        tf.dispose([value as tf.Tensor, grad as tf.Tensor]);
      };
      await step();
      const before = tf.memory().numTensors;
      await step();
      // the ones of the upstream derivative are the caller’s
      expect(tf.memory().numTensors).toBe(before + 1);
    });

    it.each([Number.NaN, Number.POSITIVE_INFINITY])(
      'has no finite mean where a score is %d, or refuses it',
      async (bad) => {
        for (const make of Object.values(LOSSES)) {
          const scores = tf.tensor2d(Float32Array.from(batch.scores.data).with(7, bad), [N, WIDTH]);
          const mean = await (async () =>
            tf.mean(make(batch, options).perSample(labelTensor(batch), scores)).data())().then(
            ([x]) => x as number,
            (error: Error) => error.message,
          );
          if (typeof mean === 'string') expect(mean).toContain('scores[1][2]');
          else expect(mean).toBeNaN();
        }
      },
    );
  });
});
