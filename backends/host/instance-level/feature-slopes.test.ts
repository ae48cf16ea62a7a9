import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HardestLists } from '../arrays/hardest-lists.js';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import { FeatureSlopes } from './feature-slopes.js';
import { SimdWorkspace } from './simd-workspace.js';

/** A distance that the loss depends on: ∂L/∂‖f_anchor − f_other‖. */
interface Pair {
  readonly other: number;
  readonly slope: number;
}

interface MinedAnchor {
  readonly anchor: number;
  readonly positives: readonly Pair[];
  readonly negatives: readonly Pair[];
}

interface Drawn {
  readonly size: number;
  readonly width: number;
  readonly features: FeatureMatrix;
  readonly anchors: readonly MinedAnchor[];
}

const rowOf = ({ features, width }: Drawn, i: number) => features.subarray(i * width, (i + 1) * width);

function differenceOf(drawn: Drawn, i: number, k: number): number[] {
  const other = rowOf(drawn, k);
  return Array.from(rowOf(drawn, i), (x, t) => x - other[t]);
}

/** The chain rule: ∂d/∂f_anchor is the difference over d, and ∂d/∂f_other minus that (ruling: kinks). */
function expected(drawn: Drawn): number[] {
  const gradient = new Array<number>(drawn.size * drawn.width).fill(0);
  for (const { anchor, positives, negatives } of drawn.anchors) {
    for (const { other, slope } of [...positives, ...negatives]) {
      const difference = differenceOf(drawn, anchor, other);
      const distance = Math.hypot(...difference);
      difference.forEach((x, t) => {
        const amount = distance === 0 ? 0 : (slope * x) / distance;
        gradient[anchor * drawn.width + t] += amount;
        gradient[other * drawn.width + t] -= amount;
      });
    }
  }
  return gradient;
}

/** Pairs as the miner lists them, with a hardness of `sign` times the distance. */
function listed(drawn: Drawn, anchor: number, pairs: readonly Pair[], sign: 1 | -1): HardestLists {
  const lists = new HardestLists();
  lists.reset(1);
  lists.addList(0, pairs.length, pairs.length);
  lists.allocate();
  pairs.forEach(({ other, slope }, k) => {
    lists.row[k] = other;
    lists.slope[k] = slope;
    lists.hardness[k] = sign * Math.hypot(...differenceOf(drawn, anchor, other));
  });
  lists.count[0] = pairs.length;
  return lists;
}

/** The gradient of a batch, written between numbers of other matrices, which must stay as they are. */
function gradientOf(
  slopes: FeatureSlopes,
  drawn: Drawn,
  Kind: typeof Float32Array | typeof Float64Array,
  workspace: SimdWorkspace | undefined,
) {
  const { size, width, features: matrix, anchors } = drawn;
  const base = 2;
  const gradient = new Kind(base + size * width + 3).fill(9);
  gradient.fill(0, base, base + size * width);
  workspace?.load(matrix, size, width);
  slopes.prepare({ matrix, size, width, gradient, base }, workspace);
  for (const { anchor, positives, negatives } of anchors) {
    slopes.add(
      anchor,
      Float64Array.from(rowOf(drawn, anchor)),
      listed(drawn, anchor, positives, 1),
      listed(drawn, anchor, negatives, -1),
    );
  }
  slopes.writeGradient();
  expect([...gradient.subarray(0, base), ...gradient.subarray(base + size * width)]).toEqual([9, 9, 9, 9, 9]);
  return Array.from(gradient.subarray(base, base + size * width));
}

/** Features are small integers, so that some samples coincide. */
const anyDrawn: fc.Arbitrary<Drawn> = fc
  .record({ size: fc.integer({ min: 2, max: 7 }), width: fc.integer({ min: 1, max: 6 }) })
  .chain(({ size, width }) => {
    const pair = fc.record({ other: fc.nat(size - 1), slope: fc.integer({ min: -3, max: 3 }) });
    const pairs = fc.array(pair, { maxLength: 4 });
    return fc.record({
      size: fc.constant(size),
      width: fc.constant(width),
      features: fc
        .array(fc.integer({ min: -2, max: 2 }), { minLength: size * width, maxLength: size * width })
        .map((features) => Float64Array.from(features)),
      anchors: fc.array(fc.record({ anchor: fc.nat(size - 1), positives: pairs, negatives: pairs }), {
        maxLength: 4,
      }),
    });
  });

describe.each(['SIMD', 'no SIMD'])('slopes with %s', (simd) => {
  const workspace = simd === 'SIMD' ? (SimdWorkspace.create() as SimdWorkspace) : undefined;

  it.each([
    ['float32', Float32Array, 5],
    ['float64', Float64Array, 12],
  ] as const)(
    'are added to both samples of every pair, in %s, also after other batches',
    (_, Kind, digits) => {
      fc.assert(
        fc.property(fc.array(anyDrawn, { minLength: 1, maxLength: 3 }), (batches) => {
          const slopes = new FeatureSlopes();
          for (const drawn of batches) {
            const got = gradientOf(slopes, drawn, Kind, workspace);
            expected(drawn).forEach((slope, at) => {
              expect(got[at]).toBeCloseTo(slope, digits);
            });
          }
        }),
        { seed: 1 },
      );
    },
  );

  it('are summed in float64 if they are written in float32', () => {
    // 1, and 64 terms that float32 would drop beside it
    const pairs = [{ other: 1, slope: 1 }, ...new Array(64).fill({ other: 1, slope: 2 ** -25 })];
    const drawn = {
      size: 2,
      width: 1,
      features: Float64Array.of(3, 0),
      anchors: pairs.map((pair) => ({ anchor: 0, positives: [pair], negatives: [] })),
    };
    expect(gradientOf(new FeatureSlopes(), drawn, Float32Array, workspace)).toEqual([
      1 + 2 ** -19,
      -1 - 2 ** -19,
    ]);
  });
});

it('a pair with a slope of 0 adds nothing, even if its distance is beyond float64', () => {
  const drawn = {
    size: 3,
    width: 1,
    features: Float64Array.of(1.5e308, -1.5e308, 1e308),
    anchors: [{ anchor: 0, positives: [{ other: 1, slope: 0 }], negatives: [{ other: 2, slope: 2 }] }],
  };
  expect(gradientOf(new FeatureSlopes(), drawn, Float64Array, undefined)).toEqual([2, 0, -2]);
});

it('in float64 and without SIMD, slopes are summed in the gradient itself, without a copy', () => {
  const drawn = { size: 2, width: 1, features: Float64Array.of(3, 0), anchors: [] };
  const slopes = new FeatureSlopes();
  const gradient = new Float64Array(2);
  slopes.prepare({ matrix: drawn.features, size: 2, width: 1, gradient, base: 0 }, undefined);
  const [positives, negatives] = [listed(drawn, 0, [{ other: 1, slope: 2 }], 1), listed(drawn, 0, [], -1)];
  slopes.add(0, Float64Array.of(3), positives, negatives);
  expect(gradient).toEqual(Float64Array.of(2, -2));
  slopes.writeGradient();
  expect(gradient).toEqual(Float64Array.of(2, -2));
});
