import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../backends/tfjs/index.js';
import './index.js';

type Shape = [number, number, number, number];
type Padding = 'same' | 'valid' | number | [[0, 0], [number, number], [number, number], [0, 0]];
interface Case {
  readonly kind: 'conv2d' | 'depthwise';
  readonly x: Shape;
  readonly filter: Shape;
  readonly stride: number | [number, number];
  readonly dilation: number | [number, number];
  readonly pad: Padding;
}

/** Numbers in [−1, 1), the same in every run. */
function numbers(shape: readonly number[], seed: number): Float32Array {
  const size = shape.reduce((a, b) => a * b, 1);
  return Float32Array.from(
    { length: size },
    (_, i) => (((i + 1) * (seed * 7919 + 104729)) % 2003) / 1001.5 - 1,
  );
}

function convolve({ kind, stride, dilation, pad }: Case, x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
  const operation = kind === 'conv2d' ? tf.conv2d : tf.depthwiseConv2d;
  return operation(x, filter, stride, pad as 'same', 'NHWC', dilation) as tf.Tensor4D;
}

/** Both derivatives of Σ dy·conv(x, filter), and the values they were taken at. */
async function derivatives(engine: string, of: Case) {
  await loadEngine(engine);
  return tf.tidy(() => {
    const x = tf.tensor4d(numbers(of.x, 1), of.x);
    const filter = tf.tensor4d(numbers(of.filter, 2), of.filter);
    const { shape } = convolve(of, x, filter);
    const dy = tf.tensor4d(numbers(shape, 3), shape);
    const [dx, dFilter] = tf.grads((x, f) =>
      tf.sum(tf.mul(dy, convolve(of, x as tf.Tensor4D, f as tf.Tensor4D))),
    )([x, filter]) as [tf.Tensor, tf.Tensor];
    return {
      dx: dx.dataSync(),
      dFilter: dFilter.dataSync(),
      shapes: [dx.shape, dFilter.shape],
      dy: dy.dataSync(),
      shape,
    };
  });
}

/** The sum is linear in each argument: a difference over a step of any size is its derivative. */
async function differences(of: Case, dyData: Float32Array, shape: Shape) {
  await loadEngine('cpu');
  const dy = tf.tensor4d(dyData, shape);
  const given = { x: numbers(of.x, 1), filter: numbers(of.filter, 2) };
  const along = (name: 'x' | 'filter') =>
    Float32Array.from(given[name], (_, at) => {
      const moved = (by: number) => ({
        ...given,
        [name]: given[name].map((v, i) => (i === at ? v + by : v)),
      });
      const value = (by: number) =>
        tf.tidy(() => {
          const { x, filter } = moved(by);
          const y = convolve(of, tf.tensor4d(x, of.x), tf.tensor4d(filter, of.filter));
          return tf.sum(tf.mul(dy, y)).dataSync()[0] as number;
        });
      return (value(1) - value(-1)) / 2;
    });
  const found = { dx: along('x'), dFilter: along('filter') };
  dy.dispose();
  return found;
}

/** Float32 sums of at most some hundred terms of size 1 that differ in their order. */
function expectAlike(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < got.length; i++)
    worst = Math.max(worst, Math.abs((got[i] as number) - (expected[i] as number)));
  expect(worst).toBeLessThan(1e-4);
}

const named = (cases: readonly Case[]) => cases.map((of) => [JSON.stringify(of), of] as const);
const explicit: Padding = [
  [0, 0],
  [2, 1],
  [0, 3],
  [0, 0],
];
const strides: (number | [number, number])[] = [1, 2, 3, [1, 2]];
const dilations: (number | [number, number])[] = [2, 3, [2, 1]];
const pads: Padding[] = ['same', 'valid', 1, explicit];
const sizes: [number, number][] = [
  [7, 7],
  [8, 6],
];
const taps: [number, number][] = [
  [3, 3],
  [2, 4],
  [1, 1],
];

/**
 * Without the cases that tfjs itself gets wrong: for one number of padding it takes the filter's height,
 * dilation and stride down for those across too, on every engine (wasm then reads beyond the input).
 */
function sound({ filter, stride, dilation, pad }: Case): boolean {
  const square = (pair: number | readonly number[]) => typeof pair === 'number' || pair[0] === pair[1];
  return typeof pad !== 'number' || [filter.slice(0, 2), stride, dilation].every(square);
}

const shapes = [
  ['conv2d', 3, 4],
  ['depthwise', 3, 1],
  ['depthwise', 2, 3],
] as const;

const plain = strides
  .flatMap((stride) => pads.map((pad) => ({ stride, pad, dilation: 1 })))
  .flatMap((choices) => sizes.map((size) => ({ ...choices, size })))
  .flatMap((choices) => taps.map((tap) => ({ ...choices, tap })))
  .flatMap(({ size, tap, ...choices }) =>
    shapes.map(
      ([kind, C, out]): Case => ({ kind, x: [2, ...size, C], filter: [...tap, C, out], ...choices }),
    ),
  )
  .filter(sound);

