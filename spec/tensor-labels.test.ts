import { describe, expect, it } from 'vitest';
import { createSchema } from './index.js';
import { checkClassIndices, integerLabels } from './tensor-labels.js';

type Schema = Parameters<typeof createSchema>[0];

const read = (schema: Schema, rows: readonly number[][], advice?: string) =>
  integerLabels(createSchema(schema), rows.flat(), rows.length, advice);
const refusal = (where: string, expected: string, label: unknown) => {
  const got = Array.isArray(label) ? JSON.stringify(label) : String(label);
  return expect.objectContaining({
    name: 'InputRangeError',
    code: 'label-out-of-range',
    where,
    expected,
    got,
  });
};

describe('the labels of a tensor', () => {
  it('are the classes of one-hot rows, −1 where an attribute is all 0', () => {
    const rows = [
      [0, 0, 1, 1, 0],
      [0, 0, 0, 0, 1],
      [1, 0, 0, 0, 0],
    ];
    expect(read({ attributes: [3, 2] }, rows)).toEqual(Int32Array.of(2, 0, -1, 1, 0, -1));
  });

  it('are the numbers themselves in the other encodings', () => {
    const rows = [
      [0, 1, -1],
      [1, 0, 0],
    ];
    const multiLabel = { attributes: [2, 2, 2], encoding: 'multi-label' } as const;
    expect(read(multiLabel, rows)).toEqual(Int32Array.of(0, 1, -1, 1, 0, 0));
    const oneAttribute = { attributes: [3], encoding: 'one-attribute' } as const;
    expect(
      read(oneAttribute, [
        [0, 1, 1],
        [0, 0, 0],
      ]),
    ).toEqual(Int32Array.of(0, 1, 1, 0, 0, 0));
  });

  it.each<[Schema, number[][], string, string, unknown]>([
    [
      { attributes: [2, 2] },
      [
        [1, 0, 0, 1],
        [1, 0, 0.9, 0.1],
      ],
      'labels[1][2]',
      '0 or 1, one-hot (all 0: unlabelled)',
      0.9,
    ],
    [{ attributes: [2] }, [[0, -1]], 'labels[0][1]', '0 or 1, one-hot (all 0: unlabelled)', -1],
    [
      { attributes: [2], encoding: 'multi-label' },
      [[0], [-2]],
      'labels[1][0]',
      '0 or 1, or -1 (unlabelled)',
      -2,
    ],
    [
      { attributes: [2], encoding: 'multi-label' },
      [[Number.NaN]],
      'labels[0][0]',
      '0 or 1, or -1 (unlabelled)',
      Number.NaN,
    ],
    [{ attributes: [3], encoding: 'one-attribute' }, [[0, 1, -1]], 'labels[0][2]', '0 or 1', -1],
    [
      { attributes: [3], encoding: 'one-attribute' },
      [
        [0, 1, 1],
        [0, 2, 0],
      ],
      'labels[1][1]',
      '0 or 1',
      2,
    ],
  ])('of %j, %j, are refused by row and column', (schema, rows, where, expected, got) => {
    expect(() => read(schema, rows)).toThrow(refusal(where, expected, got));
  });

  it('of several 1s in one attribute are refused with what to do', () => {
    const rows = [
      [0, 1, 0, 1, 0],
      [1, 0, 1, 0, 1],
    ];
    const several = (advice: string) =>
      refusal('labels[1]', `at most one 1 per attribute (one-hot); ${advice}`, [1, 0, 1]);
    expect(() => read({ attributes: [3, 2] }, rows)).toThrow(
      several("several labels per sample need encoding 'multi-label' or 'one-attribute'"),
    );
    expect(() => read({ attributes: [3, 2] }, rows, 'use columns')).toThrow(several('use columns'));
    expect(() => read({ attributes: [2, 3] }, [[0, 1, 0, 1, 1]])).toThrow(
      refusal('labels[0]', expect.any(String) as never, [0, 1, 1]),
    );
  });
});

describe('class indices', () => {
  const schema = createSchema({ attributes: [3, 2] });

  it('are right from −1 to K − 1', () => {
    expect(() => checkClassIndices(schema, [0, 1, 2, 0, -1, -1])).not.toThrow();
  });

  it.each<[number[], string, string, number]>([
    [[0, 2], 'labels[0][1]', 'a class index from 0 to 1, or -1 (unlabelled)', 2],
    [[2, 1, 3, 0], 'labels[1][0]', 'a class index from 0 to 2, or -1 (unlabelled)', 3],
    [[-2, 0], 'labels[0][0]', 'a class index from 0 to 2, or -1 (unlabelled)', -2],
    [[0.5, 0], 'labels[0][0]', 'a class index from 0 to 2, or -1 (unlabelled)', 0.5],
  ])('%j are refused by row and column', (indices, where, expected, got) => {
    expect(() => checkClassIndices(schema, indices)).toThrow(refusal(where, expected, got));
  });
});
