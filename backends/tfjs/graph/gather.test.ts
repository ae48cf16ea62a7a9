import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from '../engines/index.js';
import { gatherRows } from './gather.js';

describe.each(['cpu', 'wasm'])('rows of several matrices on %s', (engine) => {
  beforeAll(() => loadEngine(engine));

  it('are read from each matrix at its own indices', () => {
    const matrices = tf.tensor3d(
      Array.from({ length: 18 }, (_, at) => at),
      [3, 3, 2],
    );
    const index = tf.tensor2d([2, 0, 0, 1, 1, 2, 1, 0, 2, 2, 1, 0], [3, 4], 'int32');
    const row = (of: number) => [2 * of, 2 * of + 1];
    expect(gatherRows(matrices, index).arraySync()).toEqual([
      [2, 0, 0, 1].map(row),
      [1, 2, 1, 0].map((at) => row(3 + at)),
      [2, 2, 1, 0].map((at) => row(6 + at)),
    ]);
  });

  it('are those of the one matrix where there is one', () => {
    const found = gatherRows(tf.tensor3d([1, 2, 3], [1, 3, 1]), tf.tensor2d([2, 0], [1, 2], 'int32'));
    expect(found.arraySync()).toEqual([[[3], [1]]]);
  });
});
