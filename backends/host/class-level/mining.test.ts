import { describe, expect, it, vi } from 'vitest';
import { createSchema } from '../../../spec/index.js';
import { randomOf } from '../adversarial.test-helper.js';
import { flattenSchema } from '../batch/flat-schema.js';
import { membership } from '../batch/labels.js';
import { HIGHEST, LOWEST, rowMajor, type ScoreView } from '../batch/scores.js';
import { LAYOUTS } from '../batch/scores.test-helper.js';
import { FLAT_SCHEMAS, type Labelled, labelled } from '../batch/selection.test-helper.js';
import { Miner } from './mining.js';
import { type SampleSize, sampledRow, sampleSize } from './sampled-bounds.js';
import type { SimdMiner } from './simd-miner.js';

/** A miner whose SIMD miner always declines, so that it mines itself. */
function minerOf({ schema }: Labelled): Miner {
  return new Miner(schema, { mine: () => undefined } as unknown as SimdMiner);
}

interface Pushed {
  readonly minorityIndex: number;
  readonly hardness: number;
}

/** Mines a batch, and returns what was pushed to the hard negatives. */
function pushes(batch: Labelled, scores: ScoreView, kappa: number): Pushed[] {
  const miner = minerOf(batch);
  const push = vi.spyOn(miner.negatives, 'push');
  expect(miner.mine(batch.labels, scores, batch.selection, kappa)).toBe(true);
  return push.mock.calls.map(([minorityIndex, hardness]) => ({ minorityIndex, hardness }));
}

/** One label; either of its classes, or both, can be a minority class. */
const ONE_LABEL = flattenSchema(createSchema({ attributes: [2], encoding: 'multi-label' }));
const [ABSENT, PRESENT] = [0, 1];

/** Samples of one label, with the given minority classes. */
function ofLabel(present: readonly boolean[], minority: readonly number[]): Labelled {
  return labelled(
    ONE_LABEL,
    present.map((is) => [Number(is)]),
    (c) => minority.includes(c),
  );
}

const ALL_LAYOUTS = Object.keys(LAYOUTS);
const laid = (layout: string, scores: readonly number[]) => LAYOUTS[layout]?.(scores, scores.length);

/** Compares the lists of a batch with sorted samples; `scores` are those of `view`, row by row. */
function expectHardest(batch: Labelled, scores: readonly number[], view: ScoreView, kappa: number): void {
  const { schema, labels, selection, size } = batch;
  const miner = minerOf(batch);
  expect(miner.mine(labels, view, selection, kappa)).toBe(true);
  for (let t = 0; t < selection.minorityCount; t++) {
    const c = selection.column[t];
    const hardest = (of: 0 | 1, sign: 1 | -1, most: number) => {
      const factor = sign * schema.signOf[c];
      const hardness = (i: number) => factor * scores[i * schema.width + schema.scoreOf[c]];
      return Array.from({ length: size }, (_, i) => i)
        .filter((i) => membership(schema, labels, i, c) === of)
        .sort((a, b) => hardness(b) - hardness(a) || a - b)
        .slice(0, most);
    };
    for (const [{ row, start, count }, right] of [
      [miner.positives, hardest(1, -1, kappa + 1)],
      [miner.negatives, hardest(0, 1, kappa)],
    ] as const) {
      const from = start[t];
      expect(Array.from(row.subarray(from, from + count[t]))).toEqual(right);
    }
  }
}

describe.each(Object.values(FLAT_SCHEMAS))('of $encoding labels', (schema) => {
  const lowest = schema.encoding === 'one-attribute' ? 0 : -1;
  it.each(ALL_LAYOUTS)('the hardest samples of each class are found, scores in %s', (layout) => {
    const random = randomOf(7);
    for (const [size, kappa] of [
      [1, 1],
      [9, 2],
      [40, 3],
      [300, 2],
      [300, 20],
    ] as const) {
      const label = () => Math.max(lowest, Math.floor(2.2 * random()) - (random() < 0.2 ? 1 : 0));
      const rows = Array.from({ length: size }, () =>
        Array.from({ length: schema.labelWidth }, () => Math.min(1, label())),
      );
      const scores = Array.from({ length: size * schema.width }, () => Math.floor(50 * random()) / 50);
      const view = LAYOUTS[layout]?.(scores, size);
      for (const none of [-1, 0, 1, 2]) {
        expectHardest(
          labelled(schema, rows, (c) => c !== none),
          scores,
          view,
          kappa,
        );
      }
    }
  });

  it('only members of minority classes are pushed to the positives', () => {
    const rows = Array.from({ length: 20 }, (_, i) => new Array<number>(schema.labelWidth).fill(i % 2));
    const batch = labelled(schema, rows, (c) => c === 1);
    const miner = minerOf(batch);
    const push = vi.spyOn(miner.positives, 'push');
    const scores = new Float64Array(20 * schema.width).fill(0.5);
    miner.mine(batch.labels, rowMajor(scores, schema.width), batch.selection, 3);
    expect(push).toHaveBeenCalledTimes(batch.selection.anchors);
  });
});

