import { describe, expect, it, vi } from 'vitest';
import { createSchema } from '../../../spec/index.js';
import { bitsBelow } from '../arrays/float-bits.js';
import { type FlatSchema, flattenSchema } from '../batch/flat-schema.js';
import { HIGHEST, LOWEST, type ScoreView } from '../batch/scores.js';
import { countClasses, createSelection, type Selection, selectTasks } from '../batch/selection.js';
import { reserve, type SimdFunctions, simdFunctions } from '../simd/functions.js';
import { Miner } from './mining.js';
import { isWorthSampling, sampledRow, sampleSize } from './sampled-bounds.js';
import { BLOCK_SCORES } from './simd-layout.js';
import { SimdMiner } from './simd-miner.js';

// A guess, and what lies in memory meanwhile, change no answer, only the time it takes: so what the SIMD
// functions are asked is looked at itself.

const simd = simdFunctions() as SimdFunctions;
/** What is in memory before: as a score it is higher than any, as a count more than any. */
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
  // in columns of many zeros, and numbers below them, those are guessed from too
  const data = Float32Array.from({ length: offset + size * classes }, (_, at) => {
    const score = mixed(3 * at + 7);
    return (at - offset) % classes === 1 ? (score > 0.98 ? score : LOWEST * score) : score;
  });
  const selection = createSelection(schema);
  expect(countClasses(schema, labels, size, selection)).toBe(true);
  // what an earlier batch had more of tasks is still there: the last is that of a large class
  selectTasks(schema, 1, selection);
  selectTasks(schema, 0.9, selection);
  expect(selection.tasks).toBeGreaterThan(0);
  return { schema, labels, view: { data, offset, rowStride: classes, columnStride: 1 }, selection, kappa };
}

/** Numbers in memory as they are now. */
const integersAt = (at: number, length: number) => Array.from(new Int32Array(simd.memory.buffer, at, length));
const floatsAt = (at: number, length: number) => Array.from(new Float32Array(simd.memory.buffer, at, length));

/** The rows from `from` on, of so many numbers each. */
const rowsOf = (of: Float32Array | Int32Array, from: number, rows: number, width: number, offset = 0) =>
  Array.from(of.subarray(offset + from * width, offset + (from + rows) * width));

