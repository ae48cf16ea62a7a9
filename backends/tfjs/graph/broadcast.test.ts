import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { mul, sub } from './broadcast.js';

/** Shapes of two tensors that an operation can broadcast, ranks of 1 to 4. */
const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
  const one = fc
    .tuple(
      fc.integer({ min: 0, max: shape.length - 1 }),
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    )
    .map(([from, isOne]) => shape.map((length, axis) => (isOne[axis] ? 1 : length)).slice(from));
  return fc.tuple(one, one);
});

describe('operations on two shapes', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('give what tfjs gives', () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom<tf.DataType>('float32', 'int32'), ([one, other], dtype) => {
        const { length } = one;
        const [a, b] = [one, other].map((shape, at) => {
          const size = shape.reduce((product, width) => product * width, 1);
          return tf.tensor(
            Array.from({ length: size }, (_, i) => i * 3 + at * 7 + length),
            shape,
            dtype,
          );
        }) as [tf.Tensor, tf.Tensor];
        for (const [ours, theirs] of [
          [sub(a, b), tf.sub(a, b)],
          [mul(a, b), tf.mul(a, b)],
        ] as const) {
          expect(ours.shape).toEqual(theirs.shape);
          expect(ours.dtype).toBe(theirs.dtype);
          expect([...ours.dataSync()]).toEqual([...theirs.dataSync()]);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('leave what they are given as it was', () => {
    const [a, b] = [tf.tensor([1, 2], [2, 1]), tf.tensor([3, 4], [1, 2])];
    expect([...sub(a, b).dataSync()]).toEqual([-2, -3, -1, -2]);
    expect([[...a.dataSync()], [...b.dataSync()]]).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('hold no more tensors than tfjs', () => {
    const [a, b] = [tf.tensor([1, 2], [2, 1]), tf.tensor([3, 4], [1, 2])];
    const before = tf.memory().numTensors;
    const result = tf.tidy(() => sub(a, b));
    expect(tf.memory().numTensors).toBe(before + 1);
    result.dispose();
  });
});
