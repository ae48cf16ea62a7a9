import { describe, expect, it, vi } from 'vitest';
import { createSchema } from '../../../spec/index.js';
import { bitsBelow } from '../arrays/float-bits.js';
import { type FlatSchema, flattenSchema } from '../batch/flat-schema.js';
import { HIGHEST, LOWEST, type ScoreView } from '../batch/scores.js';
import { countClasses, createSelection, type Selection, selectMinorityClasses } from '../batch/selection.js';
import { reserve, type SimdFunctions, simdFunctions } from '../simd/functions.js';
import { Miner } from './mining.js';
import { isWorthSampling, sampledRow, sampleSize } from './sampled-bounds.js';
import { BLOCK_SCORES } from './simd-layout.js';
import { SimdMiner } from './simd-miner.js';

// Estimated bounds, and what the memory holds meanwhile, change the time that mining takes and not its
// result. So these tests look at the calls of the SIMD functions themselves.

const simd = simdFunctions() as SimdFunctions;
/** Fills the memory before each call: as a score it is higher than any, as a count more than any. */
const JUNK = 0x7e7e7e7e;

interface Case {
  readonly encoding: 'categorical' | 'one-attribute';
  readonly classes: number;
  readonly size: number;
  readonly kappa: number;
}

interface Batch {
  readonly schema: FlatSchema;
  readonly labels: Int32Array;
  readonly view: ScoreView & { readonly data: Float32Array };
  readonly selection: Selection;
  readonly kappa: number;
}

function batchOf({ encoding, classes, size, kappa }: Case): Batch {
  const schema = flattenSchema(createSchema({ attributes: [classes], encoding }));
  const mixed = (at: number) => ((at * 2_654_435_761) >>> 0) / 2 ** 32;
  const labels =
    encoding === 'categorical'
      ? Int32Array.from({ length: size }, (_, i) =>
          i % 5 === 0 ? -1 : classes - 1 - Math.floor(classes * mixed(i + 1) ** 3),
        )
      : Int32Array.from({ length: size * classes }, (_, at) => Number(mixed(at + 1) < 0.1));
  const offset = 3;
  // in one column most scores are below 0, by less than the tolerance, so that bounds are estimated from
  // such scores too
  const data = Float32Array.from({ length: offset + size * classes }, (_, at) => {
    const score = mixed(3 * at + 7);
    return (at - offset) % classes === 1 ? (score > 0.98 ? score : LOWEST * score) : score;
  });
  const selection = createSelection(schema);
  expect(countClasses(schema, labels, size, selection)).toBe(true);
  // an earlier selection with more minority classes leaves its numbers in the arrays
  selectMinorityClasses(schema, 1, selection);
  selectMinorityClasses(schema, 0.9, selection);
  expect(selection.minorityCount).toBeGreaterThan(0);
  return { schema, labels, view: { data, offset, rowStride: classes, columnStride: 1 }, selection, kappa };
}

/** A copy of numbers in memory. */
const integersAt = (at: number, length: number) => Array.from(new Int32Array(simd.memory.buffer, at, length));
const floatsAt = (at: number, length: number) => Array.from(new Float32Array(simd.memory.buffer, at, length));

/** Some rows of a matrix, from row `from` on. */
const rowsOf = (of: Float32Array | Int32Array, from: number, rows: number, width: number, offset = 0) =>
  Array.from(of.subarray(offset + from * width, offset + (from + rows) * width));

