import { setTimeout as wait } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { classRectificationLoss } from '../loss/class-rectification-loss.js';
import type { Batch } from './batch.js';
import type { ImageDatasetOptions } from './dataset-options.js';
import { DataError } from './errors.js';
import { imageDataset } from './image-dataset.js';
import { multiHotRows, singleLabels } from './label-rows.js';
import { arrayImages } from './sources/array-images.js';
import { type ImageSource, subset } from './sources/source.js';
import { centreCrop } from './transforms/crop.js';
import { compose, type Transform } from './transforms/transform.js';

const COUNT = 23;
const plain = arrayImages({
  size: { width: 2, height: 2 },
  channels: 1,
  pixels: Uint8Array.from({ length: COUNT * 4 }, (_, i) => Math.floor(i / 4)),
  labels: Array.from({ length: COUNT }, (_, i) => (i % 5 === 0 ? [0, 2] : [1])),
  ids: Array.from({ length: COUNT }, (_, i) => `image-${i}`),
});

/** The source with some images that do not load, each in its own time. */
function breaking(bad: readonly number[], slow = false) {
  const seen = { loads: [] as number[], working: 0, most: 0 };
  const source: ImageSource = {
    ...plain,
    load: async (at) => {
      seen.loads.push(at);
      seen.most = Math.max(seen.most, ++seen.working);
      if (slow) await wait((at * 7) % 4);
      seen.working -= 1;
      if (bad.includes(at))
        throw new DataError({ code: 'image-broken', file: `${at}.png`, expected: 'an image', got: 'noise' });
      return plain.load(at);
    },
  };
  return { source, seen };
}

/** Writes the first draw into the first pixel. */
const draws: Transform = (image, random) => ({
  ...image,
  data: Float32Array.from(image.data, (v, i) => (i === 0 ? random() : v)),
});

async function batches(options: Partial<ImageDatasetOptions> = {}, epoch = 0, source: ImageSource = plain) {
  const found: Batch[] = [];
  for await (const batch of imageDataset(source, { batchSize: 5, ...options }).batches(epoch))
    found.push(batch);
  return found;
}
const idsOf = (found: readonly Batch[]) => found.flatMap(({ ids }) => ids);

describe('batches', () => {
  it('hold each image once, with its own labels and pixels', async () => {
    const found = await batches();
    expect(found.map(({ shape }) => shape[0])).toEqual([5, 5, 5, 5, 3]);
    expect(new Set(idsOf(found)).size).toBe(COUNT);
    for (const { ids, pixels, labels, shape } of found) {
      expect(shape.slice(1)).toEqual([2, 2, 1]);
      ids.forEach((id, i) => {
        const at = Number(id.slice(6));
        expect(Array.from(pixels.subarray(i * 4, i * 4 + 4))).toEqual([at, at, at, at]);
        expect(Array.from(labels.subarray(i * 3, i * 3 + 3))).toEqual(at % 5 === 0 ? [1, 0, 1] : [0, 1, 0]);
      });
    }
  });

  it('have another order by epoch and by seed, and the same by both', async () => {
    const ids = async (seed: number, epoch: number) => idsOf(await batches({ seed }, epoch));
    expect(await ids(1, 3)).toEqual(await ids(1, 3));
    expect(await ids(1, 3)).not.toEqual(await ids(1, 4));
    expect(await ids(1, 3)).not.toEqual(await ids(2, 3));
    expect(idsOf(await batches({ shuffle: false }))).toEqual(plain.records.map(({ id }) => id));
  });

  it('may leave out the smaller last one', async () => {
    expect((await batches({ dropLast: true })).map(({ ids }) => ids.length)).toEqual([5, 5, 5, 5]);
  });

  it('draw by seed, epoch and id, independent of the batch, the speed and the other images', async () => {
    const drawn = async (
      options: Partial<ImageDatasetOptions>,
      epoch: number,
      source: ImageSource = plain,
    ) => {
      const byId: Record<string, number> = {};
      for (const { ids, pixels } of await batches({ transform: draws, seed: 4, ...options }, epoch, source))
        ids.forEach((id, i) => {
          byId[id] = pixels[i * 4] as number;
        });
      return byId;
    };
    const all = await drawn({}, 2);
    expect(new Set(Object.values(all)).size).toBe(COUNT);
    const { source } = breaking([], true);
    expect(await drawn({ batchSize: 3, concurrency: 7, prefetch: 3, shuffle: false }, 2, source)).toEqual(
      all,
    );
    expect(await drawn({}, 2, subset(plain, [4, 9]))).toEqual({
      'image-4': all['image-4'],
      'image-9': all['image-9'],
    });
    expect(await drawn({}, 3)).not.toEqual(all);
    expect(await drawn({ seed: 5 }, 2)).not.toEqual(all);
  });
});

