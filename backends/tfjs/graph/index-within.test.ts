import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSchema, type Level, resolveOptions } from '../../../spec/index.js';
import { loadEngine } from '../index.js';
import { indexWithin } from './index-within.js';
import { graphLoss } from './loss.js';

/** What TensorFlow makes of NaN. */
const NAN_AS_INT32 = -(2 ** 31);

let restore = () => {};

beforeAll(async () => {
  await loadEngine('cpu');
  const kernel = tf.getKernel('Cast', 'cpu');
  const { kernelFunc } = kernel;
  kernel.kernelFunc = (given) => {
    const info = kernelFunc(given) as tf.TensorInfo;
    const { data } = given.backend as unknown as {
      data: { get(id: object): { values: Int32Array | Float32Array } };
    };
    const from = data.get((given.inputs.x as tf.TensorInfo).dataId).values;
    const { values } = data.get(info.dataId);
    if (info.dtype === 'int32')
      for (const [at, x] of from.entries()) if (Number.isNaN(x)) values[at] = NAN_AS_INT32;
    return info;
  };
  restore = () => {
    kernel.kernelFunc = kernelFunc;
  };
});
afterAll(() => restore());

it('every number becomes an index in range', () => {
  const numbers = tf.tensor1d([0, 1.75, 4.5, 5, 9, -1, Number.NaN]);
  expect(Array.from(tf.cast(numbers, 'int32').dataSync()).at(-1)).toBe(NAN_AS_INT32);
  const index = indexWithin(numbers, 5);
  expect(index.dtype).toBe('int32');
  expect(Array.from(index.dataSync())).toEqual([0, 1, 4, 4, 4, 0, 0]);
});

it.each<[string, Level, (given: { scores: number[]; features: number[]; labels: number[] }) => void]>([
  ['a score', 'class', ({ scores }) => scores.splice(2, 1, Number.NaN)],
  ['a feature', 'instance', ({ features }) => features.splice(3, 1, Number.NaN)],
  ['a label', 'class', ({ labels }) => labels.splice(0, 1, Number.NaN)],
])('where %s is NaN the loss is NaN, and no index is out of range', (_, level, spoil) => {
  const schema = createSchema({ attributes: [2] });
  const given = {
    labels: [1, 0, 1, 0, 0, 1, 0, 1, 0, 1],
    scores: [0.25, 0.75, 0.5, 0.5, 0.125, 0.875, 0.75, 0.25, 1, 0],
    features: Array.from({ length: 10 }, (_, at) => Math.sin(at)),
  };
  spoil(given);
  const lossOf = graphLoss(schema, {
    ...resolveOptions(schema, { level, comparison: 'distribution' }),
    alpha: 0.5,
  });
  const { value, grads } = tf.valueAndGrads(
    (s: tf.Tensor, f: tf.Tensor) => lossOf(tf.tensor2d(given.labels, [5, 2]), s, f) as tf.Scalar,
  )([
    tf.tensor2d(given.scores, [5, 2]),
    ...(level === 'instance' ? [tf.tensor2d(given.features, [5, 2])] : []),
  ] as never);
  expect(value.dataSync()[0]).toBeNaN();
  expect(grads[0]?.shape).toEqual([5, 2]);
});
