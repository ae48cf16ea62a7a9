import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import {
  balancedLoss,
  type Comparison,
  createBatch,
  type Encoding,
  formTriplets,
  isInputError,
  type Level,
  mineHardSamples,
  type OptionsInput,
  rectificationLoss,
  resolveOptions,
  selectMinority,
} from '../../spec/index.js';
import { randomOf } from './adversarial.test-helper.js';
import { type HostBatch, hostLoss } from './index.js';

interface Drawn {
  readonly labels: number[][];
  readonly scores: number[][];
  readonly features: number[][];
}

/** Scores take `levels` + 1 values: few values make ties. */
function draw(seed: number, n: number, classes: number, encoding: Encoding, levels: number): Drawn {
  const random = randomOf(seed);
  const rows = (width: number, value: () => number) =>
    Array.from({ length: n }, () => Array.from({ length: width }, value));
  const label = {
    categorical: () => Math.floor(random() ** 2 * (classes + 0.3)) - (random() < 0.1 ? 1 : 0),
    'multi-label': () => (random() < 0.1 ? -1 : Math.floor(random() + 0.3)),
    'one-attribute': () => Math.floor(random() + 0.15),
  }[encoding];
  const bounded = () => Math.min(Math.max(label(), encoding === 'one-attribute' ? 0 : -1), classes - 1);
  return {
    labels: rows(encoding === 'categorical' ? 1 : classes, bounded),
    scores: rows(classes, () => Math.round(random() * levels) / levels),
    features: rows(3, () => Math.round(random() * 8)),
  };
}

function expected(encoding: Encoding, attributes: number[], drawn: Drawn, choices: OptionsInput) {
  const batch = createBatch({ attributes, encoding, ...drawn });
  const options = resolveOptions(batch, choices);
  const hard = mineHardSamples(batch, selectMinority(batch, options), options);
  const triplets = formTriplets(hard);
  const { loss, gradient } = rectificationLoss(batch, hard, triplets, options);
  return { loss, gradient: gradient.data, triplets: triplets.shape[0], anchors: hard.anchors.length };
}

const flat = ({ labels, scores, features }: Drawn): HostBatch => ({
  labels: labels.flat(),
  scores: Float64Array.from(scores.flat()),
  features: Float64Array.from(features.flat()),
});

/** Scores are multiples of 2⁻²⁰ and features are integers, which float32 holds exactly. */
function inFloat32({ labels, scores, features }: HostBatch): HostBatch {
  return {
    labels,
    scores: Float32Array.from(scores as Float64Array),
    features: Float32Array.from(features as Float64Array),
  };
}

const ENCODINGS: Encoding[] = ['categorical', 'multi-label', 'one-attribute'];
const LEVELS: Level[] = ['class', 'instance'];
const COMPARISONS: Comparison[] = ['relative', 'absolute', 'distribution'];

describe.each(ENCODINGS)('hostLoss of %s labels', (encoding) => {
  describe.each(LEVELS)('at %s level', (level) => {
    it.each(COMPARISONS)('equals the specification, %s', (comparison) => {
      // among them sizes at which bounds are estimated from a sample, and at which lists are cut
      for (const [seed, n] of [1, 2, 7, 40, 90, 150].entries()) {
        for (const kappa of [1, 3, 8]) {
          const drawn = draw(seed + 1, n, 6, encoding, seed % 2 ? 8 : 1 << 20);
          const attributes = encoding === 'multi-label' ? new Array(6).fill(2) : [6];
          const choices = { level, comparison, kappa, rho: seed % 3 === 2 ? 1 : 0.5 };
          const { rectification } = hostLoss({ attributes, encoding, ...choices });
          const right = expected(encoding, attributes, drawn, choices);
          // float32 scores are compared by their bits, in other code
          for (const [got, digits] of [
            [rectification(flat(drawn)), 11],
            [rectification(inFloat32(flat(drawn))), 6],
          ] as const) {
            expect(got.triplets).toBe(right.triplets);
            expect(got.anchors).toBe(right.anchors);
            expect(got.loss).toBeCloseTo(right.loss, 11);
            right.gradient.forEach((slope, at) => {
              expect(got.gradient[at]).toBeCloseTo(slope, digits);
            });
          }
        }
      }
    });
  });
});

