/**
 * Equal in, equal out: if two samples have equal scores, the lower index is mined (ruling: mined order). An engine
 * that rounds equal numbers differently breaks such ties by rounding.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type Claim, claim } from './claim.js';

const PADDED = 'On tensorflow it pads rows to whole vectors (even-probabilities.ts).';
const VECTORS =
  'TensorFlow computes eight or sixteen numbers at a time, and those left over at the end of a tensor by another routine.';
const number = fc.integer({ min: -640, max: 640 }).map((k) => Math.fround(k / 61));

type Unary = (x: tf.Tensor) => tf.Tensor;

/** Copies of one number. */
function evenly(operation: string, apply: Unary, positive: boolean, graph: string): Claim {
  return claim({
    id: `${operation}-even`,
    operation,
    text: 'equal numbers give equal results, wherever in a tensor they lie',
    inputs: fc.record({ value: number, copies: fc.integer({ min: 2, max: 70 }) }),
    compute: ({ value, copies }) => ({
      y: apply(tf.fill([copies], positive ? Math.abs(value) + 0.5 : value)),
    }),
    wrong: ({ y }) => unequal(y as ArrayLike<number>),
    graph,
    known: { tensorflow: VECTORS },
  });
}

/** Copies of one row. */
const evenSoftmax = claim({
  id: 'softmax-even',
  operation: 'softmax',
  text: 'equal rows give equal rows',
  inputs: fc.record({
    row: fc.array(number, { minLength: 2, maxLength: 20 }),
    copies: fc.integer({ min: 2, max: 9 }),
  }),
  compute: ({ row, copies }) => ({ y: tf.softmax(tf.tile(tf.tensor2d([row]), [copies, 1])) }),
  wrong: ({ y = [] }, { row, copies }) => {
    for (const column of row.keys()) {
      const found = unequal(Array.from({ length: copies }, (_, k) => y[k * row.length + column] as number));
      if (found !== undefined) return `column ${column}: ${found}`;
    }
    return undefined;
  },
  graph: PADDED,
  known: { tensorflow: VECTORS },
});

function unequal(values: ArrayLike<number>): string | undefined {
  const different = [...new Set(Array.from(values))];
  return different.length === 1
    ? undefined
    : `expected ${values.length} equal numbers, got ${different.join(' and ')}`;
}

const HOST = 'It takes logarithms only for the cross entropy, which ranks nothing.';

export const EVEN: readonly Claim[] = [
  evenly('exp', tf.exp, false, PADDED),
  evenly('sigmoid', tf.sigmoid, false, PADDED),
  evenly('log', tf.log, true, HOST),
  evenSoftmax,
];
