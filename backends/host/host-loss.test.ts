import ndarray from 'ndarray';
import { describe, expect, it, vi } from 'vitest';
import { createSchema, isInputError, resolveOptions } from '../../spec/index.js';
import { type HostBatch, type HostLossOptions, hostLoss, refuse } from './host-loss.js';
import { HostKernel } from './kernel.js';

/** Two samples of the same classes, and two attributes of two classes: n×S is 2×4, n×J is 2×2. */
const GOOD = {
  labels: Int32Array.of(0, 1, 0, 1),
  scores: Float64Array.of(0.1, 0.9, 0.8, 0.2, 0.3, 0.7, 0.4, 0.6),
  features: [Float64Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(6, 5, 4, 3, 2, 1)],
};

const MADE: HostLossOptions = { attributes: [2, 2], kappa: 1, rho: 1, comparison: 'absolute' };
const atClassLevel = () => hostLoss(MADE);
const atInstanceLevel = () => hostLoss({ ...MADE, level: 'instance' });

/** The message of the specification's error that is thrown, or a note that none is. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return isInputError(error) ? (error as Error).message : `not an input error: ${(error as Error).stack}`;
  }
  return 'nothing was thrown';
}

it('accepts the batch that the others are made from', () => {
  for (const loss of [atClassLevel(), atInstanceLevel()]) {
    expect(loss.rectification(GOOD).anchors).toBeGreaterThan(0);
    expect(loss.balanced(GOOD).loss).toBeGreaterThan(0);
  }
});

const SCORES_OF_TWO_ROWS = 'scores: expected 2 rows, one per sample';

/** Faults of a batch, in parts that are used or not; to the compiler some are not batches at all. */
const BAD: [string, { [part: string]: unknown }, string][] = [
  [
    'no sample',
    { labels: [], scores: new Float32Array(0), features: undefined },
    'labels: expected at least one',
  ],
  [
    'labels that end inside a row',
    { labels: [0, 1, 0], scores: new Float32Array(6), features: [new Float32Array(3), new Float32Array(3)] },
    'labels[1]: expected a row of 2',
  ],
  ['no labels', { labels: undefined }, 'labels: expected rows of numbers'],
  ['a row of scores too few', { scores: new Float64Array(4) }, SCORES_OF_TWO_ROWS],
  ['a row of scores too many', { scores: new Float64Array(12) }, SCORES_OF_TWO_ROWS],
  ['an ndarray of too few rows', { scores: ndarray(new Float64Array(4), [1, 4]) }, SCORES_OF_TWO_ROWS],
  ['an ndarray of too many rows', { scores: ndarray(new Float64Array(12), [3, 4]) }, SCORES_OF_TWO_ROWS],
  [
    'an ndarray of another width',
    { scores: ndarray(new Float64Array(10), [2, 5]) },
    'scores: expected an ndarray of shape [n, 4]',
  ],
  [
    'an ndarray of three dimensions',
    { scores: ndarray(new Float64Array(16), [2, 4, 2]) },
    'scores: expected an ndarray of shape [n, 4]',
  ],
  ['an object without a shape', { scores: { data: GOOD.scores } }, 'scores: expected rows of numbers'],
  ['scores in a plain array', { scores: Array.from(GOOD.scores) }, 'scores[0]: expected a row of 4'],
  [
    'labels of BigInts',
    { labels: BigInt64Array.of(0n, 1n, 0n, 1n) },
    'labels[0][0]: expected an integer from -1 to',
  ],
  [
    'a field that no batch has, which would be ignored',
    { weights: [1, 2] },
    'batch.weights: expected one of labels, scores, features, got "weights"',
  ],
  [
    'a misspelt field',
    { score: GOOD.scores },
    'batch.score: expected one of labels, scores, features (did you mean scores?)',
  ],
  ['no matrix of features', { features: [] }, 'features: expected 2 rows'],
  [
    'features that do not fill all rows',
    { features: new Float64Array(5) },
    'features[1]: expected a row of 3',
  ],
  ['rows without a feature', { features: new Float64Array(0) }, 'features: expected 2 rows'],
  [
    'one matrix more than attributes',
    { features: [...GOOD.features, GOOD.features[0]] },
    'features: expected one n×d matrix, or 2',
  ],
  [
    'a list of one matrix for two attributes',
    { features: GOOD.features.slice(0, 1) },
    'features: expected one n×d matrix, or 2',
  ],
  [
    'matrices of different widths',
    { features: [GOOD.features[0], new Float64Array(4)] },
    'features[1]: expected 3 columns',
  ],
  [
    'matrices of different widths, in the other order',
    { features: [new Float64Array(4), GOOD.features[0]] },
    'features[1]: expected 2 columns',
  ],
];

