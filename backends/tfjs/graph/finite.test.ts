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

beforeAll(() => loadEngine('cpu'));
afterEach(() => {
  current.name = 'cpu';
});

describe.each(['webgpu', 'webgl'])('on %s, whose shaders may lose NaN', (engine) => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'the loss is NaN where one of many scores is %d',
    (wrong) => {
      current.name = engine;
      const scores = tf.tensor2d([0, 1, wrong, 0.5], [2, 2]);
      expect(nanUnlessFinite(scores, tf.scalar(3)).dataSync()[0]).toBeNaN();
    },
  );

  it('the loss does not change where all scores are finite', () => {
    current.name = engine;
    expect(nanUnlessFinite(tf.tensor2d([0, 1, 3e38, -1], [2, 2]), tf.scalar(3)).dataSync()[0]).toBe(3);
  });
});

it.each(['cpu', 'wasm', 'tensorflow'])('on %s the scores are not checked', (engine) => {
  current.name = engine;
  const loss = tf.scalar(3);
  expect(nanUnlessFinite(tf.tensor2d([Number.NaN], [1, 1]), loss)).toBe(loss);
});
