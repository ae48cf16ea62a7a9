import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadEngine } from '../index.js';
import { nanUnlessFinite } from './finite.js';

const current = vi.hoisted(() => ({ name: 'cpu' }));

// only the name of the engine matters here; the arithmetic is that of the cpu
vi.mock('@tensorflow/tfjs-core', async (original) => ({
  ...(await original<typeof tf>()),
  getBackend: () => current.name,
}));

let SCORES: tf.Tensor2D;
let FEATURES: tf.Tensor3D;

beforeAll(async () => {
  await loadEngine('cpu');
  SCORES = tf.tensor2d([0, 1, 0.5, 0.5], [2, 2]);
  FEATURES = tf.tensor3d([0, 3e38, -3e38, 3e38, 1e-40, -0], [1, 2, 3]);
});
afterEach(() => {
  current.name = 'cpu';
});

describe.each(['webgpu', 'webgl'])('on %s, whose shaders may lose NaN', (engine) => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'the loss is NaN where one of many scores is %d',
    (wrong) => {
      current.name = engine;
      const scores = tf.tensor2d([0, 1, wrong, 0.5], [2, 2]);
      expect(nanUnlessFinite(scores, undefined, tf.scalar(3)).dataSync()[0]).toBeNaN();
      expect(nanUnlessFinite(scores, FEATURES, tf.scalar(3)).dataSync()[0]).toBeNaN();
    },
  );

  it('the loss does not change where all scores are finite', () => {
    current.name = engine;
    const scores = tf.tensor2d([0, 1, 3e38, -1], [2, 2]);
    expect(nanUnlessFinite(scores, undefined, tf.scalar(3)).dataSync()[0]).toBe(3);
  });
});

describe.each(['webgpu', 'webgl', 'cpu', 'wasm', 'tensorflow'])('on %s', (engine) => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'losses are NaN where one of many features is %d',
    (wrong) => {
      current.name = engine;
      const features = tf.tensor3d([0, 1, 2, 3, wrong, 5], [1, 2, 3]);
      const losses = nanUnlessFinite(SCORES, features, tf.tensor1d([3, 4]));
      expect([...losses.dataSync()]).toEqual([Number.NaN, Number.NaN]);
    },
  );

  it('losses do not change where all features are finite', () => {
    current.name = engine;
    const losses = nanUnlessFinite(SCORES, FEATURES, tf.tensor1d([3, 4]));
    expect([...losses.dataSync()]).toEqual([3, 4]);
  });
});

it.each(['cpu', 'wasm', 'tensorflow'])('on %s the scores are not checked', (engine) => {
  current.name = engine;
  const loss = tf.scalar(3);
  expect(nanUnlessFinite(tf.tensor2d([Number.NaN], [1, 1]), undefined, loss)).toBe(loss);
});
