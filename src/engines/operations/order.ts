/**
 * Order: of equal numbers the lowest index comes first, in lists and in maxima.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type Claim, claim, difference } from './claim.js';

/** Few different numbers, so that many are equal. */
const tied = fc.array(
  fc.integer({ min: 0, max: 5 }).map((k) => k / 4),
  { minLength: 1, maxLength: 80 },
);
const RELIES = 'The graph relies on it: the suite fails where it does not hold.';

const topk = claim({
  id: 'topk-lowest-first',
  operation: 'topk',
  text: 'of equal numbers the lowest index comes first',
  inputs: tied.chain((row) =>
    fc.record({ row: fc.constant(row), k: fc.integer({ min: 1, max: row.length }) }),
  ),
  compute: ({ row, k }) => ({ indices: tf.topk(tf.tensor2d([row]), k, true).indices }),
  wrong: ({ indices = [] }, { row, k }) =>
    difference(
      indices,
      [...row.keys()].sort((a, b) => (row[b] as number) - (row[a] as number) || a - b).slice(0, k),
    ),
  graph: RELIES,
});

const argmax = claim({
  id: 'argmax-lowest-first',
  operation: 'argMax',
  text: 'of equal maxima the lowest index is taken',
  inputs: tied,
  compute: (row) => ({ index: tf.argMax(tf.tensor2d([row]), 1) }),
  wrong: ({ index = [] }, row) => difference(index, [row.indexOf(Math.max(...row))]),
  graph: 'It takes no argMax.',
});

export const ORDER: readonly Claim[] = [topk, argmax];
