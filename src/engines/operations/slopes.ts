/**
 * Derivatives that tfjs makes of these operations.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type Claim, claim, difference } from './claim.js';

const RELIES = 'The graph relies on it: the suite fails where it does not hold.';
const small = fc.integer({ min: -20, max: 20 });

const gather = claim({
  id: 'gather-slope',
  operation: 'gather',
  text: 'the derivatives of an index that is taken more than once add up',
  inputs: fc.record({
    rows: fc.integer({ min: 1, max: 12 }),
    taken: fc.array(fc.record({ at: fc.nat(), weight: small }), { minLength: 1, maxLength: 40 }),
  }),
  compute: ({ rows, taken }) => {
    const at = tf.tensor1d(
      taken.map((each) => each.at % rows),
      'int32',
    );
    const weights = tf.tensor1d(taken.map(({ weight }) => weight));
    const loss = (x: tf.Tensor) => tf.sum(tf.mul(tf.gather(x, at), weights)) as tf.Scalar;
    return { y: tf.grad(loss)(tf.ones([rows])) };
  },
  wrong: ({ y = [] }, { rows, taken }) => {
    const sums = new Array<number>(rows).fill(0);
    for (const { at, weight } of taken) sums[at % rows] = (sums[at % rows] as number) + weight;
    return difference(y, sums);
  },
  graph:
    'It gathers inside of operations with a derivative of their own, which scatter by index (scatter.ts).',
  known: { wasm: 'It has no UnsortedSegmentSum, which tfjs differentiates gather with.' },
});

const where = claim({
  id: 'where-slope',
  operation: 'where',
  text: 'only the branch that is taken has a derivative',
  inputs: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
  compute: (taken) => {
    const loss = (x: tf.Tensor) =>
      tf.sum(tf.where(tf.tensor1d(taken, 'bool'), tf.mul(x, 3), tf.zerosLike(x))) as tf.Scalar;
    return { y: tf.grad(loss)(tf.ones([taken.length])) };
  },
  wrong: ({ y = [] }, taken) =>
    difference(
      y,
      taken.map((each) => (each ? 3 : 0)),
    ),
  graph: RELIES,
});

const abs = claim({
  id: 'abs-slope',
  operation: 'abs',
  text: 'the derivative at 0 is 0 (ruling: kinks)',
  inputs: fc.array(small, { minLength: 1, maxLength: 40 }),
  compute: (row) => ({ y: tf.grad((x: tf.Tensor) => tf.sum(tf.abs(x)) as tf.Scalar)(tf.tensor1d(row)) }),
  wrong: ({ y = [] }, row) =>
    difference(
      y,
      row.map((x) => Math.sign(x) + 0),
    ),
  graph: 'It takes signs by comparison, and owns their derivative (sign.ts).',
  known: { every: 'tfjs takes −1.' },
});

const max = claim({
  id: 'max-slope',
  operation: 'max',
  text: 'the derivatives of equal maxima add up to 1',
  inputs: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 20 }),
  compute: (row) => ({ y: tf.grad((x: tf.Tensor) => tf.sum(tf.max(x)) as tf.Scalar)(tf.tensor1d(row)) }),
  wrong: ({ y = [] }) => {
    const sum = Array.from(y).reduce((a, b) => a + b, 0);
    return sum === 1 ? undefined : `they add up to ${sum}`;
  },
  graph: 'It differentiates no maximum.',
  known: { every: 'tfjs gives each of them the whole derivative.' },
});

export const SLOPES: readonly Claim[] = [gather, where, abs, max];
