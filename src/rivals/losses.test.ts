import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../backends/tfjs/index.js';
import {
  classBalancedLoss,
  crossEntropyLoss,
  effectiveNumberWeights,
  focalLoss,
  inverseFrequencyWeights,
  ldamLoss,
  logitAdjustedLoss,
  type RivalLoss,
  weightedCrossEntropyLoss,
} from './index.js';

const counts = [40, 9, 2];
/** True classes; −1 is unlabelled. */
const classes = [0, 2, 1, 0, -1, 2];
const logits = [
  [1.5, -0.25, 0.5],
  [0.125, 2, -1],
  [-3, 0.75, 0.5],
  [9, -8, 1], // almost certain, and right
  [1, 2, 3],
  [12, 0, -6], // almost certain, and wrong
];

/** log p_k of a row. */
function logSoftmax(z: readonly number[]): number[] {
  const most = Math.max(...z);
  const total = Math.log(z.reduce((sum, x) => sum + Math.exp(x - most), 0));
  return z.map((x) => x - most - total);
}

/** (1/n) Σ of a term of each labelled sample, which is given its class and logits. */
function mean(rows: readonly number[][], term: (y: number, z: number[]) => number): number {
  return (
    rows.reduce((sum, z, i) => sum + ((classes[i] as number) < 0 ? 0 : term(classes[i] as number, z)), 0) /
    rows.length
  );
}

const entropy = (y: number, z: readonly number[]) => -(logSoftmax(z)[y] as number);
const focal = (y: number, z: readonly number[], gamma: number) =>
  entropy(y, z) * logSoftmax(z).reduce((rest, l, k) => rest + (k === y ? 0 : Math.exp(l)), 0) ** gamma;
const effective = (k: number, beta: number) => {
  const raw = counts.map((n) => (1 - beta) / (1 - beta ** n));
  return (3 * (raw[k] as number)) / raw.reduce((a, b) => a + b);
};
const ldam = (y: number, z: readonly number[], scale: number) =>
  entropy(
    y,
    z.map((x, k) => scale * (k === y ? x - 0.4 * (2 / (counts[y] as number)) ** 0.25 : x)),
  );
const reweighted = ldamLoss({ counts, maxMargin: 0.4, beta: 0.9 });
reweighted.reweight();

/** Each loss, and its formula from plain numbers. */
const LOSSES: [string, RivalLoss, (y: number, z: number[]) => number][] = [
  ['cross entropy', crossEntropyLoss(), entropy],
  [
    'weighted',
    weightedCrossEntropyLoss({ counts }),
    (y, z) => (51 / (3 * (counts[y] as number))) * entropy(y, z),
  ],
  ['focal', focalLoss(), (y, z) => focal(y, z, 2)],
  ['focal, γ 0', focalLoss({ gamma: 0 }), entropy],
  ['focal, γ ½, α', focalLoss({ gamma: 0.5, alpha: [1, 2, 3] }), (y, z) => (y + 1) * focal(y, z, 0.5)],
  ['class-balanced', classBalancedLoss({ counts }), (y, z) => effective(y, 0.9999) * entropy(y, z)],
  [
    'class-balanced focal',
    classBalancedLoss({ counts, beta: 0.9, gamma: 1.5 }),
    (y, z) => effective(y, 0.9) * focal(y, z, 1.5),
  ],
  [
    'logit adjustment',
    logitAdjustedLoss({ counts }),
    (y, z) =>
      entropy(
        y,
        z.map((x, k) => x + Math.log((counts[k] as number) / 51)),
      ),
  ],
  [
    'logit adjustment, τ 2',
    logitAdjustedLoss({ counts, tau: 2 }),
    (y, z) =>
      entropy(
        y,
        z.map((x, k) => x + 2 * Math.log((counts[k] as number) / 51)),
      ),
  ],
  ['LDAM', ldamLoss({ counts, maxMargin: 0.4, scale: 3 }), (y, z) => ldam(y, z, 3)],
  ['LDAM, re-weighted', reweighted, (y, z) => effective(y, 0.9) * ldam(y, z, 1)],
];

/** Central differences of the formula, in float64. */
function differences(term: (y: number, z: number[]) => number): number[] {
  const step = 1e-5;
  return logits.flatMap((row, i) =>
    row.map((_, k) => {
      const moved = (by: number) =>
        logits.map((z, at) => z.map((x, c) => (at === i && c === k ? x + by : x)));
      return (mean(moved(step), term) - mean(moved(-step), term)) / (2 * step);
    }),
  );
}

