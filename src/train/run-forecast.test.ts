import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSchema } from '../../spec/rules.js';
import { forecast } from '../forecast/index.js';
import type { TrainConfig } from './config/config.js';
import { StepSums } from './epoch-statistics.js';
import { forecastRun } from './run-forecast.js';

beforeAll(() => tf.setBackend('cpu'));

const config = (more: object = {}) =>
  ({
    loss: { kind: 'crl', level: 'class', kappa: 2 },
    batchSize: 8,
    sampling: { kind: 'plain' },
    seed: 3,
    ...more,
  }) as unknown as TrainConfig;

const source = (labels: readonly (readonly number[])[], classes: readonly string[]) =>
  ({ records: labels.map((own) => ({ labels: own })), classes }) as never;

const single = source(
  [9, 5, 3].flatMap((count, k) => new Array<number[]>(count).fill([k])),
  ['cat', 'dog', 'emu'],
);

describe('the forecast of a run', () => {
  it('is that of its training set, loss and batches', () => {
    const given = { training: single, encoding: 'categorical' } as const;
    const found = forecastRun(config(), given, { alpha: 0.05, omega: 0.37 });
    const { classes, anchors, triplets, nothing } = forecast([9, 5, 3], { batchSize: 8, kappa: 2 });
    expect(found).toMatchObject({
      anchors: anchors.value,
      triplets: triplets.value,
      nothing: nothing.value,
      minorityShare: classes.map(({ share }) => share.value),
    });
    expect(found?.summary[1]).toContain('Ω 0.370, α 0.0500');
    const falling = forecastRun(config(), given, { alpha: 0.0099, firstAlpha: 0.5025 });
    expect(falling?.summary[1]).toContain('. α 0.5025 in the first step, 0.0099 in the last');
    const direct = forecastRun(config(), given, { alpha: 0.2 });
    expect(direct?.summary[1]).toMatch(/%: \d+( \(.*\))?\. α 0\.2000$/);
  });

  it('takes a smaller training set as one batch, and the sampler of the run', () => {
    const given = { training: single, encoding: 'categorical' } as const;
    expect(forecastRun(config({ batchSize: 64 }), given, { alpha: 0 })?.summary[0]).toContain(
      'Per batch of 17:',
    );
    const sampling = { kind: 'class-aware', by: 'class', perClass: 2 };
    const aware = forecastRun(config({ batchSize: 6, sampling }), given, { alpha: 0 });
    // two samples of each class: the first class alone holds at most half of the batch
    expect(aware?.minorityShare).toEqual([1, 0, 0]);
  });

  it('has a share for each class of a run, whatever the labels are', () => {
    const several = source([...new Array<number[]>(9).fill([0]), [0, 1], [0, 1], [1]], ['a', 'b']);
    const one = forecastRun(config(), { training: several, encoding: 'one-attribute' }, { alpha: 0 });
    const each = forecastRun(config(), { training: several, encoding: 'multi-label' }, { alpha: 0 });
    const rows = [...new Array<number[]>(9).fill([1, 0]), [1, 1], [1, 1], [0, 1]];
    const sides = forecast(rows, { batchSize: 8, kappa: 2, encoding: 'multi-label' }).classes;
    expect(one?.minorityShare).toHaveLength(2);
    expect(each?.minorityShare).toEqual([sides[1]?.share.value, sides[3]?.share.value]);
    const attributes = [
      { name: 'colour', classes: ['red', 'blue'] },
      { name: 'shape', classes: ['round', 'flat', 'long'] },
    ];
    const names = ['colour=red', 'colour=blue', 'shape=round', 'shape=flat', 'shape=long'];
    const labels = Array.from({ length: 12 }, (_, i) => (i === 3 ? [0] : [i % 2, 2 + (i % 3)]));
    const training = source(labels, names);
    const many = forecastRun(config(), { training, attributes, encoding: 'categorical' }, { alpha: 0 });
    expect(many?.minorityShare).toHaveLength(5);
  });

  it('is none for a loss that mines nothing', () => {
    const given = { training: single, encoding: 'categorical' } as const;
    expect(forecastRun(config({ loss: { kind: 'ce' } }), given, {})).toBeUndefined();
  });
});

describe('the sums of an epoch', () => {
  it('have what is held against a forecast', async () => {
    const sums = new StepSums(createSchema({ attributes: [2] }));
    for (const [anchors, triplets] of [
      [4, 24],
      [0, 0],
      [2, 0],
    ] as const) {
      const found = {
        rectification: tf.scalar(0.5),
        crossEntropy: tf.scalar(1),
        surviving: tf.tensor1d([0, anchors > 0 ? 1 : 0]),
        anchors: tf.scalar(anchors, 'int32'),
        triplets: tf.scalar(triplets, 'int32'),
      };
      sums.observe(found as never);
      const loss = tf.scalar(1);
      sums.addLoss(loss);
      tf.dispose([loss, ...Object.values(found)]);
    }
    const before = tf.memory().numTensors;
    expect(await sums.read()).toMatchObject({
      anchors: 2,
      triplets: 8,
      rectification: 0.5,
      minorityShare: [0, expect.closeTo(2 / 3, 6)],
      nothing: expect.closeTo(2 / 3, 6),
    });
    expect(tf.memory().numTensors).toBe(before);
    sums.dispose();
  });
});