describe('scores are walked in the order they lie in memory', () => {
  const [size, width] = [40, 12];
  const batch = labelled(
    flattenSchema(createSchema({ attributes: [width] })),
    Array.from({ length: size }, (_, i) => [i % width]),
    (c) => c < 2,
  );
  it.each<[string, Omit<ScoreView, 'data'>]>([
    ['rows', { offset: 0, rowStride: width, columnStride: 1 }],
    ['rows, backward', { offset: size * width - 1, rowStride: -width, columnStride: -1 }],
    ['columns', { offset: 0, rowStride: 1, columnStride: size }],
    ['columns, backward', { offset: size * width - 1, rowStride: -1, columnStride: -size }],
  ])('%s', (_, layout) => {
    let travelled = 0;
    let last = 0;
    const data = new Proxy(new Float64Array(size * width).fill(0.5), {
      get: (of, key) => {
        const at = Number(key);
        if (!Number.isNaN(at)) {
          travelled += Math.abs(at - last);
          last = at;
        }
        return Reflect.get(of, key);
      },
    });
    minerOf(batch).mine(batch.labels, { ...layout, data }, batch.selection, 2);
    // there and back for the members of two classes; in the wrong order every step would be as long as a
    // row or column
    expect(travelled).toBeLessThan(6 * size * width);
  });
});