describe('bad images', () => {
  it('stop an epoch in their turn, by their own error', async () => {
    const { source } = breaking([7, 3], true);
    await expect(batches({ shuffle: false }, 0, source)).rejects.toMatchObject({ file: '3.png' });
  });

  it('are left out as if they were not there: batches keep their size', async () => {
    const bad = [0, 7, 22];
    const { source, seen } = breaking(bad, true);
    const data = imageDataset(source, { batchSize: 5, skipBad: true, seed: 2 });
    const run = async (epoch: number) => {
      const found: Batch[] = [];
      for await (const batch of data.batches(epoch)) found.push(batch);
      return found;
    };
    const first = await run(0);
    expect(first.map(({ ids }) => ids.length)).toEqual([5, 5, 5, 5]);
    expect(data.skipped.map(({ file }) => file).sort()).toEqual(['0.png', '22.png', '7.png']);
    const order = idsOf(await batches({ seed: 2 })).filter((id) => !bad.includes(Number(id.slice(6))));
    expect(idsOf(first)).toEqual(order);
    // not tried again, not listed again, and the same epoch is the same batches
    seen.loads.length = 0;
    expect(await run(0)).toEqual(first);
    expect(seen.loads).toHaveLength(20);
    expect(data.skipped).toHaveLength(3);
  });

  it('are refused where none is good', async () => {
    const { source } = breaking(Array.from({ length: COUNT }, (_, i) => i));
    const refused = batches({ skipBad: true, shuffle: false }, 0, source);
    await expect(refused).rejects.toMatchObject({ code: 'images-missing' });
    await expect(refused).rejects.toThrow(/at least 1 good of 23 images.*23 bad, first: 0\.png/);
    const { source: most } = breaking(Array.from({ length: COUNT - 2 }, (_, i) => i));
    await expect(batches({ skipBad: true, dropLast: true }, 0, most)).rejects.toThrow(/at least 5 good/);
  });

  it('are those, too, that a transform refuses; what else it throws is never skipped', async () => {
    const crop: Transform = (image, random) => (image.data[0] === 6 ? centreCrop(3)(image, random) : image);
    const data = imageDataset(plain, { batchSize: 5, skipBad: true, transform: crop });
    for await (const _ of data.batches(0));
    expect(data.skipped).toMatchObject([{ code: 'transform-failed', file: 'images[6]' }]);
    const wrong: Transform = () => {
      throw new TypeError('undefined is no function');
    };
    await expect(batches({ skipBad: true, transform: wrong })).rejects.toThrow(TypeError);
  });

  it('of another shape are named; they are skipped only where the right shape is known', async () => {
    const wide: Transform = (image) =>
      image.data[0] === 4 ? { width: 4, height: 1, channels: 1, data: image.data } : image;
    const options = { transform: wide, skipBad: true, shuffle: false };
    await expect(batches(options)).rejects.toThrow(
      /images\[4\]: expected 2×2×1 as images\[0\] \(or a transform that resizes\), got 4×1×1/,
    );
    const found = await batches({ ...options, shape: { width: 2, height: 2, channels: 1 } });
    expect(idsOf(found)).toHaveLength(COUNT - 1);
    const broken: Transform = (image) => ({ ...image, width: 3 });
    await expect(batches({ transform: broken })).rejects.toMatchObject({ code: 'transform-failed' });
  });
});

describe('bounds', () => {
  it('limit what is done at once and ahead, also where images are slow', async () => {
    const { source, seen } = breaking([], true);
    const data = imageDataset(source, { batchSize: 2, concurrency: 3, prefetch: 2, shuffle: false });
    let taken = 0;
    for await (const { ids } of data.batches(0)) {
      taken += ids.length;
      await wait(12);
      expect(seen.loads.length - taken).toBeLessThanOrEqual(2 * 2);
    }
    expect(seen.most).toBe(3);
    expect(taken).toBe(COUNT);
  });
});

describe('options', () => {
  it.each([
    [{ batchSize: 0 }, /options\.batchSize/],
    [{ batchSize: 24, dropLast: true }, /at most 23, with dropLast/],
    [{ concurrency: 0 }, /options\.concurrency/],
    [{ prefetch: -1 }, /options\.prefetch/],
    [{ seed: 0.5 }, /options\.seed/],
    [{ shape: { width: 0, height: 1, channels: 1 } }, /options\.shape\.width/],
    [{ batchsize: 3 }, /options\.batchsize/],
  ])('%j are refused', (options, message) => {
    expect(() => imageDataset(plain, { batchSize: 5, ...options } as never)).toThrow(message);
  });

  it('a source without an image is refused', () => {
    expect(() => imageDataset(subset(plain, []), { batchSize: 1 })).toThrow(/at least one image/);
  });
});