describe.each(['cpu', 'wasm'])('the rivals on %s', (engine) => {
  it.each(LOSSES)('%s: its formula and its differences', async (_, loss, term) => {
    await loadEngine(engine);
    const before = tf.memory().numTensors;
    const [y, z] = [labels(), tf.tensor2d(logits)];
    const { value, grad } = tf.valueAndGrad((scores: tf.Tensor) => tf.mean(loss(y, scores)))(z);
    const expected = mean(logits, term);
    expect(value.shape).toEqual([]);
    expect(value.dataSync()[0]).toBeCloseTo(expected, 5 - Math.ceil(Math.log10(expected)));
    const slopes = differences(term);
    for (const [at, slope] of grad.dataSync().entries()) expect(slope).toBeCloseTo(slopes[at] as number, 5);
    tf.dispose([y, z, value, grad]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('train a model', async () => {
    await loadEngine(engine);
    const [y, x] = [labels(), tf.tensor2d(logits)];
    for (const [, loss] of LOSSES) {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({
            units: 3,
            inputShape: [3],
            kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }),
          }),
        ],
      });
      model.compile({ optimizer: tf.train.adam(0.05), loss });
      const { history } = await model.fit(x, y, { epochs: 30, batchSize: 6, shuffle: false, verbose: 0 });
      expect(history.loss?.at(-1)).toBeLessThan(0.9 * (history.loss?.[0] as number));
      model.dispose();
    }
    tf.dispose([x, y]);
  });

  it('stay finite far from 0', async () => {
    await loadEngine(engine);
    const far = tf.tensor2d([
      [500, -500, 0],
      [-500, 500, 0],
    ]);
    const y = tf.tensor2d([
      [1, 0, 0],
      [1, 0, 0],
    ]);
    for (const [name, loss] of LOSSES) {
      const { value, grad } = tf.valueAndGrad((z: tf.Tensor) => tf.mean(loss(y, z)))(far);
      expect([...value.dataSync(), ...grad.dataSync()].every(Number.isFinite), name).toBe(true);
    }
  });
});

function labels(): tf.Tensor2D {
  return tf.tensor2d(classes.map((y) => counts.map((_, k) => (k === y ? 1 : 0))));
}

describe('class weights', () => {
  it('by inverse frequency weigh a training sample 1 on average', () => {
    const weights = inverseFrequencyWeights(counts);
    expect(weights.reduce((sum, w, k) => sum + w * (counts[k] as number), 0)).toBeCloseTo(51, 12);
    expect(weights[2]).toBe(8.5);
  });

  it('by effective number go from alike to inverse frequency', () => {
    expect(effectiveNumberWeights(counts, 0)).toEqual([1, 1, 1]);
    const [first, , last] = effectiveNumberWeights(counts, 1 - 1e-9) as [number, number, number];
    expect(last / first).toBeCloseTo(20, 4);
  });
});

it('refuses bad options, and says where', () => {
  expect(() => weightedCrossEntropyLoss({ counts: [3, 0] })).toThrow(
    'counts[1]: expected an integer ≥ 1, got 0',
  );
  expect(() => logitAdjustedLoss({ counts: [] })).toThrow('counts: expected a count for each class, got []');
  expect(() => classBalancedLoss({ counts, beta: 1 })).toThrow(
    'options.beta: expected a number in [0, 1), got 1',
  );
  expect(() => focalLoss({ gamma: -1 })).toThrow('options.gamma: expected a finite number ≥ 0, got -1');
  expect(() => focalLoss({ alpha: [1, Number.NaN] })).toThrow('options.alpha[1]');
  expect(() => focalLoss({ alpha: 0.25 } as never)).toThrow(
    'options.alpha: expected an array, one number ≥ 0 per class, got 0.25',
  );
  for (const loss of [focalLoss, crossEntropyLoss]) {
    expect(() => loss({ severalLabels: 'yes' } as never)).toThrow(
      'options.severalLabels: expected true or false, got "yes"',
    );
  }
  expect(() => logitAdjustedLoss({ counts, tau: Number.POSITIVE_INFINITY })).toThrow('options.tau');
  expect(() => ldamLoss({ counts, scale: 0 })).toThrow('options.scale: expected a finite number > 0, got 0');
  expect(() => ldamLoss({ counts, margin: 1 } as never)).toThrow('options.margin: expected one of counts');
});
