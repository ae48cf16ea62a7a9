import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Batch,
  type BatchInput,
  createBatch,
  type Encoding,
  resolveOptions,
} from '../../../spec/index.js';
import { setHelpers } from '../../host/threads/block-work.js';
import { servingPool } from '../../host/threads/puppet.test-helper.js';
import { HOST_ENGINES } from '../engines/host-engines.js';
import { loadEngine } from '../index.js';
import { FUSED_GRADIENT, FUSED_LOSS, registerHostOperations } from './host-operation.js';
import { fusedLoss, fusedWalk } from './loss.js';

const ENGINES = ['cpu', 'wasm'] as const;

function batchOf(encoding: Encoding): Batch {
  return createBatch(batchInput(encoding));
}

function batchInput(encoding: Encoding): BatchInput {
  const labels = encoding === 'categorical' ? [[0], [1], [2], [0]] : [0, 1, 0, 1].map((x) => [x, 1 - x, 1]);
  const attributes = { categorical: [3], 'multi-label': [2, 2, 2], 'one-attribute': [3] }[encoding];
  const scores = labels.map((_, i) => [0.25 * i, 0.5, 0.125]);
  return { encoding, attributes, labels, scores };
}

/** The walk on labels, scores and features as given. */
function walked(
  encoding: Encoding,
  level: 'class' | 'instance',
  given: { [K in 'labels' | 'scores']: number[][] } & { features?: number[][] },
) {
  const batch = batchOf(encoding);
  const walk = fusedWalk(batch, { ...resolveOptions(batch, { level }), alpha: 0.5 });
  const features = given.features && tf.tensor3d([given.features]);
  return walk(tf.tensor2d(given.labels), tf.tensor2d(given.scores), features);
}

const oneHot = [
  [1, 0, 0],
  [0, 1, 0],
];
const scores = [
  [0.5, 0.25, 0.25],
  [0.5, 0.25, 0.25],
];
const features = [[1], [2]];