describe('hostLoss of scores like those of a trained net', () => {
  it.each([1, 8, 2 ** 20])(
    'equals the specification where some hinges are active, scores 1/%d apart',
    (levels) => {
      for (let seed = 1; seed <= 60; seed++) {
        const drawn = draw(seed, 8 + (seed % 30), 3, 'categorical', levels);
        const lifted = drawn.scores.map((row, i) =>
          row.map((score, c) => (score + (c === drawn.labels[i]?.[0] ? 1 : 0)) / 2),
        );
        const choices = { kappa: 1 + (seed % 7), margin: (seed % 4) / 8, rho: seed % 2 ? 1 : 0.5 };
        const trained = { ...drawn, scores: lifted };
        const got = hostLoss({ attributes: [3], ...choices }).rectification(flat(trained));
        const right = expected('categorical', [3], trained, choices);
        expect(got.loss).toBeCloseTo(right.loss, 12);
        right.gradient.forEach((slope, at) => {
          expect(got.gradient[at]).toBeCloseTo(slope, 12);
        });
      }
    },
  );
});

describe('hostLoss', () => {
  const six = { attributes: [6], kappa: 3 };

  it('walks a column again if its estimate was too high', () => {
    // the sampled rows have the highest scores, which few others reach
    const n = 400;
    const scores = Array.from({ length: n }, (_, i) => [i % 10 === 0 ? 1 - i / 1000 : i / 1000, 0.5]);
    const labels = Array.from({ length: n }, (_, i) => [i % 10 === 3 ? 0 : 1]);
    const drawn = { scores, labels, features: labels };
    const choices = { kappa: 40 };
    const got = hostLoss({ attributes: [2], ...choices }).rectification(flat(drawn));
    expect(got.loss).toBeCloseTo(expected('categorical', [2], drawn, choices).loss, 12);
  });

  it('reads scores in any layout', () => {
    const drawn = draw(5, 60, 6, 'categorical', 16);
    const { rectification } = hostLoss(six);
    const plain = rectification(flat(drawn));
    const columns = Float64Array.from(
      { length: 360 },
      (_, at) => drawn.scores[at % 60]?.[Math.floor(at / 60)],
    );
    const turned = ndarray(columns, [60, 6], [1, 60]);
    const backward = ndarray(Float64Array.from(drawn.scores.flat()).reverse(), [60, 6], [-6, -1], 359);
    for (const scores of [turned, backward]) {
      expect(rectification({ labels: drawn.labels.flat(), scores })).toEqual(plain);
    }
  });

  it('finds the positives of a class without negatives in any layout', () => {
    const { rectification } = hostLoss({ attributes: [2], kappa: 1, rho: 1, comparison: 'absolute' });
    const scores = Float64Array.of(0.1, 0.4, 0.8, 0.9, 0.6, 0.2);
    const turned = ndarray(scores, [3, 2], [1, 3]);
    const plain = Float64Array.of(0.1, 0.9, 0.4, 0.6, 0.8, 0.2);
    expect(rectification({ labels: [0, 0, 0], scores: plain }).loss).toBeGreaterThan(0);
    expect(rectification({ labels: [0, 0, 0], scores: turned })).toEqual(
      rectification({ labels: [0, 0, 0], scores: plain }),
    );
  });

  it('accepts labels of every type, and returns the gradient in the type of the scores', () => {
    const drawn = draw(6, 50, 6, 'categorical', 64);
    const labels = drawn.labels.flat();
    const scores = Float32Array.from(drawn.scores.flat());
    const { rectification } = hostLoss(six);
    const plain = rectification({ labels, scores });
    expect(plain.gradient).toBeInstanceOf(Float32Array);
    for (const kind of [Int32Array, Int8Array, Int16Array, Float32Array, Float64Array]) {
      expect(rectification({ labels: kind.from(labels), scores })).toEqual(plain);
    }
    const nulls = labels.map((label) => (label < 0 ? null : label));
    expect(rectification({ labels: nulls, scores })).toEqual(plain);
  });

  it('does not depend on earlier calls, of larger batches or smaller', () => {
    const { rectification } = hostLoss(six);
    const batches = [200, 3, 80, 1, 200].map((n, seed) => flat(draw(seed, n, 6, 'categorical', 9)));
    const fresh = batches.map((batch) => hostLoss(six).rectification(batch));
    expect(batches.map(rectification)).toEqual(fresh);
  });

  it.each<[string, Partial<HostBatch>, string]>([
    ['a label out of range', { labels: [0, 6] }, 'labels[1][0]: expected an integer from -1 to 5'],
    ['half a label', { labels: [0, 0.5] }, 'labels[1][0]: expected an integer'],
    ['no sample', { labels: [] }, 'labels: expected at least one sample'],
    [
      'a score of NaN',
      { scores: new Float32Array(12).fill(Number.NaN, 7, 8) },
      'scores[1][1]: expected a finite number',
    ],
    [
      'a score above 1',
      { scores: new Float32Array(12).fill(2, 7, 8) },
      'scores[1][1]: expected a probability',
    ],
    [
      'a score below 0',
      { scores: new Float64Array(12).fill(-1, 11) },
      'scores[1][5]: expected a probability',
    ],
    ['too few scores', { scores: new Float32Array(11) }, 'scores[1]: expected a row of 6 numbers'],
    ['another number of rows', { scores: new Float32Array(18) }, 'scores: expected 2 rows'],
    ['scores that are not a typed array', { scores: [1, 2] as never }, 'scores[0]: expected a row'],
    ['no scores', { scores: undefined as never }, 'scores'],
    ['no labels', { labels: undefined as never }, 'labels: expected rows of numbers'],
  ])('refuses %s as the specification does', (_, part, message) => {
    const refusal = () =>
      hostLoss(six).rectification({ labels: [0, 1], scores: new Float32Array(12), ...part });
    expect(refusal).toThrow(message);
    try {
      refusal();
    } catch (error) {
      expect(isInputError(error)).toBe(true);
    }
  });

  it('refuses entries of multi-hot labels that are neither 0 nor 1, and names them', () => {
    const { rectification } = hostLoss({ attributes: [3], encoding: 'one-attribute' });
    for (const label of [2, -1, 7]) {
      const labels = Int32Array.of(1, 0, 0, 0, label, 1);
      expect(() => rectification({ labels, scores: new Float32Array(6) })).toThrow('labels[1][1]');
    }
  });

  it('refuses logits where probabilities are ranked, and unknown options', () => {
    const logits = hostLoss({ attributes: [2], fromLogits: true });
    expect(() => logits.rectification({ labels: [0], scores: new Float32Array(2) })).toThrow('never logits');
    expect(logits.balanced({ labels: [0], scores: Float32Array.of(5, -5) }).crossEntropy).toBeCloseTo(
      4.5e-5,
      6,
    );
    expect(() => logits.balanced({ labels: [0], scores: Float32Array.of(Infinity, 0) })).toThrow(
      'scores[0][0]',
    );
    expect(() => hostLoss({ attributes: [2], kapa: 3 } as never)).toThrow(
      'options.kapa: expected one of attributes, encoding, fromLogits, alpha, rho, kappa, level, comparison, anchors, margin, bins, range (did you mean kappa?), got "kapa"',
    );
    expect(() => hostLoss(undefined as never)).toThrow('options: expected an object with attributes');
    expect(() => hostLoss({ attributes: [2], alpha: 2 })).toThrow('alpha');
  });

  it('refuses features that are not finite, and names them', () => {
    const { rectification } = hostLoss({ attributes: [2], level: 'instance' });
    const features = Float32Array.of(1, 2, 3, Number.NaN);
    expect(() => rectification({ labels: [0, 1], features })).toThrow(
      'features[1][1]: expected a finite number',
    );
    expect(() => rectification({ labels: [0, 1] })).toThrow('features: expected');
    expect(() => rectification({ labels: [0, 1], features: new Float32Array(3) })).toThrow('features[1]');
  });
});

