import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { logitAdjustedLoss } from '../rivals/index.js';
import { readTrainConfig } from './config/config.js';
import { loadData } from './data/load-data.js';
import { trainingEngine } from './engine.js';
import { buildLoss } from './losses.js';

beforeAll(() => trainingEngine('wasm'));

const digits = { data: { kind: 'digits', most: 40, ratio: 8, validation: 4, test: 4 }, out: 'x' };

/** Labels and logits of a batch with minority classes; the same at each call. */
function batch(): [tf.Tensor2D, tf.Tensor2D] {
  const classes = [0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 0, 0];
  return [
    tf.oneHot(tf.tensor1d(classes, 'int32'), 10).toFloat() as tf.Tensor2D,
    tf.randomNormal([classes.length, 10], 0, 1, 'float32', 7) as tf.Tensor2D,
  ];
}

describe('CRL with a logit-adjusted cross entropy', () => {
  const built = async (loss: object) => {
    const config = readTrainConfig({ ...digits, loss });
    const data = await loadData(config.data, 0);
    return { data, ...buildLoss(config.loss, data, { epochs: config.epochs, stepsPerEpoch: 5 }) };
  };
  const ofBatch = (loss: (y: tf.Tensor, z: tf.Tensor) => tf.Tensor) =>
    loss(...batch()).dataSync()[0] as number;

  it('is α·L_crl + (1−α) times that cross entropy, with its derivative', async () => {
    const crl = { kind: 'crl', kappa: 2 };
    const both = await built({ ...crl, alpha: 0.3, tau: 1.5 });
    const alone = await built({ ...crl, alpha: 1 });
    const entropy = logitAdjustedLoss({ counts: both.data.counts, tau: 1.5 });
    const expected = (y: tf.Tensor, z: tf.Tensor) =>
      tf.add(tf.mul(alone.loss(y, z), 0.3), tf.mul(tf.mean(entropy(y, z)), 0.7));
    expect(ofBatch(alone.loss)).toBeGreaterThan(0);
    expect(ofBatch(both.loss)).toBeCloseTo(ofBatch(expected), 5);
    const [y, z] = batch();
    const slope = (loss: typeof expected) =>
      tf
        .grad((x: tf.Tensor) => loss(y, x) as tf.Scalar)(z)
        .dataSync();
    expect(Array.from(slope(both.loss))).toEqual(Array.from(slope(expected), (d) => expect.closeTo(d, 6)));
    expect([both.level, both.alpha]).toEqual(['class', 0.3]);
  });

  it('with τ 0 is CRL', async () => {
    const [zero, plain] = [await built({ kind: 'crl', tau: 0 }), await built({ kind: 'crl' })];
    expect(ofBatch(zero.loss)).toBeCloseTo(ofBatch(plain.loss), 6);
    expect([zero.alpha, zero.omega]).toEqual([plain.alpha, plain.omega]);
  });

  it('follows a warm-up', async () => {
    const { loss, beginStep, alpha, data } = await built({ kind: 'crl', alpha: 0.5, warmUp: 2, tau: 1 });
    const entropy = logitAdjustedLoss({ counts: data.counts });
    beginStep(0);
    expect(ofBatch(loss)).toBeCloseTo(
      ofBatch((y, z) => tf.mean(entropy(y, z))),
      5,
    );
    beginStep(10); // two epochs of five steps
    expect(ofBatch(loss)).not.toBeCloseTo(
      ofBatch((y, z) => tf.mean(entropy(y, z))),
      3,
    );
    expect(alpha).toBe(0.5);
  });

  it('follows the schedule of DCL over the epochs of the run, or over its own', async () => {
    // ten epochs of five steps by default, two of them before the schedule
    const own = { until: 0.5, floor: 0.25 };
    for (const [epochs, more] of [
      [8, {}],
      [2, { epochs: 2 }],
    ] as const) {
      const { loss, beginStep, alpha, firstAlpha, data } = await built({
        ...{ kind: 'crl', warmUp: 2, tau: 1 },
        alpha: { kind: 'dcl', ...own, ...more },
      });
      expect([firstAlpha, alpha]).toEqual([0, 0.2]);
      const entropy = logitAdjustedLoss({ counts: data.counts });
      const plain = ofBatch((y, z) => tf.mean(entropy(y, z)));
      const { loss: alone } = await built({ kind: 'crl', alpha: 1 });
      for (const step of [0, 1, epochs * 2.5 - 1, epochs * 2.5, epochs * 5, 1000].map(Math.floor)) {
        beginStep(10 + step);
        const falling = step < epochs * 2.5 ? (1 + Math.cos((Math.PI * step) / (epochs * 5))) / 2 : 0;
        const f = falling + own.floor;
        expect(ofBatch(loss)).toBeCloseTo((f * ofBatch(alone) + plain) / (1 + f), 5);
      }
    }
  });
});

describe('unit features', () => {
  let y: tf.Tensor2D;
  let z: tf.Tensor2D;
  beforeAll(() => {
    y = tf.oneHot([0, 0, 0, 0, 0, 1, 1, 1], 10).toFloat() as tf.Tensor2D;
    z = tf.randomNormal([8, 10], 0, 1, 'float32', 3);
  });
  const lossOf = async (more: object) => {
    const config = readTrainConfig({
      ...digits,
      loss: { kind: 'crl', level: 'instance', alpha: 1, ...more },
    });
    return buildLoss(config.loss, await loadData(config.data, 0)).loss;
  };

  it('are compared at length 1, however long they are', async () => {
    const [unit, plain] = [await lossOf({ unitFeatures: true }), await lossOf({})];
    const features = tf.randomNormal([8, 3], 0, 1, 'float32', 5) as tf.Tensor2D;
    const scaled = tf.mul(features, tf.tensor2d([[1], [20], [0.1], [3], [7], [1e-3], [50], [2]]));
    const normalised = tf.div(features, tf.norm(features, 'euclidean', 1, true));
    const expected = plain(y, z, normalised).dataSync()[0] as number;
    expect(expected).toBeGreaterThan(0);
    expect(unit(y, z, scaled).dataSync()[0]).toBeCloseTo(expected, 5);
    expect(plain(y, z, scaled).dataSync()[0]).not.toBeCloseTo(expected, 2);
  });

  it('of zeros stay zeros, with a derivative that is finite', async () => {
    const unit = await lossOf({ unitFeatures: true });
    const features = tf.zeros([8, 3]);
    const slope = tf
      .grad((x: tf.Tensor) => unit(y, z, x))(features)
      .dataSync();
    expect(slope.every(Number.isFinite)).toBe(true);
  });

  it.each([1e30, Number.POSITIVE_INFINITY, Number.NaN])(
    'of %d are refused: a length that overflowed would make them zeros',
    async (large) => {
      const unit = await lossOf({ unitFeatures: true });
      const features = tf.tensor2d([1, 2, 3, 4, large, 6, 7, 8], [8, 1]);
      expect(() => unit(y, z, features)).toThrow('features[4][0]: expected a finite number, got NaN');
    },
  );

  it('are refused at class level', () => {
    const loss = { kind: 'crl', unitFeatures: true };
    expect(() => readTrainConfig({ ...digits, loss })).toThrow(
      'loss.unitFeatures: expected none at class level',
    );
  });
});
