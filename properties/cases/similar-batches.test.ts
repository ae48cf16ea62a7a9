import { describe, expect, it } from 'vitest';
import {
  type BatchInput,
  createBatch,
  type Encoding,
  resolveOptions,
  selectMinority,
  writeDocument,
} from '../../spec/index.js';
import { entries } from '../walk.js';
import { type Likeness, similarCase } from './similar-batches.js';

const ENCODINGS = ['categorical', 'multi-label', 'one-attribute'] as const;

/** The batch that is like another in one way, and its class counts. */
function similarTo(input: BatchInput, way: Likeness) {
  const batch = createBatch(input);
  const options = { ...resolveOptions(batch), alpha: 0.5 };
  for (let shuffle = 1; shuffle < 200; shuffle++) {
    const found = similarCase({ batch, options, shuffle }, ENCODINGS);
    if (found.way === way) {
      const other = found.similar;
      const { attributes } = writeDocument(other.batch, other.options);
      expect(other.options.margin.length).toBe(attributes.length);
      return { batch, options, other: other.batch, attributes };
    }
  }
  throw new Error(`expected a case that is ${way}`);
}

const rows = (n: number, width: number) =>
  Array.from({ length: n }, (_, i) => Array.from({ length: width }, (_, s) => ((i + s) % 4) / 4));

describe('a batch like another', () => {
  it('has its class counts in the opposite order', () => {
    const input = {
      attributes: [2, 3],
      labels: [
        [0, 2],
        [1, -1],
      ],
      scores: rows(2, 5),
    };
    const { batch, other, attributes } = similarTo(input, 'like-columns');
    expect(attributes).toEqual([3, 2]);
    expect(writeDocument(other, resolveOptions(other)).labels).toEqual([
      [2, 0],
      [-1, 1],
    ]);
    expect(other.columns.length).toBe(batch.columns.length);
  });

  it('has class counts of the same digits', () => {
    const three = {
      attributes: [3, 12],
      labels: [
        [2, 11],
        [0, 0],
      ],
      scores: rows(2, 15),
    };
    expect(similarTo(three, 'like-digits').attributes).toEqual([31, 2]);
    const one = { attributes: [12], labels: [[11], [0]], scores: rows(2, 12) };
    expect(similarTo(one, 'like-digits').attributes).toEqual([1, 2]);
    const features = [rows(2, 3), rows(2, 3).reverse()];
    const joined = {
      attributes: [2, 3],
      labels: [
        [1, 2],
        [0, 0],
      ],
      scores: rows(2, 5),
      features,
    };
    expect(similarTo(joined, 'like-digits').attributes).toEqual([23]);
  });

  it('has its class sizes with other n', () => {
    const labels = [
      [1, 0],
      [0, 1],
      [0, 0],
    ];
    const input = { attributes: [2], encoding: 'one-attribute' as const, labels, scores: rows(3, 2) };
    const { batch, options, other } = similarTo(input, 'like-class-sizes');
    expect(other.size).toBe(6);
    const profile = (of: typeof batch) => selectMinority(of, options).profile;
    expect(profile(other)).toEqual(profile(batch));
  });

  it('has its arrays, as logits', () => {
    const input = { attributes: [2], labels: [[0], [1]], scores: rows(2, 2) };
    const { batch, other } = similarTo(input, 'like-arrays-as-logits');
    expect([batch.fromLogits, other.fromLogits]).toEqual([false, true]);
    expect(entries(other.scores)).toEqual(entries(batch.scores));
  });

  it('has its scores in another encoding', () => {
    const input = { attributes: [3], labels: [[2], [0]], scores: rows(2, 3) };
    const { other } = similarTo(input, 'like-shapes');
    expect(other.encoding).toBe('one-attribute');
    const back = { attributes: [3], encoding: 'one-attribute' as const, scores: rows(2, 3) };
    const { other: categorical } = similarTo(
      {
        ...back,
        labels: [
          [0, 0, 1],
          [0, 0, 0],
        ],
      },
      'like-shapes',
    );
    expect(categorical.encoding).toBe('categorical');
    expect(writeDocument(categorical, resolveOptions(categorical)).labels).toEqual([[2], [-1]]);
  });

  it('has other samples where nothing else can be alike', () => {
    const input = {
      ...{ attributes: [2, 2], encoding: 'multi-label' as const, fromLogits: true },
      ...{
        labels: [
          [0, 1],
          [1, 0],
        ],
        scores: rows(2, 2),
      },
    };
    const { batch, other } = similarTo(input, 'like-sizes');
    expect(other.size).toBe(batch.size);
  });

  it('has each likeness that it can, also of one attribute', () => {
    const labels = [
      [1, 0],
      [0, 1],
    ];
    const batch = createBatch({ attributes: [2], encoding: 'one-attribute', labels, scores: rows(2, 2) });
    const options = { ...resolveOptions(batch), alpha: 0.5 };
    const waysOf = (encodings: readonly Encoding[]) =>
      new Set(
        Array.from({ length: 40 }, (_, shuffle) => similarCase({ batch, options, shuffle }, encodings).way),
      );
    const alone = ['like-class-sizes', 'like-arrays-as-logits', 'like-sizes'];
    expect(waysOf(['one-attribute'])).toEqual(new Set(alone));
    expect(waysOf(ENCODINGS)).toEqual(new Set([...alone, 'like-shapes']));
  });
});