describe('tensors', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('of a loop by hand live until the next batch, and none outlives the loop', async () => {
    const before = tf.memory().numTensors;
    const data = imageDataset(plain, { batchSize: 5 });
    let last: tf.Tensor | undefined;
    for await (const { xs, ys, ids } of data.epoch(0)) {
      expect(last?.isDisposed ?? true).toBe(true);
      expect([xs.shape, ys.shape]).toEqual([
        [ids.length, 2, 2, 1],
        [ids.length, 3],
      ]);
      expect(tf.memory().numTensors).toBe(before + 2);
      last = xs;
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each(['break', 'throw'])('do not outlive a loop that is left by %s', async (how) => {
    const before = tf.memory().numTensors;
    const { source, seen } = breaking([], true);
    const leave = async () => {
      for await (const { ids } of imageDataset(source, { batchSize: 5, prefetch: 2 }).epoch(0)) {
        if (how === 'throw') throw new Error(ids[0]);
        break;
      }
    };
    await leave().catch(() => {});
    expect(tf.memory().numTensors).toBe(before);
    expect(seen.working).toBe(0);
    const { length } = seen.loads;
    await wait(20);
    expect(seen.loads).toHaveLength(length);
  });

  it('do not outlive an epoch that a bad image stops', async () => {
    const before = tf.memory().numTensors;
    const { source } = breaking([12]);
    const run = async () => {
      for await (const _ of imageDataset(source, { batchSize: 5, shuffle: false }).epoch(0));
    };
    await expect(run()).rejects.toMatchObject({ file: '12.png' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('of a tf.data.Dataset left early are none but those that were taken', async () => {
    const before = tf.memory().numTensors;
    const { source } = breaking([], true);
    const iterator = await (await imageDataset(source, { batchSize: 5, prefetch: 2 }).toTfData()).iterator();
    const { value } = await iterator.next();
    await wait(30);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose(value);
  });

  it('train with fitDataset: every epoch in its own order, from epoch 0, nothing left', async () => {
    const orders: string[][] = [];
    const byEpoch: string[] = [];
    const source: ImageSource = {
      ...plain,
      load: (at) => {
        byEpoch.push(`image-${at}`);
        return plain.load(at);
      },
    };
    const data = imageDataset(source, { batchSize: 5, concurrency: 1, seed: 3 });
    const model = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [2, 2, 1] }), tf.layers.dense({ units: 3 })],
    });
    const loss = classRectificationLoss({
      attributes: [2, 2, 2],
      encoding: 'multi-label',
      fromLogits: true,
      trainingLabels: multiHotRows(source),
    });
    model.compile({ optimizer: tf.train.sgd(1e-4), loss });
    const dataset = await data.toTfData();
    await model.fitDataset(dataset, { epochs: 1, verbose: 0 });
    const before = tf.memory().numTensors;
    const history = await model.fitDataset(dataset, {
      epochs: 2,
      verbose: 0,
      validationData: await imageDataset(plain, { batchSize: 5, shuffle: false }).toTfData(),
    });
    expect(history.history.loss).toHaveLength(2);
    expect(history.history.val_loss).toHaveLength(2);
    expect(tf.memory().numTensors).toBe(before);
    for (let epoch = 0; epoch < 3; epoch++) orders.push(byEpoch.slice(epoch * COUNT, (epoch + 1) * COUNT));
    for (const [epoch, order] of orders.entries())
      expect(order).toEqual(idsOf(await batches({ seed: 3 }, epoch)));
    // and stops within an epoch without a tensor left
    const few = await model.fitDataset(await data.toTfData(), { epochs: 1, batchesPerEpoch: 2, verbose: 0 });
    expect(few.history.loss).toHaveLength(1);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe('labels', () => {
  it('are rows for multi-label data, and indices where there is one each', () => {
    expect(multiHotRows(subset(plain, [0, 1]))).toEqual([
      [1, 0, 1],
      [0, 1, 0],
    ]);
    expect(singleLabels(subset(plain, [1, 2]))).toEqual([1, 1]);
    expect(() => singleLabels(plain)).toThrow(/records\[0\]\.labels: expected one label/);
  });
});

it('transforms compose in their order', async () => {
  const add: Transform = (image) => ({ ...image, data: image.data.map((v) => v + 1) });
  const double: Transform = async (image) => ({ ...image, data: image.data.map((v) => v * 2) });
  const found = await batches({ transform: compose(add, double), shuffle: false });
  expect(found[0]?.pixels[4]).toBe(4);
});
