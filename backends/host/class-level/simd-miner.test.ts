import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSchema } from '../../../spec/index.js';
import { type FlatSchema, flattenSchema } from '../batch/flat-schema.js';
import { HIGHEST, LOWEST, rowMajor, type ScoreView } from '../batch/scores.js';
import { countClasses, createSelection, selectMinorityClasses } from '../batch/selection.js';
import { reserve, type SimdFunctions, simdFunctions } from '../simd/functions.js';
import { Miner } from './mining.js';
import { type SampleSize, sampledRow, sampleSize } from './sampled-bounds.js';
import { SimdMiner } from './simd-miner.js';

interface Case {
  readonly encoding: 'categorical' | 'one-attribute';
  readonly classes: number;
  readonly kappa: number;
  readonly labels: Int32Array;
  readonly scores: Float32Array;
}

const schemaOf = ({ encoding, classes }: Pick<Case, 'encoding' | 'classes'>): FlatSchema =>
  flattenSchema(createSchema({ attributes: [classes], encoding }));

/** The lists of both sides, class by class; undefined if a score is not a probability. */
function mined(own: Case, simd: boolean, view: ScoreView = rowMajor(own.scores, own.classes)) {
  const schema = schemaOf(own);
  const found = SimdMiner.create(schema);
  expect(found).toBeDefined();
  // a wrapper, which records whether the SIMD miner was called and did not decline
  let answered = false;
  const asked = {
    mine: (...given: Parameters<SimdMiner['mine']>) => {
      const answer = (found as SimdMiner).mine(...given);
      answered = answer !== undefined;
      return answer;
    },
  } as SimdMiner;
  const miner = simd ? new Miner(schema, asked) : plainMiner(schema);
  const selection = createSelection(schema);
  const size = own.labels.length / schema.labelWidth;
  expect(countClasses(schema, own.labels, size, selection)).toBe(true);
  selectMinorityClasses(schema, 0.9, selection);
  const valid = miner.mine(own.labels, view, selection, own.kappa);
  expect(answered).toBe(simd);
  if (!valid) return undefined;
  return [miner.positives, miner.negatives].map(({ start, count, hardness, row }) =>
    Array.from({ length: selection.minorityCount }, (_, t) => {
      const [from, to] = [start[t], start[t] + count[t]];
      // −0 is 0
      const values = Array.from(hardness.subarray(from, to), (x) => x + 0);
      return { values, rows: Array.from(row.subarray(from, to)) };
    }),
  );
}

/** A miner whose SIMD miner always declines. */
function plainMiner(schema: FlatSchema): Miner {
  return new Miner(schema, { mine: () => undefined } as unknown as SimdMiner);
}

const TIED = [0, 0.25, 0.5, 1, -0, Math.fround(LOWEST / 2), Math.fround(1 + (HIGHEST - 1) / 2)];
const anyScore = fc.oneof(
  fc.constantFrom(...TIED),
  fc.float({ min: 0, max: 1, noNaN: true }),
  fc.float({ min: Math.fround(0.9), max: 1, noNaN: true }),
);

/** Many numbers made from few, so that long batches are drawn fast and shrink well. */
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    encoding: fc.constantFrom('categorical' as const, 'one-attribute' as const),
    classes: fc.integer({ min: 2, max: 21 }),
    size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 120, max: 700 })),
    kappa: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 80 })),
    scores: fc.array(anyScore, { minLength: 1, maxLength: 60 }),
    stride: fc.integer({ min: 1, max: 97 }),
    tail: fc.integer({ min: 1, max: 5 }),
    unlabelled: fc.boolean(),
  })
  .map(({ encoding, classes, size, kappa, scores, stride, tail, unlabelled }) => {
    const mixed = (at: number) => ((at * 2_654_435_761) >>> 0) / 2 ** 32;
    const labels =
      encoding === 'categorical'
        ? Int32Array.from({ length: size }, (_, i) =>
            unlabelled && i % 7 === 0 ? -1 : Math.floor(classes * mixed(i + 1) ** tail),
          )
        : Int32Array.from({ length: size * classes }, (_, at) => Number(mixed(at + 1) < 1 / (1 + tail)));
    const drawn = Float32Array.from(
      { length: size * classes },
      (_, at) => scores[(at * stride + (at >> 3)) % scores.length],
    );
    return { encoding, classes, kappa, labels, scores: drawn };
  });

