import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { type LastLayer, logitAdjustedLoss, normalisedLayer, priorAdjustedLayer } from './index.js';

const kernel = tf.tensor2d([
  [3, 0, 1],
  [4, 0, -1],
]);

describe('the prior of a trained classifier', () => {
  it('is taken off its logits, and shifts the loss as training with the adjustment does', () => {
    const counts = [6, 3, 1];
    const { bias } = priorAdjustedLayer({ kernel, bias: tf.tensor1d([1, 2, 3]) }, { counts, tau: 0.5 });
    const expected = [1, 2, 3].map((b, k) => b - 0.5 * Math.log((counts[k] as number) / 10));
    expect(Array.from(bias.dataSync())).toEqual(expected.map((b) => expect.closeTo(b, 6)));
    // the loss adds the prior that the layer takes off: together they are cross entropy again
    const z = tf.tensor2d([[0.5, -1, 2]]);
    const shifted = tf.add(z, priorAdjustedLayer({ kernel }, { counts }).bias);
    const y = tf.oneHot([1], 3);
    expect(logitAdjustedLoss({ counts })(y, shifted).dataSync()[0]).toBeCloseTo(
      logitAdjustedLoss({ counts, tau: 0 })(y, z).dataSync()[0] as number,
      5,
    );
  });

  it('of several labels is that of each label against its absence', () => {
    const { bias } = priorAdjustedLayer({ kernel }, { counts: [5, 2, 1], samples: 10 });
    const expected = [5, 2, 1].map((n) => -Math.log(n / (10 - n)));
    expect(Array.from(bias.dataSync())).toEqual(expected.map((b) => expect.closeTo(b, 6)));
  });

  it('must be of as many classes, with a τ that is a number', () => {
    expect(() => priorAdjustedLayer({ kernel }, { counts: [1, 2] })).toThrow(
      'options.counts: expected 3 counts, one per column of the kernel, got 2',
    );
    expect(() => priorAdjustedLayer({ kernel }, { counts: [1, 2, 3], tau: -1 })).toThrow('options.tau');
    expect(() => priorAdjustedLayer({ kernel }, { counts: [1, 0, 3] })).toThrow('counts[1]');
  });

  it('leaves no tensor but its own', () => {
    const before = tf.memory().numTensors;
    tf.dispose([priorAdjustedLayer({ kernel }, { counts: [1, 2, 3] }), normalisedLayer({ kernel })]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('τ-normalisation', () => {
  it.each([
    [0, [5, 0, Math.SQRT2]],
    [0.5, [5 ** 0.5, 0, 2 ** 0.25]],
    [1, [1, 0, 1]],
  ])('with τ %d leaves columns of these lengths', (tau, lengths) => {
    const layer = normalisedLayer({ kernel, bias: tf.tensor1d([1, 2, 3]) }, { tau });
    const found = tf.norm(layer.kernel, 'euclidean', 0).dataSync();
    expect(Array.from(found)).toEqual(lengths.map((length) => expect.closeTo(length, 5)));
    expect(Array.from(layer.bias.dataSync())).toEqual([0, 0, 0]);
    expect(() => normalisedLayer({ kernel }, { tau: Number.NaN })).toThrow('options.tau');
  });
});

describe('a layer that is none', () => {
  const corrections = [
    (layer: unknown) => priorAdjustedLayer(layer as LastLayer, { counts: [1, 2, 3] }),
    (layer: unknown) => normalisedLayer(layer as LastLayer),
  ];
  it.each([
    [undefined, 'layer: expected an object with kernel and bias, tensors, got undefined'],
    [{}, 'layer.kernel: expected a float32 tensor, d×K, got undefined'],
    [{ kernel: [[1, 2, 3]] }, 'layer.kernel: expected a float32 tensor, d×K'],
    [{ kernel: tf.zeros([2, 3], 'int32') }, 'layer.kernel: expected a float32 tensor, d×K'],
    [{ kernel: tf.zeros([3]) }, 'layer.kernel: expected a float32 tensor, d×K'],
    [{ kernel: tf.zeros([3, 3, 2, 2]) }, 'layer.kernel: expected a float32 tensor, d×K'],
    [{ kernel, bias: null }, 'layer.bias: expected a float32 tensor of K numbers, or none, got null'],
    [{ kernel, bias: [0, 0, 0] }, 'layer.bias: expected a float32 tensor of K numbers, or none'],
    [{ kernel, bias: tf.zeros([1, 3]) }, 'layer.bias: expected a float32 tensor of K numbers, or none'],
    [{ kernel, bias: tf.zeros([1]) }, 'layer.bias: expected 3 numbers, one per column of the kernel, got 1'],
  ])('is refused: case %#', (layer, message) => {
    for (const correct of corrections) expect(() => correct(layer)).toThrow(message);
  });

  it('is refused once it is disposed', () => {
    const gone = tf.zeros([2, 3]);
    gone.dispose();
    for (const correct of corrections) expect(() => correct({ kernel: gone })).toThrow('a disposed tensor');
  });

  it('has a τ that cannot overflow', () => {
    expect(() => priorAdjustedLayer({ kernel }, { counts: [1, 2, 3], tau: 1e39 })).toThrow(
      'options.tau: expected a number from 0 to 10, got 1e+39',
    );
    expect(() => logitAdjustedLoss({ counts: [1, 2], tau: 1e39 })).toThrow('a number from 0 to 1000');
  });
});
