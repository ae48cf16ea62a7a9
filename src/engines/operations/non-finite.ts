/**
 * NaN stays NaN, so that a loss of broken scores cannot look like one of good scores.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type Claim, claim } from './claim.js';

/** Operations of WGSL that lose NaN, as seen on SwiftShader. */
const LOST_BY_SHADERS = ['exp', 'sigmoid', 'softmax'];
const SHADERS = { webgpu: 'Shading languages let compilers assume that there is no NaN.' };
const CHECKED = 'On a GPU it checks the scores by their bits, and makes the loss NaN (finite.ts).';

/** Rows of numbers with one NaN. */
const broken = fc
  .record({
    row: fc.array(
      fc.integer({ min: -8, max: 8 }).map((k) => k / 4),
      { minLength: 2, maxLength: 40 },
    ),
    at: fc.nat(),
  })
  .map(({ row, at }) => row.map((x, k) => (k === at % row.length ? Number.NaN : x)));

const KEEPING: Readonly<Record<string, (x: tf.Tensor2D) => tf.Tensor>> = {
  exp: tf.exp,
  sigmoid: tf.sigmoid,
  sub: (x) => tf.sub(x, 1),
  mul: (x) => tf.mul(x, 0),
  abs: tf.abs,
  maximum: (x) => tf.maximum(x, 0),
  minimum: (x) => tf.minimum(x, 0),
  relu: tf.relu,
};
const SPREADING: Readonly<Record<string, (x: tf.Tensor2D) => tf.Tensor>> = {
  softmax: tf.softmax,
  sum: (x) => tf.sum(x, 1),
  max: (x) => tf.max(x, 1),
};

const kept = Object.entries(KEEPING).map(([operation, apply]) =>
  claim({
    id: `${operation.toLowerCase()}-keeps-nan`,
    operation,
    text: 'NaN stays NaN, and no other number becomes NaN',
    inputs: broken,
    compute: (row) => ({ y: apply(tf.tensor2d([row])) }),
    wrong: ({ y = [] }, row) => {
      const at = row.findIndex((x, k) => Number.isNaN(x) !== Number.isNaN(y[k]));
      return at < 0 ? undefined : `${row[at]} at ${at} became ${y[at]}`;
    },
    graph: CHECKED,
    known: LOST_BY_SHADERS.includes(operation) ? SHADERS : {},
  }),
);

const spread = Object.entries(SPREADING).map(([operation, apply]) =>
  claim({
    id: `${operation}-keeps-nan`,
    operation,
    text: 'a row that holds NaN gives NaN',
    inputs: broken,
    compute: (row) => ({ y: apply(tf.tensor2d([row])) }),
    wrong: ({ y = [] }) => {
      const good = Array.from(y).find((x) => !Number.isNaN(x));
      return good === undefined ? undefined : `expected NaN, got ${good}`;
    },
    graph: CHECKED,
    known: LOST_BY_SHADERS.includes(operation) ? SHADERS : {},
  }),
);

const cast = claim({
  id: 'cast-keeps-nan-in-range',
  operation: 'cast',
  text: 'NaN becomes the index 0, and no index outside of every tensor',
  inputs: broken,
  compute: (row) => ({ y: tf.cast(tf.tensor2d([row]), 'int32') }),
  wrong: ({ y = [] }, row) => {
    const at = row.findIndex(Number.isNaN);
    return y[at] === 0 ? undefined : `NaN became ${y[at]}`;
  },
  graph: 'It limits every index that is computed from scores (index-within.ts).',
  known: {
    tensorflow: 'NaN becomes −2³¹ there, which its gather and scatterND refuse.',
    webgpu: 'NaN becomes −2³¹ there.',
    webgl: 'NaN becomes −2³¹ there, as seen on SwiftShader.',
  },
});

export const NON_FINITE: readonly Claim[] = [...kept, ...spread, cast];
