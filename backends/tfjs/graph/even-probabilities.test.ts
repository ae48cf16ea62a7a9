import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createSchema } from '../../../spec/index.js';
import { loadEngine } from '../index.js';
import { deviceProbabilities } from './cross-entropy.js';
import { evenSigmoid, evenSoftmax } from './even-probabilities.js';

const current = vi.hoisted(() => ({ name: 'cpu' }));

// the engine `cpu` under TensorFlow's name, with exponentials that are made as uneven as TensorFlow's
vi.mock('@tensorflow/tfjs-core', async (original) => ({
  ...(await original<typeof tf>()),
  getBackend: () => current.name,
}));

const restore: (() => void)[] = [];

/** Makes a kernel of the engine `cpu` round the last n mod 8 numbers of its result differently. */
function makeUneven(kernelName: string): void {
  const kernel = tf.getKernel(kernelName, 'cpu');
  const { kernelFunc } = kernel;
  kernel.kernelFunc = (given) => {
    const info = kernelFunc(given) as tf.TensorInfo;
    const backend = given.backend as unknown as { data: { get(id: object): { values: Float32Array } } };
    const { values } = backend.data.get(info.dataId);
    for (let at = values.length - (values.length % 8); at < values.length; at++)
      values[at] = (values[at] as number) * (1 + 2 ** -22);
    return info;
  };
  restore.push(() => {
    kernel.kernelFunc = kernelFunc;
  });
}

beforeAll(() => loadEngine('cpu'));
afterEach(() => {
  for (const undo of restore.splice(0)) undo();
  current.name = 'cpu';
});

/** How many different rows there are among those of a tensor. */
function differentRows(x: tf.Tensor2D): number {
  return new Set(x.arraySync().map(String)).size;
}

const ROWS = [1, 2, 3, 5, 8, 13];
const WIDTHS = [2, 3, 7, 8, 16, 17, 31];

/** Equal rows. */
const equalRows = (rows: number, width: number) =>
  tf.tile(
    tf.tensor2d(
      Float32Array.from({ length: width }, (_, s) => Math.sin(3 * s) * 4),
      [1, width],
    ),
    [rows, 1],
  );

describe('on an engine that rounds the last numbers of a tensor differently', () => {
  it.each([
    ['softmax', evenSoftmax, tf.softmax, ['Exp', 'Softmax']],
    ['sigmoid', evenSigmoid, tf.sigmoid, ['Sigmoid']],
  ] as const)('equal logits get equal probabilities: %s', (_, even, plain, kernels) => {
    const expected = ROWS.flatMap((rows) => WIDTHS.map((width) => plain(equalRows(rows, width)).dataSync()));
    for (const name of kernels) makeUneven(name);
    const uneven = ROWS.flatMap((rows) =>
      WIDTHS.map((width) => differentRows(plain(equalRows(rows, width)) as tf.Tensor2D)),
    );
    expect(Math.max(...uneven)).toBeGreaterThan(1); // or this would test nothing

    current.name = 'tensorflow';
    const found = ROWS.flatMap((rows) => WIDTHS.map((width) => even(equalRows(rows, width))));
    for (const [at, p] of found.entries()) {
      expect(differentRows(p)).toBe(1);
      const values = p.dataSync();
      const right = expected[at] as Float32Array;
      expect(values.length).toBe(right.length);
      for (const [i, value] of right.entries()) expect(values[i]).toBeCloseTo(value, 6);
    }
  });

  it.each(['categorical', 'multi-label', 'one-attribute'] as const)(
    'the graph uses these functions: %s',
    (encoding) => {
      for (const name of ['Exp', 'Softmax', 'Sigmoid']) makeUneven(name);
      current.name = 'tensorflow';
      const attributes = { categorical: [3, 2], 'multi-label': [2, 2, 2, 2, 2], 'one-attribute': [5] }[
        encoding
      ];
      const schema = createSchema({ attributes, encoding, fromLogits: true });
      expect(differentRows(deviceProbabilities(schema, equalRows(5, 5)))).toBe(1);
    },
  );
});

it('on other engines they are tfjs’s own operation and nothing else', async () => {
  const { kernelNames } = await tf.profile(() => [
    evenSoftmax(equalRows(3, 5)),
    evenSigmoid(equalRows(3, 5)),
  ]);
  expect(kernelNames.sort()).toEqual(['Sigmoid', 'Softmax', 'Tile']);
});