describe('hostLoss of more classes than sixteen bits can number', () => {
  const classes = 65_539;
  const last = classes - 1;
  const labels = [last, last, 3, 3, 3, 65_536, 65_536, 0, 0];
  const choices = { kappa: 2, rho: 1 } as const;

  it('mines and compares the last of them, and finds their probabilities', () => {
    const random = randomOf(5);
    const scores = Float32Array.from({ length: labels.length * classes }, random);
    for (const [i, label] of labels.entries()) scores[i * classes + label] = 10 + i / 4;
    for (let i = 2; i < 7; i++) scores[i * classes + last] = 9 + i / 8; // hard negatives of the last class
    const rows = labels.map((_, i) => Array.from(scores.subarray(i * classes, (i + 1) * classes)));
    const given = { attributes: [classes], labels: labels.map((label) => [label]), fromLogits: true };
    const batch = createBatch({ ...given, scores: rows });
    const right = balancedLoss(batch, { ...resolveOptions(batch, choices), alpha: 0.5 });
    expect(right.rectification).toBeGreaterThan(0);
    const { balanced } = hostLoss({ attributes: [classes], ...choices, alpha: 0.5, fromLogits: true });
    for (const exact of [false, true]) {
      const found = balanced({ labels, scores: exact ? Float64Array.from(scores) : scores });
      expect(found.anchors).toBe(9);
      expect(found.triplets).toBe(right.statistics.triplets);
      expect(found.rectification).toBeCloseTo(right.rectification, 6);
      expect(found.crossEntropy).toBeCloseTo(right.crossEntropy, 5);
      const wrong = Array.from(found.gradient).findIndex(
        (slope, at) => !(Math.abs(slope - (right.gradient.data[at] as number)) < 1e-7),
      );
      expect(wrong).toBe(-1);
    }
  });
});
