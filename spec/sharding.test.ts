import { describe, expect, it } from 'vitest';
import {
  type BatchInput,
  createBatch,
  perReplicaLoss,
  resolveOptions,
  shardBatch,
  wholeBatch,
} from './index.js';

const scores = [
  [0.75, 0.25],
  [0.5, 0.5],
  [0.25, 0.75],
];
const GIVEN = { attributes: [2], labels: [[0], [1], [1]], scores } satisfies BatchInput;
const batchOf = (more: Partial<BatchInput> = {}) => createBatch({ ...GIVEN, ...more });
const features = [
  [1, 2],
  [3, 4],
  [5, 6],
];

describe('shards', () => {
  it('hold their own rows of features, shared or by attribute, and one may be empty', () => {
    for (const [given, matrices] of [
      [features, 1],
      [[features], 1],
    ] as const) {
      const [first, empty, last] = shardBatch(batchOf({ features: given as never }), [1, 0, 2]);
      expect(first?.features?.matrices.map(({ shape }) => shape)).toEqual(new Array(matrices).fill([1, 2]));
      expect(empty?.features?.matrices[0]?.shape).toEqual([0, 2]);
      expect(last?.features?.matrices[0]?.get(0, 1)).toBe(4);
    }
  });

  it('that are put together are the batch again, whichever of them are empty', () => {
    const batch = batchOf({ features });
    for (const sizes of [
      [0, 3],
      [3, 0],
      [1, 0, 2],
    ]) {
      const again = wholeBatch(shardBatch(batch, sizes));
      expect([...again.scores.data]).toEqual([...batch.scores.data]);
      expect([...(again.features?.matrices[0]?.data ?? [])]).toEqual(features.flat());
    }
  });

  it.each<[string, Partial<BatchInput>, Partial<BatchInput>]>([
    [
      'encoding and numbers of classes',
      {},
      {
        encoding: 'one-attribute',
        labels: [
          [1, 0],
          [1, 1],
          [0, 1],
        ],
      },
    ],
    [
      'encoding and numbers of classes',
      {},
      {
        attributes: [3],
        scores: [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ],
      },
    ],
    ['kind of scores', {}, { fromLogits: true }],
    ['kind of scores', { features }, { features, scores: undefined as never }],
    ['shape of features', { features }, {}],
    ['shape of features', { features }, { features: [[1], [2], [3]] }],
    ['shape of features', { features }, { features: [features] }],
  ])('that differ in %s are refused', (what, one, other) => {
    expect(() => wholeBatch([batchOf(one), batchOf(other)])).toThrow(
      expect.objectContaining({
        code: 'wrong-shape',
        where: 'shards[1]',
        expected: `the same ${what} as in shards[0]`,
      }),
    );
  });
});

describe('an empty shard under the ruling per replica', () => {
  const lossOf = (level: 'class' | 'instance', given?: unknown) => {
    const batch = batchOf(given ? { features: given as never } : {});
    const options = { ...resolveOptions(batch, { level }), alpha: 0.5 };
    return perReplicaLoss(shardBatch(batch, [3, 0]), options, { averaging: 'average' })[1];
  };

  it('has loss 0 and gradients of no rows', () => {
    expect(lossOf('class')).toMatchObject({ loss: 0, gradient: { shape: [0, 2] } });
    expect(lossOf('instance', features)?.featureGradient?.shape).toEqual([0, 2]);
    expect(lossOf('instance', [features])?.featureGradient?.shape).toEqual([1, 0, 2]);
  });

  it('is refused with the others where they lack the features of instance level', () => {
    const batch = batchOf();
    const options = { ...resolveOptions(batch, { level: 'instance' }), alpha: 0.5 };
    expect(() => perReplicaLoss(shardBatch(batch, [0, 3]), options, { averaging: 'average' })).toThrow(
      expect.objectContaining({ code: 'features-missing' }),
    );
  });

  it('has no gradient of features at class level', () => {
    expect(lossOf('class', features)).not.toHaveProperty('featureGradient');
  });
});