describe('refuses with the specification’s error, in parts that are used or not,', () => {
  it.each(BAD)('%s', (_, part, message) => {
    const batch = { ...GOOD, ...part } as HostBatch;
    for (const loss of [atClassLevel(), atInstanceLevel()]) {
      // where features are needed, their absence is reported first
      if (loss.options.level === 'instance' && batch.features === undefined) continue;
      expect(refusal(() => loss.rectification(batch))).toContain(message);
      expect(refusal(() => loss.balanced(batch))).toContain(message);
    }
  });

  it('what is no batch at all', () => {
    for (const [batch, got] of [
      [undefined, 'undefined'],
      [null, 'null'],
      [3, '3'],
    ]) {
      const message = `batch: expected an object with labels, scores, features, got ${got}`;
      expect(refusal(() => atClassLevel().rectification(batch as never))).toBe(message);
      expect(refusal(() => atClassLevel().balanced(batch as never))).toBe(message);
    }
  });

  it('scores in an ndarray of integers', () => {
    const scores = ndarray(Int32Array.of(0, 1, 2, 0, 0, 0, 0, 1), [2, 4]) as unknown;
    const batch = { ...GOOD, scores } as HostBatch;
    expect(refusal(() => atClassLevel().rectification(batch))).toContain('scores[0][2]: expected a prob');
  });

  it('a batch without scores where they are needed', () => {
    const { scores: _, ...unscored } = GOOD;
    const message = 'scores: expected n×S scores';
    expect(refusal(() => atClassLevel().rectification(unscored))).toContain(message);
    expect(refusal(() => atClassLevel().balanced(unscored))).toContain(message);
    expect(refusal(() => atInstanceLevel().balanced(unscored))).toContain(message);
    expect(atInstanceLevel().rectification(unscored).loss).toBeGreaterThan(0);
  });

  it('logits where they would be ranked, and only there', () => {
    const logits = { ...GOOD, scores: GOOD.scores.map((z) => 9 * z - 4) };
    const loss = hostLoss({ ...MADE, fromLogits: true });
    expect(refusal(() => loss.rectification(logits))).toContain('never logits');
    expect(loss.balanced(logits).rectification).toBeGreaterThan(0);
    const ofFeatures = hostLoss({ ...MADE, fromLogits: true, level: 'instance' });
    const plain = atInstanceLevel().rectification(GOOD);
    expect(ofFeatures.rectification(logits)).toEqual(plain);
    expect(ofFeatures.balanced(logits).rectification).toBe(plain.loss);
  });
});

describe('a refusal of a batch that the specification accepts', () => {
  const schema = createSchema({ attributes: [2, 2] });
  const ask = (level: 'class' | 'instance', batch: HostBatch, balanced: boolean) => () =>
    refuse(schema, { ...resolveOptions(schema, { level }), alpha: 1 }, batch, balanced);
  const { scores: _, ...unscored } = GOOD;

  it('is reported as an error of the kernel', () => {
    for (const call of [
      ask('class', GOOD, false),
      ask('instance', GOOD, true),
      ask('instance', unscored, false),
    ]) {
      expect(call).toThrow('please report this');
    }
  });

  it('is not blamed on missing scores that are not needed', () => {
    const refusing = vi.spyOn(HostKernel.prototype, 'rectification').mockReturnValue(undefined);
    expect(() => atInstanceLevel().rectification(unscored)).toThrow('please report this');
    refusing.mockRestore();
  });

  it('is blamed on missing scores that are needed', () => {
    for (const call of [
      ask('class', unscored, false),
      ask('class', unscored, true),
      ask('instance', unscored, true),
    ]) {
      expect(refusal(call)).toContain('scores: expected n×S scores');
    }
  });
});

it.each([
  ['class level', 'class', 1],
  ['instance level', 'instance', 1],
  ['instance level, features whose squares exceed float32', 'instance', 1e30],
] as const)('keeps nothing of a larger batch: %s', (_, level, unit) => {
  const batchOf = (size: number): HostBatch => ({
    labels: Uint8Array.from({ length: size }, (_, i) => +(i % 5 > 1)),
    scores: Float64Array.from({ length: 2 * size }, (_, at) => ((at * 7) % 11) / 11),
    features: Float64Array.from({ length: 2 * size }, (_, at) => ((at * 5) % 13) * unit),
  });
  const make = () => hostLoss({ attributes: [2], level, alpha: 0.5, kappa: 9 });
  const used = make();
  used.balanced(batchOf(40));
  for (const size of [39, 12, 7])
    expect(used.balanced(batchOf(size))).toEqual(make().balanced(batchOf(size)));
});

describe('easy anchors at instance level', () => {
  const given = { attributes: [2], level: 'instance', anchors: 'easy', kappa: 1 } as const;
  const labels = Int32Array.of(0, 0, 0, 1, 1, 1);
  const features = Float64Array.of(0, 1, 3, 10, 4, 6);
  const scores = Float64Array.of(0.25, 0.75, 0.5, 0.5, 0.75, 0.25, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5);

  it('are chosen by score, and counted', () => {
    const { loss, anchors, triplets } = hostLoss(given).rectification({ labels, scores, features });
    expect([loss, anchors, triplets]).toEqual([Math.PI + 2, 1, 1]); // the vector easy-anchors-at-instance-level
  });

  it('need scores, which must be probabilities unless the cross entropy is there to read logits', () => {
    expect(() => hostLoss(given).rectification({ labels, features })).toThrow('scores: expected n×S scores');
    const fromLogits = hostLoss({ ...given, fromLogits: true });
    expect(() => fromLogits.rectification({ labels, features, scores })).toThrow('never logits');
    expect(fromLogits.balanced({ labels, features, scores }).rectification).toBeCloseTo(Math.PI + 2, 12);
  });
});
