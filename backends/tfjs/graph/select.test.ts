import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../engines/index.js';
import { select } from './select.js';

describe.each(['cpu', 'wasm'])('choosing between tensors on %s', (engine) => {
  beforeAll(() => loadEngine(engine));

  it.each(['float32', 'bool'] as const)('takes the first where a mask of %s holds', (dtype) => {
    const mask = tf.tensor2d([0, 1, 1, 0], [2, 2], dtype);
    const found = select(mask, tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.fill([2, 2], -1) as tf.Tensor2D);
    expect(found.arraySync()).toEqual([
      [-1, 2],
      [3, -1],
    ]);
  });

  it('takes no part of what was not chosen, NaN included', () => {
    const chosen = tf.tensor1d([Number.NaN, 2, 3]);
    const found = select(tf.tensor1d([0, 1, 0]), chosen, tf.tensor1d([7, Number.NaN, 9]));
    expect(found.arraySync()).toEqual([7, 2, 9]);
  });
});
