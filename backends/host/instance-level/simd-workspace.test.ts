import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SimdFunctions, simdFunctions } from '../simd/functions.js';
import { BLOCK, SimdWorkspace } from './simd-workspace.js';

const simd = simdFunctions() as SimdFunctions;
const JUNK = 0x7e7e7e7e;

/** A workspace that has loaded a matrix into a memory that was full of other numbers. */
function loaded(matrix: ArrayLike<number>, size: number, width: number): SimdWorkspace {
  const workspace = SimdWorkspace.create() as SimdWorkspace;
  expect(workspace.load(Float64Array.from(matrix), size, width)).toBe(true);
  new Int32Array(simd.memory.buffer).fill(JUNK);
  expect(workspace.load(Float64Array.from(matrix), size, width)).toBe(true);
  return workspace;
}

const anyMatrix = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([size, width]) =>
    fc.record({
      size: fc.constant(size),
      width: fc.constant(width),
      matrix: fc.array(
        fc.oneof(fc.double({ min: -9, max: 9, noNaN: true }), fc.integer({ min: -9, max: 9 })),
        { minLength: size * width, maxLength: size * width },
      ),
    }),
  );

describe('the workspace', () => {
  it.each([
    [1, 1, 4, 4],
    [3, 4, 4, 4],
    [4, 5, 4, 8],
    [5, 8, 8, 8],
    [17, 30, 20, 32],
  ])(
    'pads %i samples of %i components to whole vectors, and leaves no gaps between the regions',
    (n, d, samples, width) => {
      const workspace = loaded(new Float64Array(n * d), n, d);
      expect([workspace.samples, workspace.width]).toEqual([samples, width]);
      const { stride, gradient, sum, found, squares, ids } = workspace;
      expect(stride).toBe(4 * width);
      // in order, each begins where the one before it ends
      expect(gradient).toBe(4 * samples * width);
      expect(sum).toBe(gradient + 8 * samples * width);
      expect(found).toBe(sum + 8 * width);
      expect(squares).toBe(found + 8 * 4);
      expect(ids).toBe(squares + 4 * BLOCK * samples);
    },
  );

  it('holds the matrix in float32, padded with 0', () => {
    fc.assert(
      fc.property(anyMatrix, ({ matrix, size, width }) => {
        const { samples, width: padded, gradient } = loaded(matrix, size, width);
        const expected = Array.from({ length: samples * padded }, (_, at) => {
          const [i, t] = [Math.floor(at / padded), at % padded];
          return i < size && t < width ? Math.fround(matrix[i * width + t]) : 0;
        });
        const held = new Float32Array(simd.memory.buffer, 0, samples * padded);
        expect(Array.from(held)).toEqual(expected);
        expect(new Int32Array(simd.memory.buffer, gradient, 1)[0]).toBe(JUNK);
      }),
      { seed: 1 },
    );
  });

  it('finds the largest magnitude, and the largest distance of a row from its float32', () => {
    fc.assert(
      fc.property(anyMatrix, ({ matrix, size, width }) => {
        const workspace = loaded(matrix, size, width);
        expect(workspace.largest).toBe(matrix.reduce((most, x) => Math.max(most, Math.abs(x)), 0));
        const farthest = Array.from({ length: size }, (_, i) =>
          matrix.slice(i * width, (i + 1) * width).reduce((total, x) => total + (x - Math.fround(x)) ** 2, 0),
        ).reduce((a, b) => Math.max(a, b), 0);
        expect(workspace.rounding).toBe(Math.sqrt(farthest));
        expect(workspace.exact).toBe(matrix.every((x) => Math.fround(x) === x));
      }),
      { seed: 1 },
    );
  });

  it('finds the row that is farthest from its float32 at any position', () => {
    const off = 2 ** -30;
    for (const i of [0, 1, 2]) {
      const matrix = new Float64Array(6).fill(1);
      matrix.fill(1 + off, 2 * i, 2 * i + 2);
      matrix[(2 * i + 2) % 6] = 1 + off;
      const workspace = loaded(matrix, 3, 2);
      expect(workspace.rounding).toBe(off * Math.SQRT2);
      expect(workspace.exact).toBe(false);
    }
  });

  it('keeps nothing of the matrix before', () => {
    const workspace = loaded([1 / 3, -9], 2, 1);
    workspace.load(Float64Array.of(1), 1, 1);
    expect([workspace.largest, workspace.rounding, workspace.exact]).toEqual([1, 0, true]);
    expect([workspace.samples, workspace.width]).toEqual([4, 4]);
  });

  it('holds no sample before it has loaded a matrix', () => {
    const none = { samples: 0, width: 0, largest: 0, rounding: 0, exact: true };
    expect(SimdWorkspace.create()).toMatchObject(none);
  });

  it('gives views of its regions', () => {
    const workspace = loaded([1, 2, 3, 4], 1, 4);
    const floats = workspace.floats(workspace.found, 4);
    expect([floats.buffer, floats.byteOffset, floats.length]).toEqual([
      simd.memory.buffer,
      workspace.found,
      4,
    ]);
    const integers = workspace.integers(workspace.ids, BLOCK);
    expect([integers.buffer, integers.byteOffset, integers.length]).toEqual([
      simd.memory.buffer,
      workspace.ids,
      BLOCK,
    ]);
  });

  it('returns false if it cannot get enough memory', () => {
    const grow = () => {
      throw new RangeError('no more');
    };
    const ids = 4 * 16 + 8 * 16 + 8 * 4 + 8 * 4 + 4 * BLOCK * 4;
    const loadInto = (bytes: number) => {
      const workspace = SimdWorkspace.create() as SimdWorkspace;
      const full = { ...simd, memory: { buffer: new ArrayBuffer(bytes), grow } };
      return Object.assign(Object.create(workspace) as SimdWorkspace, { simd: full }).load(
        Float64Array.of(1, 2, 3),
        3,
        1,
      );
    };
    // the last region holds the ids of a block
    expect(loadInto(ids + 4 * BLOCK)).toBe(true);
    expect(loadInto(ids + 4 * BLOCK - 1)).toBe(false);
  });
});