describe.each(ENGINES)('the operation on %s', (engine) => {
  beforeEach(() => loadEngine(engine));

  it.each(['categorical', 'one-attribute'] as const)(
    'shares the logits of %s labels with threads, with the same loss and gradient',
    (encoding) => {
      const batch = createBatch({ ...batchInput(encoding), fromLogits: true });
      const lossOf = fusedLoss(batch, { ...resolveOptions(batch, {}), alpha: 0.5 });
      const labels = tf.tensor2d(
        Array.from({ length: 12 }, (_, i) => [0, 1, 2].map((c) => Number(c === i % 3))),
      );
      const logits = tf.tensor2d(
        Array.from({ length: 36 }, (_, at) => 3 * Math.sin(at * at)),
        [12, 3],
      );
      const found = () => {
        const of = (z: tf.Tensor) => lossOf(labels, z as tf.Tensor2D) as tf.Scalar;
        const { value, grad } = tf.valueAndGrad(of)(logits);
        return [...value.dataSync(), ...grad.dataSync()];
      };
      const alone = found();
      let calls = 0;
      setHelpers(servingPool(1, 3, () => calls++));
      const shared = found();
      setHelpers(undefined);
      expect(calls).toBeGreaterThan(0);
      expect(shared).toEqual(alone);
    },
  );

  it.each([
    [
      'categorical',
      [
        [1, 0, 0],
        [0, 0.9, 0],
      ],
      'labels[1][1]: expected 0 or 1, one-hot (all 0: unlabelled), got',
    ],
    [
      'categorical',
      [
        [0, 0, Number.NaN],
        [0, 1, 0],
      ],
      'labels[0][2]: expected 0 or 1, one-hot',
    ],
    [
      'categorical',
      [
        [0, 1, 0],
        [1, 0, 1],
      ],
      "labels[1]: expected at most one 1 per attribute (one-hot); several labels per sample need encoding 'multi-label' or 'one-attribute', got [1,0,1]",
    ],
    [
      'one-attribute',
      [
        [1, 0, 0],
        [0, -1, 0],
      ],
      'labels[1][1]: expected 0 or 1, got -1',
    ],
    [
      'multi-label',
      [
        [1, 0, 0.5],
        [0, 1, 0],
      ],
      'labels[0][2]: expected 0 or 1, or -1 (unlabelled), got 0.5',
    ],
    [
      'multi-label',
      [
        [1, 0, 1],
        [0, 1.25, 0],
      ],
      'labels[1][1]: expected 0 or 1, or -1 (unlabelled), got 1.25',
    ],
  ] as const)('refuses wrong labels of %s data, and names their place', (encoding, labels, words) => {
    expect(() => walked(encoding, 'class', { labels: labels as never, scores })).toThrow(
      expect.objectContaining({ code: 'label-out-of-range', message: expect.stringContaining(words) }),
    );
  });

  it('refuses what the specification refuses, at both levels, and names the place', () => {
    const wrong = [
      [0.5, 0.25, 0.25],
      [0.5, 2, 0.25],
    ];
    for (const level of ['class', 'instance'] as const) {
      expect(() => walked('categorical', level, { labels: oneHot, scores: wrong, features })).toThrow(
        'scores[1][1]',
      );
    }
    const infinite = [[1], [Number.POSITIVE_INFINITY]];
    expect(() => walked('categorical', 'instance', { labels: oneHot, scores, features: infinite })).toThrow(
      'features[1][0]', // shared features are n×d, so their place is a row and a component
    );
  });

  it('frees the engine’s memory where it refuses a batch', () => {
    const { numDataIds } = tf.backend() as unknown as { numDataIds(): number };
    const count = () => numDataIds.call(tf.backend());
    const batch = batchOf('categorical');
    const lossOf = fusedLoss(batch, { ...resolveOptions(batch), alpha: 0.5 });
    const [labels, wrong] = [tf.tensor2d(oneHot), tf.tensor2d([0.5, 2, 0.25, 0.5, 0.25, 0.25], [2, 3])];
    const before = count();
    for (const form of [lossOf, lossOf.perSample]) expect(() => form(labels, wrong)).toThrow('scores[0][1]');
    expect(count()).toBe(before);
  });

  it('gives sizes and survivors of each class column, and the gradient where the scores are', () => {
    const { sizes, surviving, gradient } = walked('categorical', 'class', {
      labels: [...oneHot, ...oneHot, [1, 0, 0]],
      scores: [...scores, ...scores, [0, 0, 1]],
    });
    expect([sizes.shape, Array.from(sizes.dataSync())]).toEqual([[3], [3, 2, 0]]);
    expect([surviving.shape, Array.from(surviving.dataSync())]).toEqual([[3], [0, 1, 0]]);
    expect([gradient.shape, gradient.dtype]).toEqual([[5, 3], 'float32']);
    expect([sizes.dtype, surviving.dtype]).toEqual(['float32', 'float32']);
  });

  it('writes the gradient straight into the heap of wasm', () => {
    const write = vi.spyOn(tf.backend() as unknown as { write(...given: unknown[]): object }, 'write');
    const [labels, given] = [tf.tensor2d(oneHot), tf.tensor2d(scores)];
    const batch = batchOf('categorical');
    const walk = fusedWalk(batch, { ...resolveOptions(batch), alpha: 0.5 });
    write.mockClear();
    walk(labels, given, undefined);
    const ofGradient = write.mock.calls.filter(
      ([values, shape]) => values !== null && String(shape) === '2,3',
    );
    write.mockRestore();
    expect(ofGradient).toHaveLength(engine === 'wasm' ? 0 : 1);
  });

  it('is one operation of tfjs', async () => {
    const { kernelNames } = await tf.profile(
      () => walked('categorical', 'class', { labels: oneHot, scores }).loss,
    );
    expect(kernelNames).toContain('ClassRectificationLoss');
  });
});

