import { describe, expect, it } from 'vitest';
import { createSchema } from './index.js';
import { type TrainingLabels, trainingCounts } from './training-counts.js';

type Schema = Parameters<typeof createSchema>[0];

/** The counts, and what was warned of. */
function counted(schema: Schema, labels: TrainingLabels) {
  const warnings: [string, string][] = [];
  const counts = trainingCounts(createSchema(schema), labels, (...warning) => warnings.push(warning));
  return { counts, warnings };
}
const counts = (schema: Schema, labels: unknown) => counted(schema, labels as TrainingLabels).counts;
const refusal = (schema: Schema, labels: unknown) => {
  try {
    counts(schema, labels);
  } catch (error) {
    const { name, code, where, expected, message } = error as Error & Record<string, string>;
    return { name, code, where, expected, message };
  }
  throw new Error('nothing was refused');
};
const pair = { attributes: [3, 2] };
const labels = { attributes: [2, 2], encoding: 'multi-label' } as const;

describe('the class counts of a training set', () => {
  it('are those of class indices, in a list, a typed array or rows', () => {
    for (const own of [[0, 0, 2, -1, 0], Int32Array.of(0, 0, 2, -1, 0), [[0], [0], [2], [null], [0]]])
      expect(counts({ attributes: [3] }, own)).toEqual([[3, 0, 1]]);
  });

  it('are those of every attribute, and of both sides of a label', () => {
    expect(
      counts(pair, [
        [0, 1],
        [2, -1],
        [2, 1],
      ]),
    ).toEqual([
      [1, 0, 2],
      [0, 2],
    ]);
    expect(
      counts(labels, [
        [0, 1],
        [1, -1],
        [0, 1],
      ]),
    ).toEqual([
      [2, 1],
      [0, 2],
    ]);
  });

  it('are those of samples without a label among indices, and of rows of an attribute of several classes', () => {
    expect(counts({ attributes: [3] }, [null, 0, 1])).toEqual([[1, 1, 0]]);
    const rows = [
      [1, 0, 1],
      [0, 0, 1],
    ];
    expect(counts({ attributes: [3], encoding: 'one-attribute' }, rows)).toEqual([[1, 0, 2]]);
  });

  it('where an attribute has one column for each attribute, rows of its width are indices', () => {
    expect(
      counts({ attributes: [1, 1] }, [
        [0, 0],
        [0, -1],
      ]),
    ).toEqual([[2], [1]]);
  });

  it.each([[[0, 1, 2]], [Int32Array.of(0, 1, 2)]])('are refused of %j for two attributes', (own) => {
    expect(refusal(pair, own)).toMatchObject({
      name: 'InputTypeError',
      code: 'wrong-type',
      where: 'options.trainingLabels',
      expected: 'rows of 2 labels, one row per sample',
    });
  });

  it.each([
    [
      [3],
      [
        [1, 0, 0],
        [0, 0, 1],
      ],
      'class indices, [0, 2, 1, …]: the place of the 1, not one-hot rows',
      3,
    ],
    [[3, 2], [[1, 0, 0, 1, 0]], 'class indices, rows of 2: the place of the 1, not one-hot rows', 5],
  ])('are refused of one-hot rows for attributes %j', (attributes, own, expected, width) => {
    expect(refusal({ attributes }, own)).toMatchObject({
      name: 'InputRangeError',
      code: 'wrong-shape',
      where: 'options.trainingLabels',
      expected,
      message: expect.stringContaining(`rows of ${width}`),
    });
  });

  it('are refused by the name of the option and the place of the label', () => {
    expect(refusal({ attributes: [3] }, [0, 3])).toMatchObject({
      name: 'InputRangeError',
      code: 'label-out-of-range',
      where: 'options.trainingLabels[1]',
    });
    expect(
      refusal(pair, [
        [0, 1],
        [2, 2],
      ]),
    ).toMatchObject({
      code: 'label-out-of-range',
      where: 'options.trainingLabels[1][1]',
    });
    expect(refusal({ attributes: [3] }, [[0], [0, 1]])).toMatchObject({
      code: 'ragged-rows',
      where: 'options.trainingLabels[1]',
    });
    for (const schema of [pair, labels]) expect(refusal(schema, [])).toMatchObject({ code: 'empty-batch' });
    expect(refusal({ attributes: [3] }, [0, [1]])).toMatchObject({
      code: 'wrong-type',
      where: 'options.trainingLabels[0]',
    });
    for (const own of [[], {}, 7, [['a']]])
      expect(refusal({ attributes: [3] }, own).where).toMatch(/^options\.trainingLabels/);
    expect(refusal({ attributes: [3] }, [['a']])).toMatchObject({ name: 'InputTypeError' });
  });

  it('are refused where an attribute has no labelled sample', () => {
    expect(
      refusal(pair, [
        [0, -1],
        [1, -1],
      ]),
    ).toMatchObject({
      code: 'counts-invalid',
      where: 'options.trainingLabels',
      expected: 'a labelled sample for attribute 1',
    });
  });

  it('other errors stay as they are', () => {
    const failing = new Proxy([0], {
      get(of, key) {
        if (key === '0') throw new RangeError('out of memory');
        return Reflect.get(of, key);
      },
    });
    expect(() => counts({ attributes: [3] }, [failing])).toThrow(new RangeError('out of memory'));
  });
});

describe('labels that are 1 or −1 in every row', () => {
  it('are warned of, by their places', () => {
    const { counts, warnings } = counted(labels, [
      [1, 0],
      [-1, 1],
      [-1, 0],
    ]);
    expect(counts).toEqual([
      [0, 1],
      [2, 1],
    ]);
    expect(warnings).toEqual([
      [
        'no-absence',
        'options.trainingLabels: label 0 is 1 or -1 in every row and never 0. With encoding multi-label -1 means ' +
          'unlabelled, so no sample would be a negative. If -1 means absent, as in CelebA, write 0 instead.',
      ],
    ]);
  });

  it('are named in short where they are many', () => {
    const many = { attributes: new Array<number>(9).fill(2), encoding: 'multi-label' } as const;
    const rows = [new Array<number>(9).fill(1), new Array<number>(9).fill(-1)];
    expect(counted(many, rows).warnings[0]?.[1]).toContain('label 0, 1, 2, 3, 4, 5, 6, 7, … is 1 or -1');
    const eight = { attributes: new Array<number>(8).fill(2), encoding: 'multi-label' } as const;
    const short = rows.map((row) => row.slice(1));
    expect(counted(eight, short).warnings[0]?.[1]).toContain('label 0, 1, 2, 3, 4, 5, 6, 7 is 1 or -1');
  });

  it.each([
    [
      'where absent labels are there',
      [
        [1, 1],
        [0, 0],
        [-1, -1],
      ],
    ],
    [
      'where all are present',
      [
        [1, 1],
        [1, 1],
      ],
    ],
    [
      'where none is present',
      [
        [0, 1],
        [-1, 0],
      ],
    ],
  ])('are not warned of %s', (_, own) => {
    expect(counted(labels, own as number[][]).warnings).toEqual([]);
  });

  it('are classes of other encodings', () => {
    expect(counted({ attributes: [2] }, [1, -1, 1]).warnings).toEqual([]);
    expect(counted({ attributes: [2] }, [[1], [-1]]).warnings).toEqual([]);
  });
});