/** Mines, and tells what was asked on the way. */
function asked({ schema, labels, view, selection, kappa }: Batch) {
  // enough, so that no batch has the memory grow, by zeros
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
      const [scores, rows, ofRow, first, ofLabels, multiHot, high, taskOf, positives, , negatives] = given;
      scanned.push({
        first,
        rows,
        width: ofRow,
        multiHot,
        scores: floatsAt(scores, rows * width),
        labels: integersAt(ofLabels, rows * labelWidth),
      });
      // a record more than there are tasks, which is left as it was
      const records = 4 * selection.tasks + 1;
      before ??= {
        high: integersAt(high, width),
        taskOf: integersAt(taskOf, width),
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

/** Rows of the sample that are labelled. */
function sampledRows({ schema, labels, selection: { size }, kappa }: Batch): number[] {
  const rows = sampleSize(size, kappa)?.rows ?? 0;
  return Array.from({ length: rows }, (_, r) => sampledRow(r, rows, size)).filter(
    (i) => schema.encoding !== 'categorical' || labels[i] >= 0,
  );
}

/** The bits of the number next below the rank-th highest of the sampled others; −1 without such above 0. */
function guessedBound(batch: Batch, t: number): number {
  const { schema, labels, view, selection, kappa } = batch;
  const guess = sampleSize(selection.size, kappa);
  if (!guess || !isWorthSampling(kappa, selection.others[t])) return -1;
  const c = selection.column[t];
  const isMember = (i: number) =>
    schema.encoding === 'categorical' ? labels[i] === c : labels[i * schema.width + c] === 1;
  const highest = sampledRows(batch)
    .filter((i) => !isMember(i))
    .map((i) => view.data[view.offset + i * schema.width + c])
    .sort((a, b) => b - a);
  return bitsBelow(highest[guess.rank - 1] ?? 0);
}

const CASES = (['categorical', 'one-attribute'] as const).flatMap((encoding): Case[] => [
  { encoding, classes: 2, size: 150, kappa: 3 },
  { encoding, classes: 7, size: 200, kappa: 2 },
  { encoding, classes: 8, size: 300, kappa: 20 },
  { encoding, classes: 13, size: 1000, kappa: 25 },
  // enough to choose from for most classes, but not for all of them
  { encoding, classes: 6, size: 240, kappa: 27 },
  // in too small a batch
  { encoding, classes: 6, size: 60, kappa: 1 },
  // of too few others
  { encoding, classes: 6, size: 200, kappa: 60 },
  // in blocks, the last of them short
  { encoding, classes: 1000, size: 150, kappa: 4 },
]);

describe.each(CASES)('of $size samples, $classes classes, $encoding, κ $kappa', (own) => {
  const batch = batchOf(own);
  const { schema, labels, view, selection, kappa } = batch;
  const { size, tasks } = selection;
  const { width, labelWidth } = schema;

  it('each sampled row that has labels is guessed from once', () => {
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

  it('bounds are what was guessed, and let nothing but what is no probability out of other columns', () => {
    const { before } = asked(batch);
    const high = new Array(width).fill(bitsBelow(HIGHEST));
    for (let t = 0; t < tasks; t++) high[selection.column[t]] = guessedBound(batch, t);
    expect(before?.high).toEqual(high);
    expect(before?.taskOf).toEqual(Array.from(selection.taskOf));
  });

  it('there is an empty list for each task', () => {
    const { miner, before } = asked(batch);
    for (const side of ['positives', 'negatives'] as const) {
      const { start, keep, capacity } = miner[side];
      const records = Array.from({ length: tasks }, (_, t) => [start[t], keep[t], capacity[t], 0]);
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

  /** A miner whose lists are open. */
  function opened(): Miner {
    const miner = new Miner(schema, undefined);
    miner.mine(labels, view, selection, kappa);
    return miner;
  }

  it('makes no view of a batch that is one block', () => {
    const ofScores = vi.spyOn(data, 'subarray');
    const ofLabels = vi.spyOn(labels, 'subarray');
    expect(SimdMiner.create(schema)?.mine(labels, view, selection, kappa, opened())).toBe(true);
    expect(ofScores).not.toHaveBeenCalled();
    expect(ofLabels).not.toHaveBeenCalled();
  });

  it('leaves other lists than the tasks’ as they are', () => {
    const lists = opened();
    const { tasks } = selection;
    for (const side of [lists.positives, lists.negatives]) {
      side.count = new Int32Array(tasks + 1).fill(99);
    }
    expect(SimdMiner.create(schema)?.mine(labels, view, selection, kappa, lists)).toBe(true);
    for (const side of [lists.positives, lists.negatives]) {
      expect(side.count[tasks]).toBe(99);
      expect(side.count.subarray(0, tasks)).not.toContain(99);
    }
  });

  it('leaves rows to others whose scores lie apart, whatever is between', () => {
    const apart: ScoreView = { ...view, columnStride: 2 };
    expect(SimdMiner.create(schema)?.mine(labels, apart, selection, kappa, opened())).toBeUndefined();
  });

  it('is for a schema whose scores are one attribute’s, a class each', () => {
    const binary = flattenSchema(createSchema({ attributes: [2], encoding: 'multi-label' }));
    expect([binary.attributes, binary.columns]).toEqual([1, 2]);
    expect(SimdMiner.create(binary)).toBeUndefined();
    expect(SimdMiner.create(flattenSchema(createSchema({ attributes: [3, 3] })))).toBeUndefined();
    expect(SimdMiner.create(schema)).toBeInstanceOf(SimdMiner);
  });

  it('says that a score is no probability, in whichever block', () => {
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

  it('answers nothing where memory does not suffice', () => {
    const grow = () => {
      throw new RangeError('no more');
    };
    const full = { ...simd, memory: { buffer: new ArrayBuffer(16), grow } };
    expect(SimdMiner.create(schema, full)?.mine(labels, view, selection, kappa, opened())).toBeUndefined();
  });
});
