import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttributeInput, createSchema, type Encoding } from '../../../spec/index.js';
import { randomOf } from '../adversarial.test-helper.js';
import { type FlatSchema, flattenSchema } from '../batch/flat-schema.js';
import { membership } from '../batch/labels.js';
import type { ScoreView } from '../batch/scores.js';
import { countClasses, createSelection, type Selection, setMinorityClasses } from '../batch/selection.js';
import { isWorthSampling, SampledBounds, sampledRow, sampleSize } from './sampled-bounds.js';

describe('sampling pays', () => {
  it('if there are at least 8κ samples', () => {
    expect([79, 80, 81].map((from) => isWorthSampling(10, from))).toEqual([false, true, true]);
  });

  it('in batches of at least 128 samples', () => {
    expect(sampleSize(127, 1)).toBeUndefined();
    expect(sampleSize(128, 1)).toBeDefined();
    expect(sampleSize(128, 16)).toBeDefined();
    expect(sampleSize(128, 17)).toBeUndefined();
  });
});

describe('the sampled rows', () => {
  it('are one in eight for small κ, else so many that three of the κ hardest are expected among them', () => {
    expect(sampleSize(1024, 1)?.rows).toBe(128);
    expect(sampleSize(1024, 24)?.rows).toBe(128);
    expect(sampleSize(1024, 25)?.rows).toBe(123); // 1024 · 3/25 = 122.9
    expect(sampleSize(4096, 300)?.rows).toBe(41);
  });

  it('give as estimate the score whose rank is 2.5 standard deviations above the expected number', () => {
    expect(sampleSize(1024, 1)?.rank).toBe(2); // 1/8 + 2.5 · 0.35 = 1.01
    expect(sampleSize(1024, 16)?.rank).toBe(6); // 2 + 2.5 · 1.41 = 5.5
    expect(sampleSize(1024, 25)?.rank).toBe(8); // 3 + 2.5 · 1.73 = 7.3
    expect(sampleSize(4096, 300)?.rank).toBe(8);
  });

  it('are spread over the batch', () => {
    expect([0, 1, 2, 3].map((r) => sampledRow(r, 4, 11))).toEqual([0, 2, 5, 8]);
  });
});

const SCHEMAS: [Encoding, AttributeInput[]][] = [
  ['categorical', [3, 4]],
  ['multi-label', [2, 2, 2]],
  ['one-attribute', [5]],
];

interface Batch {
  readonly size: number;
  readonly kappa: number;
  readonly seed: number;
  readonly order: 'rows' | 'columns' | 'rows backwards';
}

const anyBatch: fc.Arbitrary<Batch> = fc.record({
  size: fc.integer({ min: 120, max: 200 }),
  kappa: fc.integer({ min: 1, max: 18 }),
  seed: fc.nat(),
  order: fc.constantFrom('rows', 'columns', 'rows backwards'),
});

/** Most samples are of the first few classes, so that some classes have few non-members. */
function drawLabels(schema: FlatSchema, size: number, random: () => number): Int32Array {
  const { encoding, labelWidth } = schema;
  return Int32Array.from({ length: size * labelWidth }, (_, at) => {
    if (encoding === 'one-attribute') return Number(random() < 0.2 * (at % labelWidth));
    return random() < 0.1 ? -1 : Math.floor(random() ** 4 * (encoding === 'multi-label' ? 2 : 3));
  });
}

/** Selects every class, or every third: fewer or more than in the batch before. */
function select(schema: FlatSchema, labels: Int32Array, size: number, every: number): Selection {
  const selection = createSelection(schema);
  countClasses(schema, labels, size, selection);
  const classes: number[][] = Array.from({ length: schema.attributes }, () => []);
  for (let c = 0; c < schema.columns; c += every) {
    classes[schema.attributeOf[c]]?.push(schema.classOf[c]);
  }
  setMinorityClasses(schema, classes, selection);
  return selection;
}

/** Scores with ties in a larger array, whose other numbers are as high as a score can be. */
function drawScores({ size, order }: Batch, width: number, random: () => number): ScoreView {
  const length = size * width;
  const data = new Float64Array(3 * length).fill(1);
  for (let at = length; at < 2 * length; at++) data[at] = Math.floor(40 * random() ** 2) / 40;
  if (order === 'columns') return { data, offset: length, rowStride: 1, columnStride: size };
  if (order === 'rows') return { data, offset: length, rowStride: width, columnStride: 1 };
  return { data, offset: 2 * length - width, rowStride: -width, columnStride: 1 };
}

/** What the contract demands: the rank-th hardest negative of the sampled rows. */
function right(
  schema: FlatSchema,
  labels: Int32Array,
  { data, offset, rowStride, columnStride }: ScoreView,
  selection: Selection,
  kappa: number,
): number[] {
  const sample = sampleSize(selection.size, kappa);
  return Array.from(selection.column.subarray(0, selection.minorityCount), (c, t) => {
    if (!sample || !isWorthSampling(kappa, selection.others[t])) return Number.NEGATIVE_INFINITY;
    const at = offset + schema.scoreOf[c] * columnStride;
    return (
      Array.from({ length: sample.rows }, (_, r) => sampledRow(r, sample.rows, selection.size))
        .filter((i) => membership(schema, labels, i, c) === 0)
        .map((i) => schema.signOf[c] * data[at + i * rowStride])
        .sort((a, b) => b - a)
        .at(sample.rank - 1) ?? Number.NEGATIVE_INFINITY
    );
  });
}

describe.each(SCHEMAS)('the estimate for each minority class of a batch, %s', (encoding, attributes) => {
  const schema = flattenSchema(createSchema({ encoding, attributes }));

  it('is the rank-th hardest negative of the sampled rows, or none', () => {
    const bounds = new SampledBounds(schema);
    let [estimated, none] = [0, 0];
    fc.assert(
      fc.property(anyBatch, fc.constantFrom(1, 3), (batch, every) => {
        const random = randomOf(batch.seed);
        const labels = drawLabels(schema, batch.size, random);
        const scores = drawScores(batch, schema.width, random);
        const selection = select(schema, labels, batch.size, every);
        bounds.estimate(labels, scores, selection, batch.kappa);
        const expected = right(schema, labels, scores, selection, batch.kappa);
        // −0 is 0
        expect(
          Array.from(bounds.threshold.subarray(0, selection.minorityCount), (hardness) => hardness + 0),
        ).toEqual(expected.map((hardness) => hardness + 0));
        for (const hardness of expected) Number.isFinite(hardness) ? estimated++ : none++;
      }),
      { seed: 1, numRuns: 200 },
    );
    expect(Math.min(estimated, none)).toBeGreaterThan(20);
  });
});