/** Mines a batch, and returns what the SIMD functions were called with. */
function asked({ schema, labels, view, selection, kappa }: Batch) {
  // so much that no batch makes the memory grow, which would add zeros
  reserve(simd, 2 ** 21);
  new Int32Array(simd.memory.buffer).fill(JUNK);
  const { width, labelWidth } = schema;
  const sampled: unknown[] = [];
  const scanned: unknown[] = [];
  let before: { readonly [what: string]: readonly number[] } | undefined;
  const observing: SimdFunctions = {
    ...simd,
    sample(...given) {
      const [row, ofRow, label, ofLabels, , rank] = given;
      const several = ofLabels === 0 ? undefined : integersAt(ofLabels, labelWidth);
      sampled.push({ scores: floatsAt(row, width), width: ofRow, label, labels: several, rank });
      simd.sample(...given);
    },
    scan(...given) {
      const [scores, rows, ofRow, first, ofLabels, multiHot, high, minorityIndexOf, positives, , negatives] =
        given;
      scanned.push({
        first,
        rows,
        width: ofRow,
        multiHot,
        scores: floatsAt(scores, rows * width),
        labels: integersAt(ofLabels, rows * labelWidth),
      });
      // one record more than there are minority classes, which must stay as it was
      const records = 4 * selection.minorityCount + 1;
      before ??= {
        high: integersAt(high, width),
        minorityIndexOf: integersAt(minorityIndexOf, width),
        positives: integersAt(positives, records),
        negatives: integersAt(negatives, records),
      };
      return simd.scan(...given);
    },
  };
  const miner = new Miner(schema, SimdMiner.create(schema, observing));
  expect(miner.mine(labels, view, selection, kappa)).toBe(true);
  return { miner, sampled, scanned, before };
}

/** The sampled rows that are labelled. */
function sampledRows({ schema, labels, selection: { size }, kappa }: Batch): number[] {
  const rows = sampleSize(size, kappa)?.rows ?? 0;
  return Array.from({ length: rows }, (_, r) => sampledRow(r, rows, size)).filter(
    (i) => schema.encoding !== 'categorical' || labels[i] >= 0,
  );
}

/** The bits of the float32 next below the rank-th highest sampled negative; −1 if that is not above 0. */
function estimatedBound(batch: Batch, t: number): number {
  const { schema, labels, view, selection, kappa } = batch;
  const sample = sampleSize(selection.size, kappa);
  if (!sample || !isWorthSampling(kappa, selection.others[t])) return -1;
  const c = selection.column[t];
  const isMember = (i: number) =>
    schema.encoding === 'categorical' ? labels[i] === c : labels[i * schema.width + c] === 1;
  const highest = sampledRows(batch)
    .filter((i) => !isMember(i))
    .map((i) => view.data[view.offset + i * schema.width + c])
    .sort((a, b) => b - a);
  return bitsBelow(highest[sample.rank - 1] ?? 0);
}

const CASES = (['categorical', 'one-attribute'] as const).flatMap((encoding): Case[] => [
  { encoding, classes: 2, size: 150, kappa: 3 },
  { encoding, classes: 7, size: 200, kappa: 2 },
  { encoding, classes: 8, size: 300, kappa: 20 },
  { encoding, classes: 13, size: 1000, kappa: 25 },
  // sampling pays for most classes, but not for all of them
  { encoding, classes: 6, size: 240, kappa: 27 },
  // a batch too small for sampling
  { encoding, classes: 6, size: 60, kappa: 1 },
  // too few negatives for sampling
  { encoding, classes: 6, size: 200, kappa: 60 },
  // several blocks, the last of them short
  { encoding, classes: 1000, size: 150, kappa: 4 },
]);

describe.each(CASES)('of $size samples, $classes classes, $encoding, κ $kappa', (own) => {
  const batch = batchOf(own);
  const { schema, labels, view, selection, kappa } = batch;
  const { size, minorityCount } = selection;
  const { width, labelWidth } = schema;

  it('each sampled row that is labelled is added once', () => {
    const { sampled } = asked(batch);
    const multiHot = own.encoding === 'one-attribute';
    expect(sampled).toEqual(
      sampledRows(batch).map((i) => ({
        scores: rowsOf(view.data, i, 1, width, view.offset),
        width,
        label: multiHot ? -1 : labels[i],
        labels: multiHot ? rowsOf(labels, i, 1, width) : undefined,
        rank: sampleSize(size, kappa)?.rank,
      })),
    );
  });

  it('the bounds of minority classes are the estimates, and those of other columns the limit of probabilities', () => {
    const { before } = asked(batch);
    const high = new Array(width).fill(bitsBelow(HIGHEST));
    for (let t = 0; t < minorityCount; t++) high[selection.column[t]] = estimatedBound(batch, t);
    expect(before?.high).toEqual(high);
    expect(before?.minorityIndexOf).toEqual(Array.from(selection.minorityIndexOf));
  });

  it('there is an empty list for each minority class', () => {
    const { miner, before } = asked(batch);
    for (const side of ['positives', 'negatives'] as const) {
      const { start, keep, capacity } = miner[side];
      const records = Array.from({ length: minorityCount }, (_, t) => [start[t], keep[t], capacity[t], 0]);
      expect(before?.[side]).toEqual([...records.flat(), JUNK]);
    }
  });

  it('every row is walked once, in blocks', () => {
    const { scanned } = asked(batch);
    const rows = Math.floor(BLOCK_SCORES / width);
    expect(scanned).toEqual(
      Array.from({ length: Math.ceil(size / rows) }, (_, b) => {
        const count = Math.min(rows, size - b * rows);
        return {
          first: b * rows,
          rows: count,
          width,
          multiHot: Number(own.encoding === 'one-attribute'),
          scores: rowsOf(view.data, b * rows, count, width, view.offset),
          labels: rowsOf(labels, b * rows, count, labelWidth),
        };
      }),
    );
  });
});

