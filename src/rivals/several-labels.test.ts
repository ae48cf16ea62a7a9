import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../backends/tfjs/index.js';
import { classRectificationLoss } from '../loss/class-rectification-loss.js';
import {
  classAwareBatches,
  classBalancedLoss,
  crossEntropyLoss,
  focalLoss,
  ldamLoss,
  logitAdjustedLoss,
  type RivalLoss,
  weightedCrossEntropyLoss,
} from './index.js';

const samples = 50;
const counts = [40, 9, 2];
/** Present, absent, unlabelled. */
const labels = [
  [1, 0, 0],
  [1, 1, 0],
  [0, 0, 1],
  [-1, 1, 0],
  [0, 0, 0],
];
const logits = [
  [1.5, -0.25, 0.5],
  [0.125, 2, -1],
  [-3, 0.75, 0.5],
  [9, -8, 1],
  [12, 0, -6],
];

/** −log of the sigmoid of z on the side that is so. */
const entropy = (y: number, z: number) => Math.log1p(Math.exp(y === 1 ? -z : z));
const missed = (y: number, z: number) => 1 / (1 + Math.exp(y === 1 ? z : -z));
/** n of the side that is so, and of the other. */
const sizes = (y: number, k: number): [number, number] => {
  const n = counts[k] as number;
  return y === 1 ? [n, samples - n] : [samples - n, n];
};
const inverse = (y: number, k: number) => samples / (2 * sizes(y, k)[0]);
const effective = (y: number, k: number, beta: number) => {
  const [own, other] = sizes(y, k).map((n) => (1 - beta) / (1 - beta ** n)) as [number, number];
  return (2 * own) / (own + other);
};
const odds = (k: number) => Math.log((counts[k] as number) / (samples - (counts[k] as number)));
const ldam = (y: number, z: number, k: number, most: number, scale: number) => {
  const [own, other] = sizes(y, k);
  const margin = most * (Math.min(own, other) / own) ** 0.25;
  return entropy(y, scale * (z + (y === 1 ? -margin : margin)));
};
const reweighted = ldamLoss({ counts, samples, maxMargin: 0.4, beta: 0.9 });
reweighted.reweight();

/** Each loss, and its formula of one label: y, z and which it is. */
const LOSSES: [string, RivalLoss, (y: number, z: number, k: number) => number][] = [
  ['cross entropy', crossEntropyLoss({ severalLabels: true }), entropy],
  ['weighted', weightedCrossEntropyLoss({ counts, samples }), (y, z, k) => inverse(y, k) * entropy(y, z)],
  ['focal', focalLoss({ severalLabels: true }), (y, z) => missed(y, z) ** 2 * entropy(y, z)],
  [
    'class-balanced focal',
    classBalancedLoss({ counts, samples, beta: 0.9, gamma: 0.5 }),
    (y, z, k) => effective(y, k, 0.9) * missed(y, z) ** 0.5 * entropy(y, z),
  ],
  [
    'logit adjustment, τ 2',
    logitAdjustedLoss({ counts, samples, tau: 2 }),
    (y, z, k) => entropy(y, z + 2 * odds(k)),
  ],
  ['LDAM', ldamLoss({ counts, samples, maxMargin: 0.4, scale: 3 }), (y, z, k) => ldam(y, z, k, 0.4, 3)],
  ['LDAM, re-weighted', reweighted, (y, z, k) => effective(y, k, 0.9) * ldam(y, z, k, 0.4, 1)],
];

function mean(rows: readonly number[][], term: (y: number, z: number, k: number) => number): number {
  const terms = rows.flatMap((row, i) =>
    row.map((z, k) => {
      const y = labels[i]?.[k] as number;
      return y < 0 ? 0 : term(y, z, k);
    }),
  );
  return terms.reduce((a, b) => a + b, 0) / rows.length;
}

describe.each(['cpu', 'wasm'])('the rivals of several labels on %s', (engine) => {
  it.each(LOSSES)('%s: its formula and its differences', async (_, loss, term) => {
    await loadEngine(engine);
    const before = tf.memory().numTensors;
    const [y, z] = [tf.tensor2d(labels), tf.tensor2d(logits)];
    const { value, grad } = tf.valueAndGrad((scores: tf.Tensor) => tf.mean(loss(y, scores)))(z);
    const expected = mean(logits, term);
    expect(value.shape).toEqual([]);
    expect(value.dataSync()[0]).toBeCloseTo(expected, 5 - Math.ceil(Math.log10(expected)));
    const step = 1e-5;
    const slopes = logits.flatMap((row, i) =>
      row.map((_, k) => {
        const moved = (by: number) =>
          logits.map((own, at) => own.map((x, c) => (at === i && c === k ? x + by : x)));
        return (mean(moved(step), term) - mean(moved(-step), term)) / (2 * step);
      }),
    );
    for (const [at, slope] of grad.dataSync().entries()) expect(slope).toBeCloseTo(slopes[at] as number, 4);
    tf.dispose([y, z, value, grad]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('begin with the cross entropy that CRL adds to', async () => {
    await loadEngine(engine);
    const known = labels.map((row) => row.map((y) => Math.max(y, 0)));
    for (const [encoding, rows, attributes] of [
      ['one-attribute', known, [3]],
      ['multi-label', labels, [2, 2, 2]],
    ] as const) {
      const own = classRectificationLoss({ attributes, encoding, alpha: 0, fromLogits: true });
      const [y, z] = [tf.tensor2d(rows as number[][]), tf.tensor2d(logits)];
      const rival = tf.mean(crossEntropyLoss({ severalLabels: true })(y, z)).dataSync()[0] as number;
      expect(tf.mean(own(y, z)).dataSync()[0]).toBeCloseTo(rival, 5);
    }
  });
});

it('refuses impossible sizes, and options that need one label per sample', () => {
  expect(() => weightedCrossEntropyLoss({ counts, samples: 40 })).toThrow(
    'options.samples: expected an integer > counts[0], 40, got 40',
  );
  expect(() => logitAdjustedLoss({ counts: [0], samples: 9 })).toThrow('counts[0]');
  expect(() => focalLoss({ severalLabels: true, alpha: [1] })).toThrow('options.alpha');
  expect(() => crossEntropyLoss({ labels: 3 } as never)).toThrow(
    'options.labels: expected one of severalLabels',
  );
});

describe('class-aware batches of samples with several labels', () => {
  const lists = [[0], [0, 1], [], [0], [1, 2], [-1]];

  it('draw all labels alike, and all samples that have one', () => {
    const batches = classAwareBatches(lists, { batchSize: 6 });
    const drawn = Array.from({ length: 60 }, () => batches.next().value).flat();
    const often = lists.map((_, i) => drawn.filter((j) => i === j).length);
    // 120 of 360 draws per label: three samples have label 0, two have 1, one has 2
    expect(often).toEqual([40, 40 + 60, 0, 40, 60 + 120, 0]);
  });

  it('refuse an invalid label, and say where it is', () => {
    expect(() => classAwareBatches([[0], [0.5]], { batchSize: 1 })).toThrow(
      'labels[1][0]: expected a class index',
    );
    expect(() => classAwareBatches([[]], { batchSize: 1 })).toThrow('labels: expected at least one labelled');
  });
});
