import fc from 'fast-check';
import { expect, it } from 'vitest';
import { numberOf } from '../arrays/float-bits.js';
import { ApproximateRows } from './approximate-rows.js';
import { BLOCK, SimdWorkspace } from './simd-workspace.js';
import { observed } from './workspace.test-helper.js';

const D = 2;

/** Integers, whose squares float32 holds exactly: their approximate distances are right. */
function drawnFeatures(n: number): Float32Array {
  return Float32Array.from({ length: n * D }, (_, at) => (at * 37) % 101);
}

function squaresOf(features: Float32Array, i: number): number[] {
  const [x, y] = [features[D * i], features[D * i + 1]];
  return Array.from({ length: features.length / D }, (_, k) => {
    return (x - features[D * k]) ** 2 + (y - features[D * k + 1]) ** 2;
  });
}

/**
 * Asks for the row of every anchor in `asked`, in which an anchor may stand more than once, and checks it.
 */
function expectRows(
  rows: ApproximateRows,
  workspace: SimdWorkspace,
  n: number,
  anchors: number[],
  asked: number[],
) {
  const features = drawnFeatures(n);
  expect(workspace.load(features, n, D)).toBe(true);
  // an earlier, larger batch left other entries after the anchors
  const list = Int32Array.from([...anchors, 2 ** 30, 2 ** 30]);
  rows.prepare(workspace, D, list, anchors.length);
  for (const anchor of asked) {
    const at = rows.rowOf(anchor);
    expect(Array.from(rows.bits.subarray(at, at + n), numberOf)).toEqual(squaresOf(features, anchor));
  }
}

it('the row of an anchor holds its squared distances to all samples, whichever anchors are asked for, in order', () => {
  const workspace = SimdWorkspace.create() as SimdWorkspace;
  const rows = new ApproximateRows();
  const anyBatch = fc
    .record({
      anchors: fc.integer({ min: 1, max: 3 * BLOCK }).chain((n) =>
        fc.subarray(
          Array.from({ length: n }, (_, i) => i),
          { minLength: 1 },
        ),
      ),
      beyond: fc.integer({ min: 0, max: 2 }),
      times: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3 * BLOCK, maxLength: 3 * BLOCK }),
    })
    .map(({ anchors, beyond, times }) => ({
      anchors,
      n: (anchors.at(-1) as number) + 1 + beyond,
      asked: anchors.flatMap((anchor, k) => new Array(times[k]).fill(anchor)),
    }));
  fc.assert(
    fc.property(fc.array(anyBatch, { minLength: 1, maxLength: 2 }), (batches) => {
      for (const { n, anchors, asked } of batches) expectRows(rows, workspace, n, anchors, asked);
    }),
    { seed: 1 },
  );
});

it('rows are found a block at a time, each once, and at most one too many', () => {
  const n = 2 * BLOCK + 6;
  const everyone = Array.from({ length: n }, (_, i) => i);
  for (const count of [1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 3]) {
    const found: number[] = [];
    const workspace = observed('squares', (...given) => found.push(given[4]));
    const anchors = everyone.slice(0, count);
    expectRows(new ApproximateRows(), workspace, n, anchors, anchors);
    const right: number[] = [];
    for (let left = count; left > 0; left -= BLOCK) right.push(2 * Math.ceil(Math.min(left, BLOCK) / 2));
    expect(found).toEqual(right);
  }
});

it('the partner of an odd last anchor is an anchor itself, and not what the memory held before', () => {
  const workspace = observed('squares', (...given) => {
    const ids = workspace.integers(given[3], given[4]);
    expect(Array.from(ids)).toEqual([4, 6, 9, 4]);
  });
  const rows = new ApproximateRows();
  workspace.load(drawnFeatures(10), 10, D);
  workspace.integers(workspace.ids, BLOCK).fill(2 ** 30);
  rows.prepare(workspace, D, Int32Array.of(4, 6, 9), 3);
  expect(rows.rowOf(4)).toBe(0);
});
