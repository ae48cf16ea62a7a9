/**
 * Exact results: what only moves, counts or compares numbers must not round them.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type Claim, claim, difference } from './claim.js';

const RELIES = 'The graph relies on it: the suite fails where it does not hold.';
/** Numbers of float32 of any ordinary size. */
const float = fc
  .tuple(fc.integer({ min: -(2 ** 20), max: 2 ** 20 }), fc.integer({ min: -60, max: 60 }))
  .map(([k, power]) => k * 2 ** power);
const small = fc.integer({ min: -50, max: 50 });

const gather = claim({
  id: 'gather-exact',
  operation: 'gather',
  text: 'the numbers at the indices, unchanged, an index more than once too',
  inputs: fc.array(float, { minLength: 1, maxLength: 40 }).chain((row) =>
    fc.record({
      row: fc.constant(row),
      at: fc.array(fc.integer({ min: 0, max: row.length - 1 }), { minLength: 1, maxLength: 60 }),
    }),
  ),
  compute: ({ row, at }) => ({ y: tf.gather(tf.tensor1d(row), tf.tensor1d(at, 'int32')) }),
  wrong: ({ y = [] }, { row, at }) =>
    difference(
      y,
      at.map((k) => row[k] as number),
    ),
  graph: RELIES,
});

const cumsum = claim({
  id: 'cumsum-exact',
  operation: 'cumsum',
  text: 'running sums of whole numbers are exact',
  // not of one number: webgpu runs no program for it
  inputs: fc.array(small, { minLength: 2, maxLength: 200 }),
  compute: (row) => ({ y: tf.cumsum(tf.tensor1d(row)) }),
  wrong: ({ y = [] }, row) => {
    let sum = 0;
    return difference(
      y,
      row.map((x) => (sum += x)),
    );
  },
  graph: RELIES,
});

const scatter = claim({
  id: 'scatter-adds',
  operation: 'scatterND',
  text: 'numbers at equal indices add up, exactly for whole numbers',
  inputs: fc.array(fc.record({ to: fc.integer({ min: 0, max: 9 }), value: small }), {
    minLength: 1,
    maxLength: 60,
  }),
  compute: (moved) => ({
    y: tf.scatterND(
      tf.tensor2d(
        moved.map(({ to }) => [to]),
        [moved.length, 1],
        'int32',
      ),
      tf.tensor1d(moved.map(({ value }) => value)),
      [10],
    ),
  }),
  wrong: ({ y = [] }, moved) => {
    const sums = new Array<number>(10).fill(0);
    for (const { to, value } of moved) sums[to] = (sums[to] as number) + value;
    return difference(y, sums);
  },
  graph: 'On webgpu it adds by a program of its own, whose order is the same in every call (scatter.ts).',
});

const sign = claim({
  id: 'sign-exact',
  operation: 'sign',
  text: 'the sign of a difference, however small',
  inputs: fc.array(
    fc.integer({ min: 1, max: 30 }).chain((k) => fc.constantFrom(2 ** -k, -(2 ** -k), 0)),
    {
      minLength: 1,
      maxLength: 20,
    },
  ),
  compute: (row) => ({ y: tf.sign(tf.tensor1d(row)) }),
  wrong: ({ y = [] }, row) =>
    difference(
      y,
      row.map((x) => Math.sign(x) + 0),
    ),
  graph: 'It compares with 0 instead (sign.ts).',
  known: { wasm: 'Numbers below about 1e-7 have sign 0 there.' },
});

const where = claim({
  id: 'where-exact',
  operation: 'where',
  text: 'the number of the branch that is taken, also where the other is NaN or infinite',
  inputs: fc.array(
    fc.record({
      taken: fc.boolean(),
      value: float,
      other: fc.constantFrom(Number.NaN, Infinity, -Infinity, 0),
    }),
    {
      minLength: 1,
      maxLength: 40,
    },
  ),
  compute: (cells) => {
    const first = tf.tensor1d(cells.map(({ taken, value, other }) => (taken ? value : other)));
    const second = tf.tensor1d(cells.map(({ taken, value, other }) => (taken ? other : value)));
    return {
      y: tf.where(
        tf.tensor1d(
          cells.map(({ taken }) => taken),
          'bool',
        ),
        first,
        second,
      ),
    };
  },
  wrong: ({ y = [] }, cells) =>
    difference(
      y,
      cells.map(({ value }) => value),
    ),
  graph: RELIES,
});

const cast = claim({
  id: 'cast-truncates',
  operation: 'cast',
  text: 'a number becomes the whole number towards 0',
  inputs: fc.array(
    fc.integer({ min: -4000, max: 4000 }).map((k) => k / 8),
    { minLength: 1, maxLength: 40 },
  ),
  compute: (row) => ({ y: tf.cast(tf.tensor1d(row), 'int32') }),
  wrong: ({ y = [] }, row) =>
    difference(
      y,
      row.map((x) => Math.trunc(x) + 0),
    ),
  graph: RELIES,
});

export const EXACT: readonly Claim[] = [gather, cumsum, scatter, sign, where, cast];