it.each(['cpu', 'wasm'])(
  'walks a batch once however samples are weighed, and copies no tensor for the derivative, on %s',
  async (engine) => {
    await loadEngine(engine);
    const batch = batchOf('categorical');
    const lossOf = fusedLoss(batch, { ...resolveOptions(batch), alpha: 0.5 });
    const [labels, given] = [tf.tensor2d(oneHot), tf.tensor2d(scores)];
    const n = scores.length;
    const operations = async (weights: readonly number[]) => {
      const upstream = tf.tensor1d([...weights]);
      const { kernels } = await tf.profile(() => {
        const slope = tf.grad((x) => lossOf.perSample(labels, x as tf.Tensor2D));
        return slope(given, upstream) as tf.Tensor2D;
      });
      // tfjs counts the function with a derivative of its own as one more; a reshape copies nothing
      return kernels.map(({ name }) => name).filter((name) => !['forward', 'Reshape'].includes(name));
    };
    const alike = new Array<number>(n).fill(1 / n);
    for (const weights of [alike, alike.map((w, i) => (i === n - 1 ? 2 * w : w))]) {
      expect(await operations(weights)).toEqual([FUSED_LOSS, FUSED_GRADIENT]);
    }
  },
);

it.each(['cpu', 'wasm'])('differentiates a batch after others were walked, on %s', async (engine) => {
  await loadEngine(engine);
  for (const fromLogits of [false, true]) {
    const batch = createBatch({ ...batchInput('categorical'), fromLogits });
    const lossOf = fusedLoss(batch, { ...resolveOptions(batch, { rho: 1 }), alpha: 0.5 });
    const labels = tf.tensor2d([...oneHot, ...oneHot, [0, 0, 1], [0, 0, 1]]);
    const one = tf.tensor2d(
      Array.from({ length: 18 }, (_, at) => ((7 * at) % 11) / 11),
      [6, 3],
    );
    const other = tf.tensor2d(
      Array.from({ length: 18 }, (_, at) => ((5 * at) % 13) / 13),
      [6, 3],
    );
    const slopes = (f: (x: tf.Tensor) => tf.Tensor) => Array.from(tf.grad(f)(one).dataSync());
    const alone = slopes((x) => lossOf(labels, x as tf.Tensor2D));
    expect(alone.some((slope) => slope !== 0)).toBe(true);
    const among = slopes((x) => {
      const first = lossOf(labels, x as tf.Tensor2D);
      lossOf(labels, other).dispose();
      return first;
    });
    expect(among).toEqual(alone);
  }
});

it('writes only the loss into a tensor where nobody observes', async () => {
  await loadEngine('cpu');
  const batch = batchOf('categorical');
  const options = { ...resolveOptions(batch), alpha: 0.5 };
  const [labels, given] = [tf.tensor2d(oneHot), tf.tensor2d(scores)];
  const outputs = async (observe?: () => void) => {
    const lossOf = fusedLoss(batch, options, observe);
    const counts: number[] = [];
    for (const form of [lossOf, lossOf.perSample]) {
      const { kernels } = await tf.profile(() => form(labels, given));
      counts.push(kernels.find(({ name }) => name === FUSED_LOSS)?.outputShapes.length as number);
    }
    return counts;
  };
  expect(await outputs()).toEqual([1, 1]);
  expect(await outputs(() => {})).toEqual([8, 9]);
});

it('are registered once per engine of the processor', () => {
  expect(HOST_ENGINES).toEqual(['cpu', 'wasm', 'tensorflow']);
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const registered = () =>
    HOST_ENGINES.flatMap((engine) => [FUSED_LOSS, FUSED_GRADIENT].map((name) => tf.getKernel(name, engine)));
  for (const engine of HOST_ENGINES)
    for (const name of [FUSED_LOSS, FUSED_GRADIENT])
      if (tf.getKernel(name, engine)) tf.unregisterKernel(name, engine);
  registerHostOperations();
  const first = registered();
  registerHostOperations();
  expect(first.every((kernel) => kernel !== undefined)).toBe(true);
  expect(registered()).toEqual(first);
  expect(warn).not.toHaveBeenCalled(); // tfjs says so where a kernel replaces another
  warn.mockRestore();
});
