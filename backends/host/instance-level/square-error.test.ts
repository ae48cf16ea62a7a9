import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { featureDistance } from '../../../spec/index.js';
import { ADVERSARIAL, drawFeatures } from '../adversarial.test-helper.js';
import { numberOf } from '../arrays/float-bits.js';
import { ApproximateRows } from './approximate-rows.js';
import { SimdWorkspace } from './simd-workspace.js';
import { canApproximate, SquareError } from './square-error.js';

const N = 40;
const WIDTHS = [1, 3, 30, 130];
const workspace = SimdWorkspace.create() as SimdWorkspace;

/** How many cuts wrongly drop a sample that is as near, or as far, as the one they are made at. */
function wrongCuts(features: Float64Array, width: number, error?: SquareError): number | undefined {
  workspace.load(features, N, width);
  if (!canApproximate(width, workspace.largest)) return undefined;
  const matrix = ndarray(features, [N, width]);
  const rows = new ApproximateRows();
  rows.prepare(
    workspace,
    width,
    Int32Array.from({ length: N }, (_, i) => i),
    N,
  );
  const judged = error ?? rows.error;
  let wrong = 0;
  for (let i = 0; i < N; i++) {
    const at = rows.rowOf(i);
    const found = Array.from(rows.bits.subarray(at, at + N), numberOf);
    const right = found.map((_, k) => featureDistance(matrix, i, k));
    for (let j = 0; j < N; j++) {
      const near = judged.nearest(found[j]);
      const far = judged.farthest(found[j]);
      for (let k = 0; k < N; k++) {
        const [own, other] = [right[j], right[k]];
        if (other <= own && found[k] > near) wrong += 1;
        if (other >= own && found[k] < far) wrong += 1;
      }
    }
  }
  return wrong;
}

describe.each(Object.keys(ADVERSARIAL))('features that are %s', (kind) => {
  it.each(WIDTHS)('lose no sample through the error of float32, d %i', (width) => {
    const wrong = wrongCuts(drawFeatures(kind, N, width, 5), width);
    if (wrong === undefined) expect(kind).toMatch(/^too large/);
    else expect(wrong).toBe(0);
  });
});

describe('the bound', () => {
  it('needs each of its parts', () => {
    const without = (kind: string, part: Partial<Record<'relative' | 'absolute' | 'apart', 0>>) => {
      const features = drawFeatures(kind, N, 130, 5);
      workspace.load(features, N, 130);
      return wrongCuts(features, 130, Object.assign(new SquareError(130, workspace.rounding), part));
    };
    expect(without('rotations of one row, and 0', { relative: 0 })).toBeGreaterThan(0);
    expect(without('less far apart than float32 can tell', { apart: 0 })).toBeGreaterThan(0);
    expect(without('so small that squares lose bits', { absolute: 0 })).toBeGreaterThan(0);
  });

  it('is that of the derivation, and not wider, which would let more samples pass', () => {
    // the κ-th distance is at most the upper bound of its square; a sample's lower bound must reach that
    const UNIT = 2 ** -24;
    for (const [width, rounding] of [
      [1, 0],
      [4, 2 ** -20],
      [30, 1],
      [2 ** 20, 2 ** -30],
    ] as const) {
      const rho = (width / 4 + 16) * UNIT;
      const z = width * 2 ** -148;
      const [low, high] = [
        (square: number) => Math.sqrt(Math.max(square - z, 0)) * (1 - rho) - 2 * rounding,
        (square: number) => Math.sqrt(square + z) * (1 + rho) + 2 * rounding,
      ];
      const error = new SquareError(width, rounding);
      for (const square of [0, z / 2, z, 3 * z, 2 ** -80, 2 ** -30, 1, 40, 2 ** 100]) {
        const nearest = error.nearest(square);
        // the lower bound of the cut is the upper bound of the κ-th
        expect(low(nearest) / high(square)).toBeCloseTo(1, 12);
        const farthest = error.farthest(square);
        if (low(square) > 2 * rounding) expect(high(farthest) / low(square)).toBeCloseTo(1, 12);
        else expect(farthest).toBe(-z); // no square is below it
      }
    }
  });

  it('is not claimed for squares that overflow, or for too many components', () => {
    expect(canApproximate(4, 2 ** 61)).toBe(false);
    expect(canApproximate(4, 2 ** 60)).toBe(true);
    expect(canApproximate(2 ** 21, 1)).toBe(false);
    // the sum then stays below 2¹²⁶, and float32 ends at 2¹²⁸
    expect(canApproximate(16, 2 ** 60 - 2 ** 10)).toBe(true);
    expect(canApproximate(16, 2 ** 60)).toBe(false);
    expect(canApproximate(2 ** 20, 1)).toBe(true);
    expect(canApproximate(2 ** 20 + 1, 1)).toBe(false);
  });
});
