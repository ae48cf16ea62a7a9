import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { createBatch, InputRangeError, InputTypeError, isInputError, readDocument } from './index.js';

const good = {
  attributes: [2],
  labels: [[0], [1]],
  scores: [
    [0.5, 0.5],
    [0.25, 0.75],
  ],
};

/** What is wrong, and the code and words of its refusal. */
const cases: [string, object, string, RegExp][] = [
  ['no sample', { labels: [], scores: [] }, 'empty-batch', /labels: expected at least one sample/],
  [
    'a ragged score row',
    { scores: [[0.5, 0.5], [1]] },
    'ragged-rows',
    /scores\[1\]: expected a row of 2 numbers, got a row of 1$/,
  ],
  ['a ragged label row', { labels: [[0], [1, 0]] }, 'ragged-rows', /labels\[1\]/],
  [
    'a row that is no row',
    { labels: [[0], 1] },
    'wrong-type',
    /labels\[1\]: expected a row of 1 numbers, got 1/,
  ],
  [
    'fewer scores than labels',
    { scores: [[0.5, 0.5]] },
    'wrong-shape',
    /scores: expected 2 rows, one per sample, got 1/,
  ],
  [
    'a label out of range',
    { labels: [[0], [2]] },
    'label-out-of-range',
    /labels\[1\]\[0\]: expected an integer from -1 to 1 .*, got 2/,
  ],
  ['a label that is not an integer', { labels: [[0], [0.5]] }, 'label-out-of-range', /got 0\.5/],
  ['a label that is text', { labels: [[0], ['1']] }, 'wrong-type', /labels\[1\]\[0\].*got "1"/],
  [
    'NaN as a score',
    {
      scores: [
        [0.5, Number.NaN],
        [0, 1],
      ],
    },
    'score-not-finite',
    /scores\[0\]\[1\]: expected a finite number, got NaN/,
  ],
  [
    'an infinite score',
    {
      scores: [
        [0.5, 0.5],
        [Infinity, 1],
      ],
    },
    'score-not-finite',
    /got Infinity/,
  ],
  [
    'a score above 1',
    {
      scores: [
        [0.5, 0.5],
        [0, 1.1],
      ],
    },
    'score-out-of-range',
    /scores\[1\]\[1\]: expected a probability in \[0, 1\], got 1\.1/,
  ],
  [
    'a score that is null',
    {
      scores: [
        [0.5, null],
        [0, 1],
      ],
    },
    'wrong-type',
    /scores\[0\]\[1\]: expected a number, got null/,
  ],
  ['no attribute', { attributes: [] }, 'attribute-invalid', /at least one attribute/],
  [
    'classes without a name around them',
    { attributes: [['a', 'b']] as never },
    'wrong-type',
    /attributes\[0\]: expected a class count .*, got \["a","b"\]/,
  ],
  ['a class count of 0', { attributes: [0] }, 'attribute-invalid', /attributes\[0\]/],
  [
    'a class count that is too large',
    { attributes: [1e9] },
    'attribute-invalid',
    /a class count \(an integer from 1 to 1000000\) .*, got 1000000000/,
  ],
  [
    'an unknown encoding',
    { encoding: 'one-hot' },
    'option-out-of-range',
    /encoding: expected categorical \| multi-label/,
  ],
  ['a binary attribute of 3', { attributes: [3], encoding: 'multi-label' }, 'attribute-invalid', /2 classes/],
  [
    'κ = 0',
    { options: { kappa: 0 } },
    'option-out-of-range',
    /options\.kappa: expected an integer ≥ 1, got 0/,
  ],
  ['κ = 1.5', { options: { kappa: 1.5 } }, 'option-out-of-range', /got 1\.5/],
  ['κ as text', { options: { kappa: '3' } }, 'wrong-type', /options\.kappa/],
  [
    'ρ = 0',
    { options: { rho: 0 } },
    'option-out-of-range',
    /options\.rho: expected a number in \(0, 1\], got 0/,
  ],
  ['ρ above 1', { options: { rho: 1.01 } }, 'option-out-of-range', /options\.rho/],
  ['ρ NaN', { options: { rho: Number.NaN } }, 'option-out-of-range', /got NaN/],
  ['a negative margin', { options: { margin: -1 } }, 'option-out-of-range', /options\.margin/],
  ['too many margins', { options: { margin: [1, 1] } }, 'option-out-of-range', /one number, or 1/],
  [
    'an unknown option',
    { options: { kapa: 3 } },
    'option-unknown',
    /options\.kapa: expected one of rho, kappa/,
  ],
  ['an unknown key', { label: [] }, 'option-unknown', /label/],
  ['α above 1', { options: { alpha: 2 } }, 'option-out-of-range', /options\.alpha/],
  [
    'instance level without features',
    { options: { level: 'instance' } },
    'features-missing',
    /features: expected n×d/,
  ],
  ['features that are no rows', { features: 3 }, 'wrong-type', /features/],
  [
    'too few feature rows',
    { features: [[1]] },
    'wrong-shape',
    /features: expected 2 rows, one per sample, got 1/,
  ],
  ['ragged features', { features: [[1], [1, 2]] }, 'ragged-rows', /features\[1\]/],
  ['features without a column', { features: [[], []] }, 'wrong-shape', /at least one feature/],
  [
    'an infinite feature',
    { features: [[1], [Infinity]] },
    'feature-not-finite',
    /features\[1\]\[0\]: expected a finite number, got Infinity/,
  ],
  [
    'too many feature matrices',
    {
      features: [
        [[1], [1]],
        [[1], [1]],
      ],
    },
    'wrong-shape',
    /one n×d matrix, or 1/,
  ],
  ['one bin', { options: { bins: 1 } }, 'option-out-of-range', /options\.bins: expected an integer from 2/],
  [
    'a range upside down',
    { options: { range: [1, 0] } },
    'option-out-of-range',
    /options\.range: expected \[lo, hi\]/,
  ],
  ['half a range', { options: { range: [1] } }, 'option-out-of-range', /options\.range/],
  ['a range of text', { options: { range: ['0', 1] } }, 'wrong-type', /options\.range\[0\]/],
  [
    'an unknown comparison',
    { options: { comparison: 'triplet' } },
    'option-out-of-range',
    /relative \| absolute \| distribution/,
  ],
  [
    'unknown anchors',
    { options: { anchors: 'hard' } },
    'option-out-of-range',
    /options\.anchors: expected all \| easy/,
  ],
  ['no scores', { scores: undefined }, 'wrong-type', /scores: expected rows of numbers/],
  [
    'instance level with α and no scores',
    { scores: undefined, features: [[1], [2]], options: { level: 'instance', alpha: 1 } },
    'scores-missing',
    /scores/,
  ],
  ['an unknown level', { options: { level: 'pixel' } }, 'option-out-of-range', /class \| instance/],
];

