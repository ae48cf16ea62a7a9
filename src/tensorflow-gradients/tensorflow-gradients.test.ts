import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../backends/tfjs/index.js';

const missing = await loadEngine('tensorflow').then(
  () => '',
  (error: Error) => `, skipped: ${error.message}`,
);

/** Numbers that are both signs, with zeros of both signs among them. */
const numbers = (shape: number[], from: number) =>
  Array.from({ length: tf.util.sizeFromShape(shape) }, (_, at) =>
    at % 7 === 3 ? 0 : at % 11 === 5 ? -0 : Math.sin(from + at * 1.7),
  );
const tensor = (shape: number[], from = 0) => tf.tensor(numbers(shape, from), shape);

/** What is computed on one engine: the same tensors are made on each. */
type Values = Record<string, number[]>;
const read = (tensors: Record<string, tf.Tensor>): Values =>
  Object.fromEntries(Object.entries(tensors).map(([name, each]) => [name, Array.from(each.dataSync())]));

function reluDerivative(): Values {
  const dx = tf.grad((x) => tf.relu(x))(tensor([5, 7]), tensor([5, 7], 3));
  return read({ dx });
}

/** Of sums with a vector, with what is broadcast otherwise, and with what is not broadcast. */
function sumDerivatives(): Values {
  const found: Record<string, tf.Tensor> = {};
  for (const shape of [[3], [1, 1, 1, 3], [2, 1, 1, 1], [1, 4, 3], [2, 5, 4, 3], [1]]) {
    const [da, db] = tf.grads((a, b) => tf.add(a, b))(
      [tensor([2, 5, 4, 3]), tensor(shape, 1)],
      tensor([2, 5, 4, 3], 2),
    ) as [tf.Tensor, tf.Tensor];
    expect(db.shape).toEqual(shape);
    Object.assign(found, { [`a + ${shape}`]: da, [`b ${shape}`]: db });
    const [first] = tf.grads((a, b) => tf.add(a, b))(
      [tensor(shape, 1), tensor([2, 5, 4, 3])],
      tensor([2, 5, 4, 3], 2),
    ) as [tf.Tensor];
    expect(first.shape).toEqual(shape);
    found[`${shape} + b`] = first;
  }
  return read(found);
}

/** Training and inference of a layer, with every derivative and the moving averages. */
function normalisation(shape: number[]): Values {
  const layer = tf.layers.batchNormalization({ epsilon: 0.01, momentum: 0.9 });
  const x = tensor(shape);
  layer.apply(x);
  const dy = tensor(shape, 5);
  const weights = layer.trainableWeights.map((each) => each.read() as tf.Variable);
  weights.forEach((each, at) => {
    each.assign(tf.add(tensor(each.shape, at), 2));
  });
  const { value, grads } = tf.variableGrads(
    () => tf.sum(tf.mul(layer.apply(x, { training: true }) as tf.Tensor, dy)) as tf.Scalar,
    weights,
  );
  const dx = tf.grad((each) => layer.apply(each, { training: true }) as tf.Tensor)(x, dy);
  const inferred = layer.apply(x) as tf.Tensor;
  const trained = layer.apply(x, { training: true }) as tf.Tensor;
  const moved = layer.nonTrainableWeights.map((each) => each.read());
  const found = read({
    value,
    dx,
    inferred,
    trained,
    ...Object.fromEntries(weights.map((each, at) => [`weight ${at}`, grads[each.name] as tf.Tensor])),
    ...Object.fromEntries(moved.map((each, at) => [`average ${at}`, each])),
  });
  layer.dispose();
  return found;
}

/** Channels first, which tfjs normalises wrongly on `cpu`. */
function ofChannelsFirst(): Values {
  const layer = tf.layers.batchNormalization({ axis: 1 });
  const found = read({ trained: layer.apply(tensor([3, 4, 5, 6]), { training: true }) as tf.Tensor });
  layer.dispose();
  return found;
}

const CASES: Record<string, () => Values> = {
  relu: reluDerivative,
  sums: sumDerivatives,
  'normalisation of images': () => normalisation([3, 4, 5, 6]),
  'normalisation of one pixel': () => normalisation([1, 1, 1, 4]),
  'normalisation of rows': () => normalisation([6, 4]),
};

async function on(engine: 'cpu' | 'tensorflow'): Promise<Record<string, Values>> {
  await loadEngine(engine);
  return Object.fromEntries(Object.entries(CASES).map(([name, run]) => [name, tf.tidy(run)]));
}

// computed by tfjs alone, before anything is registered
const before = await on('cpu');
const channelsFirst = missing ? {} : await loadEngine('tensorflow').then(ofChannelsFirst);
await import('./index.js');

describe('what is registered for tensorflow', () => {
  it('changes nothing on another engine', async () => {
    expect(await on('cpu')).toEqual(before);
  });
});

describe.skipIf(missing)(`derivatives on tensorflow${missing}`, () => {
  it.each(Object.keys(CASES))('%s agrees with tfjs on cpu', async (name) => {
    const found = (await on('tensorflow'))[name] as Values;
    const expected = before[name] as Values;
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    for (const [what, values] of Object.entries(expected)) {
      const own = found[what] as number[];
      expect(own.length).toBe(values.length);
      values.forEach((value, at) => {
        // float32 sums of at most a few hundred numbers around 1
        expect(Math.abs((own[at] as number) - value), `${what}[${at}]`).toBeLessThanOrEqual(
          2e-5 * Math.max(1, Math.abs(value)),
        );
      });
    }
  });

  it('gives exactly the derivative of relu', async () => {
    const derivative = ({ relu }: Record<string, Values>) => relu?.dx?.map((value) => value + 0); // zeros of both signs are equal
    expect(derivative(await on('tensorflow'))).toEqual(derivative(before));
  });

  it('leaves normalisation over another axis as it was', async () => {
    await loadEngine('tensorflow');
    expect(ofChannelsFirst()).toEqual(channelsFirst);
  });

  it('computes the same numbers each time', async () => {
    expect(await on('tensorflow')).toEqual(await on('tensorflow'));
  });

  it('runs one operation of TensorFlow for each derivative, and leaves no tensor', async () => {
    await loadEngine('tensorflow');
    const layer = tf.layers.batchNormalization({});
    layer.apply(tensor([2, 3, 3, 4]));
    const weights = layer.trainableWeights.map((each) => each.read() as tf.Variable);
    const bias = tf.variable(tensor([4]));
    const [x, dy] = [tensor([2, 3, 3, 4]), tensor([2, 3, 3, 4], 1)];
    const step = () =>
      tf.tidy(() => {
        tf.variableGrads(() => {
          const y = layer.apply(tf.relu(tf.add(x, bias)), { training: true }) as tf.Tensor;
          return tf.sum(tf.mul(y, dy)) as tf.Scalar;
        }, [...weights, bias]);
      });
    step();
    const tensors = tf.memory().numTensors;
    const { kernelNames } = await tf.profile(step);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(kernelNames).toEqual(
      expect.arrayContaining(['ReluGrad', 'BiasAddGrad', 'FusedBatchNormV3', 'FusedBatchNormGradV3']),
    );
    for (const name of ['Step', 'Tile', 'Rsqrt', 'Mean', 'FusedBatchNorm'])
      expect(kernelNames).not.toContain(name);
    layer.dispose();
  });
});
