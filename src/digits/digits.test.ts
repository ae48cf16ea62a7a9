import { beforeAll, describe, expect, it } from 'vitest';
import { tfjsBackend } from '../../backends/tfjs/backend.js';
import type { Backend } from '../../spec/index.js';
import { trainClassifier } from './classifier.js';
import { longTail, PIXELS, splitDigits } from './data.js';

const sizes = { most: 50, ratio: 25, validation: 5, test: 10 };
const training = { alpha: 0.1, hidden: 8, epochs: 2, batchSize: 32, learningRate: 0.01, kappa: 3 };

describe('long-tailed digits', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await tfjsBackend({ engine: 'wasm' });
  });

  it('keep their profile, and no image is in two sets', async () => {
    const { training: tail, validation, test } = await splitDigits(sizes, 1);
    const counts = Array.from({ length: 10 }, (_, k) => tail.labels.filter((label) => label === k).length);
    expect(counts).toEqual(longTail(50, 25, 10));
    expect([validation.labels.length, test.labels.length]).toEqual([50, 100]);
    const images = [tail, validation, test].flatMap(({ images, labels }) =>
      labels.map((_, i) => images.slice(i * PIXELS, (i + 1) * PIXELS).join()),
    );
    expect(new Set(images).size).toBe(images.length);
  });

  it('are tested on the same images for all seeds, and no seed trains on any of them', async () => {
    const fixed = { ...sizes, testSeed: 7 };
    const [one, two, other] = [
      await splitDigits(fixed, 1),
      await splitDigits(fixed, 2),
      await splitDigits({ ...sizes, testSeed: 8 }, 1),
    ];
    expect(two.test).toEqual(one.test);
    expect(other.test).not.toEqual(one.test);
    expect(two.training).not.toEqual(one.training);
    const imagesOf = ({ images, labels }: typeof one.test) =>
      labels.map((_, i) => images.slice(i * PIXELS, (i + 1) * PIXELS).join());
    const tested = new Set(imagesOf(one.test));
    for (const { training, validation } of [one, two])
      expect([training, validation].flatMap(imagesOf).filter((image) => tested.has(image))).toEqual([]);
  });

  it('refuses to promise more images than there are', async () => {
    await expect(splitDigits({ ...sizes, test: 900 }, 1)).rejects.toThrow(/digit \d: expected at least/);
  });

  it('train alike from the same seed, and otherwise from another', async () => {
    const split = await splitDigits(sizes, 1);
    const run = async (seed: number) => {
      const trained = await trainClassifier(split.training, { ...training, backend, seed });
      const found = { shares: trained.minorityShare, ...trained.evaluate(split.validation) };
      trained.dispose();
      return found;
    };
    const [once, again, other] = [await run(1), await run(1), await run(2)];
    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
    expect(once.shares.some((share) => share > 0)).toBe(true);
  });
});