describe('bad input', () => {
  it.each(cases)('%s is refused, by name and place', (_, change, code, words) => {
    let refusal: unknown;
    try {
      readDocument({ ...good, ...change });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toSatisfy(isInputError);
    expect(refusal).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(refusal instanceof InputTypeError || refusal instanceof InputRangeError).toBe(true);
  });

  it('one-attribute rows are 0 or 1 only', () => {
    const input = {
      attributes: [2],
      encoding: 'one-attribute',
      labels: [[0, -1]],
      scores: [[0, 1]],
    } as const;
    expect(() => createBatch(input)).toThrow('labels[0][1]: expected an integer from 0 to 1, got -1');
  });

  it('scores within the tolerance are used as they are', () => {
    expect(
      createBatch({
        ...good,
        scores: [
          [-1e-6, 1 + 1e-6],
          [0, 1],
        ],
      }).scores.get(0, 0),
    ).toBe(-1e-6);
  });

  it('an ndarray of any layout is read as its rows', () => {
    const transposed = ndarray(Float64Array.of(0.5, 0.25, 0.5, 0.75), [2, 2]).transpose(1, 0);
    expect(createBatch({ ...good, scores: transposed }).scores.data).toEqual(
      Float64Array.of(0.5, 0.5, 0.25, 0.75),
    );
  });

  it('a batch owns its memory', () => {
    const scores = [
      [0.5, 0.5],
      [0.25, 0.75],
    ];
    const batch = createBatch({ ...good, scores });
    (scores[0] as number[])[0] = 1;
    expect(batch.scores.get(0, 0)).toBe(0.5);
  });
});