const dilated = (['conv2d', 'depthwise'] as const)
  .flatMap((kind) => dilations.map((dilation) => ({ kind, dilation })))
  .flatMap((choices) => pads.map((pad) => ({ ...choices, pad })))
  .flatMap((choices) =>
    taps.map((tap): Case => ({ ...choices, x: [2, 9, 10, 2], filter: [...tap, 2, 2], stride: 1 })),
  )
  .filter(sound);

describe('convolutions on wasm', () => {
  it.each(['conv2d', 'depthwise'] as const)('%s: the derivatives of cpu, over a grid', async (kind) => {
    const cases = plain.filter((of) => of.kind === kind);
    expect(cases.length).toBeGreaterThan(70);
    for (const of of cases) {
      const [wasm, cpu] = [await derivatives('wasm', of), await derivatives('cpu', of)];
      expect(wasm.shapes, JSON.stringify(of)).toEqual([of.x, of.filter]);
      expectAlike(wasm.dx, cpu.dx);
      expectAlike(wasm.dFilter, cpu.dFilter);
    }
  });

  it.each(named([...dilated, ...plain.filter((_, at) => at % 31 === 0)]))(
    '%s: finite differences',
    async (_, of) => {
      const wasm = await derivatives('wasm', of);
      const expected = await differences(of, wasm.dy as Float32Array, wasm.shape);
      expectAlike(wasm.dx, expected.dx);
      expectAlike(wasm.dFilter, expected.dFilter);
    },
  );

  it('max pooling: the derivatives of cpu, also where a window has no positive value', async () => {
    const found: Float32Array[][] = [];
    for (const engine of ['wasm', 'cpu']) {
      await loadEngine(engine);
      const derivative = (pad: 'same' | 'valid' | 1, size: 2 | 3, stride: 1 | 2 | 3, of: tf.Tensor4D) =>
        tf.grad((x) => {
          const y = tf.maxPool(x as tf.Tensor4D, size, stride, pad);
          return tf.sum(tf.mul(y, tf.tensor4d(numbers(y.shape, 3), y.shape)));
        })(of);
      found.push(
        tf.tidy(() => {
          const x = tf.tensor4d(numbers([2, 8, 7, 3], 1), [2, 8, 7, 3]);
          // of both signs, all negative, and apart by little beside much
          const inputs = [x, tf.sub(x, 2), tf.where(tf.greater(x, 0), x.mul(1e12), x.mul(1e-6))];
          return (['same', 'valid', 1] as const).flatMap((pad) =>
            ([2, 3] as const).flatMap((size) =>
              ([1, 2, 3] as const).flatMap((stride) =>
                inputs.map(
                  (of) => derivative(pad, size, stride, of as tf.Tensor4D).dataSync() as Float32Array,
                ),
              ),
            ),
          );
        }),
      );
    }
    const [wasm, cpu] = found as [Float32Array[], Float32Array[]];
    expect(wasm.length).toBe(54);
    wasm.forEach((ours, at) => {
      expectAlike(ours, cpu[at] as Float32Array);
    });
  });

  it('max pooling: one of equals gets the derivative', async () => {
    await loadEngine('wasm');
    const derivative = tf.grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'))(tf.zeros([1, 4, 4, 1]));
    const windows = tf.sum(tf.reshape(derivative, [2, 2, 2, 2]), [1, 3]);
    expect([...derivative.dataSync()].every((d) => d === 0 || d === 1)).toBe(true);
    expect([...windows.dataSync()]).toEqual([1, 1, 1, 1]);
  });

  it('leaves other engines as they are: they refuse a dilation', async () => {
    for (const of of [dilated[0], dilated.at(-1)] as Case[])
      await expect(derivatives('cpu', of)).rejects.toThrow(/dilation rates greater than 1/);
  });

  it('refuses channels before places, which wasm does not convolve either', async () => {
    await loadEngine('wasm');
    const inputs = { x: tf.ones([1, 1, 3, 3]), dy: tf.ones([1, 1, 2, 2]) };
    const attributes = { strides: 1, pad: 'valid', dataFormat: 'NCHW', filterShape: [2, 2, 1, 1] };
    expect(() => tf.engine().runKernel(tf.Conv2DBackpropFilter, inputs, attributes)).toThrow(
      'dataFormat: expected NHWC, got "NCHW"',
    );
  });

  it('leaves no tensor behind', async () => {
    await loadEngine('wasm');
    const before = tf.memory().numTensors;
    for (const of of [plain[0], plain.at(-1), dilated[0], dilated.at(-1)] as Case[])
      await derivatives('wasm', of);
    expect(tf.memory().numTensors).toBe(before);
  });
});