describe('the SIMD miner', () => {
  const batch = batchOf({ encoding: 'categorical', classes: 5, size: 40, kappa: 2 });
  const { schema, labels, selection, kappa } = batch;
  const data = batch.view.data.slice(batch.view.offset);
  const view: ScoreView = { data, offset: 0, rowStride: 5, columnStride: 1 };

  /** A miner whose lists are allocated. */
  function allocated(): Miner {
    const miner = new Miner(schema, undefined);
    miner.mine(labels, view, selection, kappa);
    return miner;
  }

  it('makes no view of a batch that fits one block', () => {
    const ofScores = vi.spyOn(data, 'subarray');
    const ofLabels = vi.spyOn(labels, 'subarray');
    expect(SimdMiner.create(schema)?.mine(labels, view, selection, kappa, allocated())).toBe(true);
    expect(ofScores).not.toHaveBeenCalled();
    expect(ofLabels).not.toHaveBeenCalled();
  });

  it('leaves lists beyond those of the minority classes as they are', () => {
    const lists = allocated();
    const { minorityCount } = selection;
    for (const side of [lists.positives, lists.negatives]) {
      side.count = new Int32Array(minorityCount + 1).fill(99);
    }
    expect(SimdMiner.create(schema)?.mine(labels, view, selection, kappa, lists)).toBe(true);
    for (const side of [lists.positives, lists.negatives]) {
      expect(side.count[minorityCount]).toBe(99);
      expect(side.count.subarray(0, minorityCount)).not.toContain(99);
    }
  });

  it('declines scores with gaps between them', () => {
    const apart: ScoreView = { ...view, columnStride: 2 };
    expect(SimdMiner.create(schema)?.mine(labels, apart, selection, kappa, allocated())).toBeUndefined();
  });

  it('declines schemas of several attributes, and of labels that have two classes per score', () => {
    const binary = flattenSchema(createSchema({ attributes: [2], encoding: 'multi-label' }));
    expect([binary.attributes, binary.columns]).toEqual([1, 2]);
    expect(SimdMiner.create(binary)).toBeUndefined();
    expect(SimdMiner.create(flattenSchema(createSchema({ attributes: [3, 3] })))).toBeUndefined();
    expect(SimdMiner.create(schema)).toBeInstanceOf(SimdMiner);
  });

  it('finds a score that is not a probability in any block', () => {
    const blocks = batchOf({ encoding: 'categorical', classes: 1000, size: 150, kappa: 4 });
    const mine = () =>
      new Miner(blocks.schema).mine(blocks.labels, blocks.view, blocks.selection, blocks.kappa);
    expect(mine()).toBe(true);
    for (const i of [0, 64, 65, 149]) {
      const at = blocks.view.offset + i * 1000 + 17;
      const right = blocks.view.data[at];
      blocks.view.data[at] = 2;
      expect([i, mine()]).toEqual([i, false]);
      blocks.view.data[at] = right;
    }
  });

  it('declines if it cannot get enough memory', () => {
    const grow = () => {
      throw new RangeError('no more');
    };
    const full = { ...simd, memory: { buffer: new ArrayBuffer(16), grow } };
    expect(SimdMiner.create(schema, full)?.mine(labels, view, selection, kappa, allocated())).toBeUndefined();
  });
});
