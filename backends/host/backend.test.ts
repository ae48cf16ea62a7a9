import ndarray from 'ndarray';
import { describe, expect, it, vi } from 'vitest';
import {
  type Batch,
  createBatch,
  type Level,
  mineHardSamples,
  resolveOptions,
  selectMinority,
} from '../../spec/index.js';
import { hostBackend } from './backend.js';

const backend = hostBackend();
const labels = [[0], [0], [1], [1], [1]];
const scores = labels.map((_, i) => [i / 8, 0.5]);
const features = labels.map((_, i) => [i, 0, i % 2]);

function asked(batch: Batch, level: Level) {
  const options = { ...resolveOptions(batch, { level }), alpha: 0.5 };
  return {
    balanced: () => backend.balancedLoss(batch, options),
    mined: () => backend.mineHardSamples?.(batch, selectMinority(batch, options), options),
    expected: () => mineHardSamples(batch, selectMinority(batch, options), options),
  };
}

describe('the capabilities that the host backend declares', () => {
  it('are all, but for the stages that form triplets', () => {
    const fused = 'fused into balancedLoss: no triplet is ever formed';
    expect(backend.name).toBe('host');
    expect(backend.supports).toEqual({
      encodings: ['categorical', 'multi-label', 'one-attribute'],
      levels: ['class', 'instance'],
      comparisons: ['relative', 'absolute', 'distribution'],
      anchors: ['all', 'easy'],
      gradient: true,
      precision: 'float64',
      execution: 'sync',
      missing: { formTriplets: fused, rectificationLoss: fused },
    });
  });
});

describe('input that is missing', () => {
  const attributes = [2];

  it('scores are needed at either level', () => {
    const batch = createBatch({ attributes, labels, features });
    for (const level of ['class', 'instance'] as const)
      expect(asked(batch, level).balanced).toThrow(expect.objectContaining({ code: 'scores-missing' }));
    expect(asked(batch, 'class').mined).toThrow(expect.objectContaining({ code: 'scores-missing' }));
  });

  it('features are needed at instance level only', () => {
    const batch = createBatch({ attributes, labels, scores });
    const { balanced, mined } = asked(batch, 'instance');
    for (const ask of [balanced, mined])
      expect(ask).toThrow(expect.objectContaining({ code: 'features-missing' }));
    expect(asked(batch, 'class').balanced).not.toThrow();
  });

  it('logits are refused for mining at class level, and accepted at instance level', () => {
    const batch = createBatch({ attributes, labels, scores, features, fromLogits: true });
    expect(asked(batch, 'class').mined).toThrow(
      expect.objectContaining({
        code: 'option-out-of-range',
        message: expect.stringContaining('never logits'),
      }),
    );
    const { mined, expected } = asked(batch, 'instance');
    expect(mined()).toEqual(expected());
  });

  it('scores are not needed for mining at instance level', () => {
    const { mined, expected } = asked(createBatch({ attributes, labels, features }), 'instance');
    expect(mined()).toEqual(expected());
  });
});

describe('features in any layout', () => {
  const batch = createBatch({ attributes: [2], labels, scores, features });
  const [n, d] = [labels.length, 3];

  /** The same batch with its features laid out by strides and an offset. */
  function laidOut(stride: [number, number], offset: number): Batch {
    const matrix = ndarray(new Float64Array(100).fill(Number.NaN), [n, d], stride, offset);
    features.forEach((row, i) => {
      for (const [t, x] of row.entries()) matrix.set(i, t, x);
    });
    return { ...batch, features: { perAttribute: false, width: d, matrices: [matrix] } };
  }

  it.each<[string, [number, number], number]>([
    ['rows apart', [d + 2, 1], 0],
    ['columns', [1, n], 0],
    ['later', [d, 1], 4],
    ['entries apart', [2 * d, 2], 0],
    ['components in planes', [d, d * n], 0],
  ])('give the same results: %s', (_, stride, offset) => {
    const given = asked(laidOut(stride, offset), 'instance');
    expect(given.balanced()).toEqual(asked(batch, 'instance').balanced());
    expect(given.mined()).toEqual(asked(batch, 'instance').expected());
  });

  it('are not copied number by number if they lie row by row', () => {
    const given = laidOut([d, 1], 0);
    const matrix = given.features?.matrices[0] as ndarray.NdArray;
    const get = vi.spyOn(matrix, 'get');
    asked(given, 'instance').balanced();
    expect(get).not.toHaveBeenCalled();
  });
});