describe('mining with SIMD', () => {
  it('gives the same lists as mining without', () => {
    fc.assert(
      fc.property(anyCase, (own) => {
        expect(mined(own, true)).toEqual(mined(own, false));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it.each(['categorical', 'one-attribute'] as const)(
    'finds every score that is not a probability: %s',
    (encoding) => {
      const classes = 7;
      const size = 9;
      const labels =
        encoding === 'categorical'
          ? Int32Array.from({ length: size }, (_, i) => (i < 2 ? 1 : 0))
          : new Int32Array(size * classes).map((_, at) => Number(at % 5 === 0));
      const bad = [Number.NaN, -0.5, 1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -Number.NaN];
      for (let at = 0; at < size * classes; at++) {
        for (const score of bad) {
          const scores = new Float32Array(size * classes).fill(0.5);
          scores[at] = score;
          expect([at, score, mined({ encoding, classes, kappa: 2, labels, scores }, true)]).toEqual([
            at,
            score,
            undefined,
          ]);
        }
      }
    },
  );

  it('mines batches of several blocks', () => {
    const [size, classes] = [300, 1000];
    const labels = Int32Array.from({ length: size }, (_, i) => (i * 7) % 90);
    const scores = Float32Array.from({ length: size * classes }, (_, at) => ((at * 7919) % 10_007) / 10_007);
    const own: Case = { encoding: 'categorical', classes, kappa: 25, labels, scores };
    expect(mined(own, true)).toEqual(mined(own, false));
  });

  it.each([
    ['rising', (i: number, n: number) => i / n],
    ['falling', (i: number, n: number) => 1 - i / n],
    ['up and down', (i: number, n: number) => Math.min(i, n - i) / n],
    ['all the same', () => 0.5],
    ['saw', (i: number) => (i % 10) / 10],
    ['rising, all below 0', (i: number, n: number) => (LOWEST / 2) * (1 - i / n)],
    ['rising through 0', (i: number, n: number) => (i < n / 2 ? LOWEST * (1 / 2 - i / n) : i / n - 1 / 2)],
  ])('sorts and cuts long lists: %s', (_, scoreOf) => {
    const [size, classes] = [2000, 3];
    const labels = Int32Array.from({ length: size }, (_, i) => (i % 10 === 0 ? 1 : i % 3 === 0 ? 2 : 0));
    const scores = Float32Array.from({ length: size * classes }, (_, at) =>
      scoreOf(Math.floor(at / classes), size),
    );
    for (const kappa of [1, 24, 25, 26, 49, 150, 1999]) {
      const own: Case = { encoding: 'categorical', classes, kappa, labels, scores };
      expect(mined(own, true)).toEqual(mined(own, false));
    }
  });

  it('raises a bound to the last sample to keep, and no further', () => {
    // scores rise by the least step, so that after a cut the next score is the least above the last one kept
    for (let size = 20; size < 64; size++) {
      const labels = Int32Array.from({ length: size }, (_, i) => (i < 2 ? 1 : 0));
      const scores = Float32Array.from({ length: 2 * size }, (_, at) => 0.5 + (at >> 1) * 2 ** -24);
      const own: Case = { encoding: 'categorical', classes: 2, kappa: 1, labels, scores };
      expect(mined(own, true)?.[1]?.[0]?.rows).toEqual([size - 1]);
    }
  });

  it('walks a column again whose estimate was too high', () => {
    const [size, classes, kappa] = [1024, 3, 25];
    const sample = sampleSize(size, kappa) as SampleSize;
    const labels = Int32Array.from({ length: size }, (_, i) => (i % 40 === 0 ? 1 : 0));
    // falling scores; a third is below 0, and must not be taken instead of those that the bound left out
    const scores = Float32Array.from({ length: size * classes }, (_, at) => {
      const i = Math.floor(at / classes);
      return i % 3 === 0 ? LOWEST / 2 : 0.8 - i / 2000;
    });
    // as many high scores as the rank of the estimate, all in sampled rows
    let high = 0;
    for (let r = 0; high < sample.rank; r++) {
      const i = sampledRow(r, sample.rows, size);
      if (labels[i] === 1) continue;
      scores[i * classes + 1] = 0.9;
      high += 1;
    }
    const own: Case = { encoding: 'categorical', classes, kappa, labels, scores };
    const found = mined(own, true);
    expect(found?.[1]?.[0]?.rows.length).toBe(kappa);
    expect(found).toEqual(mined(own, false));
  });

  it('works after the shared memory has grown', () => {
    const schema = schemaOf({ encoding: 'categorical', classes: 3 });
    const miner = new Miner(schema);
    const labels = Int32Array.of(0, 0, 0, 1, 1);
    const view = rowMajor(
      Float32Array.from({ length: 15 }, (_, at) => at / 15),
      3,
    );
    const selection = createSelection(schema);
    countClasses(schema, labels, 5, selection);
    selectMinorityClasses(schema, 0.5, selection);
    const rows = () => {
      expect(miner.mine(labels, view, selection, 2)).toBe(true);
      return Array.from(miner.negatives.row.subarray(0, 2));
    };
    const before = rows();
    const simd = simdFunctions() as SimdFunctions;
    expect(reserve(simd, simd.memory.buffer.byteLength + 1)).toBe(true);
    expect(rows()).toEqual(before);
  });

  it('declines scores that are not adjacent rows of float32, and other schemas', () => {
    const own: Case = {
      encoding: 'categorical',
      classes: 3,
      kappa: 2,
      labels: Int32Array.of(0, 0, 0, 1, 1),
      scores: Float32Array.from({ length: 15 }, (_, at) => at / 15),
    };
    const schema = schemaOf(own);
    const selection = createSelection(schema);
    countClasses(schema, own.labels, 5, selection);
    selectMinorityClasses(schema, 0.5, selection);
    const ask = (view: ScoreView) => {
      const miner = new Miner(schema);
      miner.mine(own.labels, view, selection, 2); // allocates the lists
      return (SimdMiner.create(schema) as SimdMiner).mine(own.labels, view, selection, 2, miner);
    };
    expect(ask(rowMajor(own.scores, 3))).toBe(true);
    expect(ask(rowMajor(Float64Array.from(own.scores), 3))).toBeUndefined();
    expect(ask({ data: own.scores, offset: 0, rowStride: 1, columnStride: 5 })).toBeUndefined();
    expect(ask({ data: new Float32Array(20), offset: 0, rowStride: 4, columnStride: 1 })).toBeUndefined();
    expect(SimdMiner.create(flattenSchema(createSchema({ attributes: [3, 3] })))).toBeUndefined();
    expect(
      SimdMiner.create(flattenSchema(createSchema({ attributes: [2, 2], encoding: 'multi-label' }))),
    ).toBeUndefined();
  });

  it('reads scores from the offset of the view', () => {
    const own: Case = {
      encoding: 'categorical',
      classes: 5,
      kappa: 2,
      labels: Int32Array.of(0, 0, 0, 1, 1, 2, 2),
      scores: Float32Array.from({ length: 35 }, (_, at) => ((at * 11) % 35) / 35),
    };
    const shifted = new Float32Array(40);
    shifted.set(own.scores, 5);
    const view = { ...rowMajor(shifted, 5), offset: 5 };
    expect(mined(own, true, view)).toEqual(mined(own, false));
  });
});