describe.each(ALL_LAYOUTS)('of scores in %s', (layout) => {
  /** The capacity of a list that keeps one sample. */
  const CAPACITY = 19;
  const N = 120; // too few for bounds to be estimated

  it.each([
    ['present', PRESENT, (i: number) => 1 - i / 200],
    ['absent', ABSENT, (i: number) => i / 200],
  ] as const)('no sample is pushed once enough harder ones are known: %s', (_, minority, scoreOf) => {
    // the hardest samples come first
    const batch = ofLabel(
      Array.from({ length: N }, (_, i) => i < N - 2 === (minority === ABSENT)),
      [minority],
    );
    const scores = Array.from({ length: N }, (_, i) => scoreOf(i));
    const considered = vi.spyOn(
      Miner.prototype as unknown as { considerNegative(): boolean },
      'considerNegative',
    );
    expect(pushes(batch, laid(layout, scores), 1).length).toBe(CAPACITY);
    // the others are passed over by their bounds
    expect(considered.mock.calls.length).toBe(CAPACITY);
    considered.mockRestore();
  });

  it('what is hard for the presence of a label is not pushed for its absence, nor the reverse', () => {
    const present = Array.from({ length: N }, (_, i) => i % 2 === 1);
    const batch = ofLabel(present, [ABSENT, PRESENT]);
    const counts = (scoreOf: (i: number) => number) => {
      const scores = Array.from({ length: N }, (_, i) => scoreOf(i));
      const found = pushes(batch, laid(layout, scores), 1);
      return [ABSENT, PRESENT].map(
        (minorityIndex) => found.filter((pushed) => pushed.minorityIndex === minorityIndex).length,
      );
    };
    // present samples score ever lower, so that each is harder for absence than those before; absent ones
    // score high first, then lowest
    const [forAbsence, forPresence] = counts((i) => (i % 2 ? 0.4 - i / 400 : i < 38 ? 0.9 : 0.05));
    expect(forAbsence).toBeGreaterThan(CAPACITY);
    expect(forPresence).toBe(CAPACITY);
    const reverse = counts((i) => (i % 2 ? (i < 38 ? 0.1 : 0.95) : 0.6 + i / 400));
    expect(reverse[0]).toBe(CAPACITY);
    expect(reverse[1]).toBeGreaterThan(CAPACITY);
  });

  it.each([
    ['present', PRESENT, 0.9, 0.1],
    ['absent', ABSENT, 0.1, 0.9],
  ] as const)(
    'every sample that reaches the estimate is pushed, and no other: %s',
    (_, minority, hard, easy) => {
      const n = 1024;
      const is = (i: number) => i % 32 === 31;
      const batch = ofLabel(
        Array.from({ length: n }, (_, i) => is(i) === (minority === PRESENT)),
        [minority],
      );
      // one in eight is hard, and all of these are equally hard: that is the estimate
      const scores = Array.from({ length: n }, (_, i) => (i % 8 === 0 ? hard : easy));
      const found = pushes(batch, laid(layout, scores), 60);
      expect(found.length).toBe(n / 8);
      expect(new Set(found.map(({ hardness }) => hardness))).toEqual(
        new Set([minority === PRESENT ? hard : -hard]),
      );
    },
  );

  it.each([
    ['present', PRESENT, 1],
    ['absent', ABSENT, -1],
  ] as const)('a column is walked again if its estimate was too high: %s', (_, minority, sign) => {
    const [n, kappa] = [1024, 25];
    const sample = sampleSize(n, kappa) as SampleSize;
    const batch = ofLabel(
      Array.from({ length: n }, (_, i) => (i % 32 === 31) === (minority === PRESENT)),
      [minority],
    );
    const scores = Array.from({ length: n }, (_, i) => 0.5 + (sign * ((i * 37) % n)) / 4096);
    // as many hard samples as the rank of the estimate, all in sampled rows
    for (let r = 0, hard = 0; hard < sample.rank; r++) {
      const i = sampledRow(r, sample.rows, n);
      if (i % 32 === 31) continue;
      scores[i] = 0.5 + sign * 0.4;
      hard += 1;
    }
    expectHardest(batch, scores, laid(layout, scores), kappa);
  });

  it('only the rows of the batch are walked again, in the column of a later label', () => {
    const schema = flattenSchema(createSchema({ attributes: [2, 2], encoding: 'multi-label' }));
    const [n, kappa] = [1024, 25];
    const sample = sampleSize(n, kappa) as SampleSize;
    const rows = Array.from({ length: n }, (_, i) => [0, +(i % 32 === 31)]);
    const batch = labelled(schema, rows, (c) => c === 3);
    const scores = Array.from({ length: n }, (_, i) => [0.5, 0.5 + ((i * 37) % n) / 4096]);
    for (let r = 0, hard = 0; hard < sample.rank; r++) {
      const i = sampledRow(r, sample.rows, n);
      if (i % 32 === 31) continue;
      scores[i][1] = 0.9;
      hard += 1;
    }
    const view = LAYOUTS[layout]?.(scores.flat(), n);
    // an earlier, larger batch left another hard sample in the arrays
    const labels = Int32Array.of(...batch.labels, 0, 0);
    expectHardest({ ...batch, labels }, scores.flat(), view, kappa);
    const longer = rowMajor(Float64Array.of(...scores.flat(), 1, 1), schema.width);
    expectHardest({ ...batch, labels }, scores.flat(), longer, kappa);
  });

  it('a batch is refused if a score is not a probability', () => {
    const batch = ofLabel([true, false, true, false], [PRESENT]);
    for (const [at, wrong] of [2, -1, Number.NaN].entries()) {
      const scores = [0.5, 0.25, 0.75, 1];
      scores[at] = wrong;
      expect(minerOf(batch).mine(batch.labels, laid(layout, scores), batch.selection, 1)).toBe(false);
    }
  });

  it('no column is walked again if a list has exactly as many as it keeps', () => {
    const batch = ofLabel(
      Array.from({ length: 12 }, (_, i) => i < 8),
      [PRESENT],
    );
    const scores = Array.from({ length: 12 }, (_, i) => i / 12);
    expect(pushes(batch, laid(layout, scores), 4).length).toBe(4);
  });

  it('no sample is tested as a negative of a class that has all samples', () => {
    const n = 100;
    const batch = ofLabel(new Array<boolean>(n).fill(true), [PRESENT]);
    let reads = 0;
    const labels = new Proxy(batch.labels, {
      get: (of, key) => {
        reads += 1;
        return Reflect.get(of, key);
      },
    });
    minerOf(batch).mine(labels, laid(layout, new Array<number>(n).fill(0.5)), batch.selection, 2);
    // each label is read once, to find the members
    expect(reads).toBe(n);
  });
});

it.each(ALL_LAYOUTS)('a score at the limit of the tolerance is a probability, %s', (layout) => {
  const scores = [HIGHEST, LOWEST, 0.5, HIGHEST, LOWEST];
  for (const minority of [[], [ABSENT], [PRESENT], [ABSENT, PRESENT]]) {
    expectHardest(ofLabel([true, false, true, false, true], minority), scores, laid(layout, scores), 2);
  }
});

it('a score that is not a probability is found even if bounds are estimated from such scores', () => {
  const n = 1024;
  const batch = ofLabel(
    Array.from({ length: n }, (_, i) => i % 32 === 31),
    [PRESENT],
  );
  for (const bad of [2, -2, Number.NaN]) {
    const scores = new Float64Array(n).fill(bad);
    expect(minerOf(batch).mine(batch.labels, rowMajor(scores, 1), batch.selection, 4)).toBe(false);
    const absent = ofLabel(
      Array.from({ length: n }, (_, i) => i % 32 !== 31),
      [ABSENT],
    );
    expect(minerOf(absent).mine(absent.labels, rowMajor(scores, 1), absent.selection, 4)).toBe(false);
  }
});
