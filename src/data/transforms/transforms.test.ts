import { describe, expect, it } from 'vitest';
import { isInputError } from '../../../spec/index.js';
import { createImage, type Image, pixel } from '../image.js';
import { keyedRandom } from '../random.js';
import { articleTransforms, IMAGENET } from './article.js';
import { channelOf, combineChannels } from './channels.js';
import { centreCrop, cropped, drawRectangle, type Rectangle, randomResizedCrop } from './crop.js';
import { flipped, randomHorizontalFlip } from './flip.js';
import { normalise, toFloat } from './numbers.js';
import { resized, resizeShorter, resizeTo } from './resize.js';
import { randomShift, shifted } from './shift.js';
import { compose, type Transform } from './transform.js';

/** An image of 8-bit numbers, by pixel and channel. */
function drawn(
  width: number,
  height: number,
  channels: number,
  of: (x: number, y: number, c: number) => number,
) {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) data[at++] = of(x, y, c);
  return createImage({ width, height, channels, data });
}

const noise = (width: number, height: number, channels: number) => {
  const random = keyedRandom(width, height, channels);
  return drawn(width, height, channels, () => Math.floor(random() * 256));
};
const grey = (...values: number[]): Image => drawn(values.length, 1, 1, (x) => values[x] as number);

async function refusal(run: () => unknown): Promise<Error> {
  try {
    await run();
  } catch (error) {
    if (isInputError(error)) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('an image', () => {
  it.each([
    [{ width: 0, height: 1, channels: 1, data: new Uint8Array(0) }, /width: expected a whole number ≥ 1/],
    [
      { width: 2, height: 1, channels: 1, data: new Uint8Array(3) },
      /data: expected 2 numbers \(2×1×1\), got 3/,
    ],
    [{ width: 1, height: 1, channels: 1, data: [1] }, /data: expected a Uint8Array/],
    [undefined, /expected an image/],
  ])('that does not fit its size is refused', async (image, message) => {
    expect((await refusal(() => createImage(image as never))).message).toMatch(message);
  });
});

describe('channels', () => {
  it('are combined in the order given, and come apart again', () => {
    const [a, b] = [noise(3, 2, 1), noise(3, 2, 2)];
    const both = combineChannels([a, b]);
    expect([both.width, both.height, both.channels]).toEqual([3, 2, 3]);
    expect(channelOf(both, 0)).toEqual(a);
    expect(channelOf(both, 2)).toEqual(channelOf(b, 1));
  });

  it('of two sizes, or two types, are refused', async () => {
    for (const other of [noise(2, 2, 1), { ...noise(3, 2, 1), data: new Float32Array(6) }])
      expect((await refusal(() => combineChannels([noise(3, 2, 1), other]))).message).toMatch(/images\[1\]/);
    await refusal(() => combineChannels([]));
  });
});

describe('crops', () => {
  it('take the pixels of their rectangle', () => {
    const image = drawn(5, 4, 2, (x, y, c) => 100 * c + 10 * y + x);
    const part = cropped(image, { left: 1, top: 2, width: 3, height: 2 });
    expect(pixel(part, 0, 0, 0)).toBe(21);
    expect(pixel(part, 2, 1, 1)).toBe(133);
    expect(part.data).toHaveLength(12);
  });

  it('of the centre lie in the middle, half a pixel up and left where they must', () => {
    const image = drawn(7, 5, 1, (x, y) => 10 * y + x);
    const crop = centreCrop(2)(image, () => 0) as Image;
    expect(Array.from(crop.data)).toEqual([12, 13, 22, 23]);
  });

  it('that are larger than the image are refused, not padded', async () => {
    expect((await refusal(() => centreCrop(6)(noise(7, 5, 1), () => 0))).message).toMatch(
      /expected at least 6×6, got 7×5×1/,
    );
  });

  it('at random keep to area and ratio, and reach every corner', () => {
    const draw = (
      size: { width: number; height: number },
      scale: [number, number],
      ratio: [number, number],
    ) => Array.from({ length: 2000 }, (_, seed) => drawRectangle(size, keyedRandom(seed), scale, ratio));
    const image = { width: 120, height: 90 };
    const all = draw(image, [0.08, 1], [3 / 4, 4 / 3]);
    for (const { left, top, width, height } of all) {
      expect(width / height).toBeGreaterThan(0.72); // 3/4, but for rounding
      expect(width / height).toBeLessThan(1.39);
      expect((width * height) / 10_800).toBeGreaterThan(0.077);
      expect(Math.min(left, top, 120 - left - width, 90 - top - height)).toBeGreaterThanOrEqual(0);
    }
    // also those that do not fill the image reach each edge
    const small = all.filter(({ width, height }) => width < 70 && height < 60);
    const least = (of: (rectangle: Rectangle) => number) => Math.min(...small.map(of));
    expect([least(({ left }) => left), least(({ left, width }) => 120 - left - width)]).toEqual([0, 0]);
    expect([least(({ top }) => top), least(({ top, height }) => 90 - top - height)]).toEqual([0, 0]);
    // ratios from 1/2 to 8 are uniform in their logarithm: its mean is log 2, a standard error is 0.018
    const ratios = draw({ width: 1000, height: 1000 }, [0.05, 0.05], [0.5, 8]);
    const logarithm = ratios.reduce((sum, { width, height }) => sum + Math.log(width / height) / 2000, 0);
    expect(Math.abs(logarithm - Math.log(2))).toBeLessThan(0.072);
    // squares of a square all fit, and their areas are uniform: mean 0.54, its standard error 0.006
    const squares = draw({ width: 100, height: 100 }, [0.08, 1], [1, 1]);
    const mean = squares.reduce((sum, { width, height }) => sum + (width * height) / 10_000, 0) / 2000;
    expect(Math.abs(mean - 0.54)).toBeLessThan(0.024);
  });

  it('at random are resized to the size that is asked for, from their rectangle', async () => {
    const image = drawn(60, 40, 2, (x, y, c) => (c === 0 ? x * 4 : y * 6));
    const { left, top, width, height } = drawRectangle(image, keyedRandom(5), [0.08, 1], [3 / 4, 4 / 3]);
    const crop = await randomResizedCrop(16)(image, keyedRandom(5));
    expect([crop.width, crop.height, crop.channels]).toEqual([16, 16, 2]);
    const centre = (c: number) => pixel(crop, 8, 8, c);
    expect(Math.abs(centre(0) - 4 * (left + width / 2))).toBeLessThan(10);
    expect(Math.abs(centre(1) - 6 * (top + height / 2))).toBeLessThan(10);
  });

  it('fall back on the middle where no ratio fits', async () => {
    const wide = drawn(200, 4, 1, (x) => x);
    const crop = await randomResizedCrop(4, { scale: [1, 1] })(wide, keyedRandom(1));
    for (const value of crop.data) expect(Math.abs(value - 100)).toBeLessThan(5);
  });

  it.each([
    { scale: [0, 1] },
    { scale: [0.5, 2] },
    { scale: [0.5, 0.2] },
    { ratio: [0, 1] },
    { ratio: [2, 1] },
  ])('at random refuse %j', async (options) => {
    await refusal(() => randomResizedCrop(8, options as never));
  });
});

describe('resizing', () => {
  it('averages what it shrinks', async () => {
    const checks = drawn(64, 64, 1, (x, y) => ((x + y) % 2) * 200);
    const small = await resized(checks, { width: 8, height: 8 });
    for (const value of small.data) expect(Math.abs(value - 100)).toBeLessThan(4);
  });

  it('keeps a gradient one, to two grey values', async () => {
    const gradient = drawn(64, 8, 1, (x) => x * 4);
    const small = await resized(gradient, { width: 16, height: 8 });
    for (let x = 1; x < 15; x++) expect(Math.abs(pixel(small, x, 4, 0) - (16 * x + 6))).toBeLessThan(2);
  });

  it('keeps channels apart, the fourth too: it is no opacity', async () => {
    const image = combineChannels([
      noise(20, 20, 1),
      noise(20, 20, 1),
      noise(20, 20, 1),
      drawn(20, 20, 1, () => 0),
    ]);
    const size = { width: 7, height: 9 };
    const all = await resized(image, size);
    for (const c of [0, 1, 2, 3]) expect(channelOf(all, c)).toEqual(await resized(channelOf(image, c), size));
    expect(Math.max(...channelOf(all, 0).data)).toBeGreaterThan(50);
  });

  it('of the shorter side keeps proportions, the longer rounded down', async () => {
    const sizeOf = async (transform: Transform, image: Image) => {
      const { width, height } = await transform(image, () => 0);
      return [width, height];
    };
    expect(await sizeOf(resizeShorter(10), noise(33, 20, 1))).toEqual([16, 10]);
    expect(await sizeOf(resizeShorter(10), noise(20, 33, 1))).toEqual([10, 16]);
    expect(await sizeOf(resizeTo({ width: 3, height: 5 }), noise(20, 33, 1))).toEqual([3, 5]);
  });

  it('resizes floats from 0 to 1 as it does their 8-bit numbers, and refuses others', async () => {
    const narrow = grey(...Array.from({ length: 64 }, (_, i) => (i * 37) % 256));
    const floats = toFloat()(narrow, () => 0) as Image;
    const size = { width: 5, height: 1 };
    const [fine, coarse] = [await resized(floats, size), await resized(narrow, size)];
    expect(fine.data).toBeInstanceOf(Float32Array);
    fine.data.forEach((value, i) => {
      expect(Math.abs(value * 255 - (coarse.data[i] as number))).toBeLessThanOrEqual(1);
    });
    const beyond = { ...floats, data: Float32Array.from(floats.data, (value) => value * 3 - 1) };
    expect((await refusal(() => resized(beyond, size))).message).toMatch(/normalise comes after resizing/);
  });
});

describe('flips', () => {
  it('mirror left and right, and twice is none', () => {
    const image = noise(5, 3, 2);
    expect(pixel(flipped(image), 0, 1, 1)).toBe(pixel(image, 4, 1, 1));
    expect(flipped(flipped(image))).toEqual(image);
  });

  it('come as often as they should', () => {
    const image = grey(1, 2);
    const share = (probability?: number) =>
      Array.from({ length: 400 }, (_, seed) =>
        randomHorizontalFlip(probability)(image, keyedRandom(seed)),
      ).filter((result) => (result as Image).data[0] === 2).length / 400;
    expect(share(0)).toBe(0);
    expect(share(1)).toBe(1);
    expect(Math.abs(share() - 0.5)).toBeLessThan(0.1); // four standard errors
    expect(() => randomHorizontalFlip(1.5)).toThrow(/probability/);
  });
});

describe('shifts', () => {
  it('move every pixel alike, and fill with 0', () => {
    const image = noise(5, 4, 2);
    for (const [right, down] of [
      [0, 0],
      [2, 1],
      [-2, 1],
      [1, -3],
      [-4, -2],
    ] as const) {
      const moved = shifted(image, right, down);
      const inside = (x: number, y: number) => x >= 0 && x < 5 && y >= 0 && y < 4;
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 5; x++)
          for (const c of [0, 1]) {
            const [fromX, fromY] = [x - right, y - down];
            expect(pixel(moved, x, y, c)).toBe(inside(fromX, fromY) ? pixel(image, fromX, fromY, c) : 0);
          }
    }
    expect(shifted(toFloat()(image, () => 0) as Image, 1, 0).data).toBeInstanceOf(Float32Array);
  });

  it('are all equally likely', () => {
    const dot = drawn(5, 5, 1, (x, y) => (x === 2 && y === 2 ? 1 : 0));
    const places = new Map<number, number>();
    for (let seed = 0; seed < 2500; seed++) {
      const { data } = randomShift(2)(dot, keyedRandom(seed)) as Image;
      const place = data.indexOf(1);
      places.set(place, (places.get(place) ?? 0) + 1);
    }
    expect(places.size).toBe(25);
    for (const often of places.values()) expect(Math.abs(often - 100)).toBeLessThan(50); // five standard errors
  });

  it('are whole, and shorter than the image', async () => {
    expect(() => randomShift(1.5)).toThrow('pixels: expected a whole number ≥ 0, got 1.5');
    const { message } = await refusal(() => randomShift(4)(noise(5, 4, 1), () => 0));
    expect(message).toMatch(/more than 4 pixels wide and high/);
  });
});

describe('numbers', () => {
  it('become floats once', () => {
    const floats = toFloat()(grey(0, 51, 255), () => 0) as Image;
    expect(Array.from(floats.data, (v) => Math.fround(v))).toEqual([0, Math.fround(0.2), 1]);
    expect(toFloat()(floats, () => 0)).toBe(floats);
  });

  it('are normalised by channel', () => {
    const image = { width: 1, height: 1, channels: 2, data: Float32Array.of(0.5, 1) };
    const result = normalise([0.25, 0.5], [0.5, 2])(image, () => 0) as Image;
    expect(Array.from(result.data)).toEqual([0.5, 0.25]);
    expect(Array.from(image.data)).toEqual([0.5, 1]);
  });

  it('are not normalised by figures of other channels, or before they are floats', async () => {
    await refusal(() => normalise([0, 0], [1]));
    await refusal(() => normalise([0], [0]));
    await refusal(() => normalise([Number.NaN], [1]));
    await refusal(() => normalise([Number.NEGATIVE_INFINITY], [1]));
    await refusal(() => normalise([0], [Number.POSITIVE_INFINITY]));
    const chain = normalise([0], [1]);
    await refusal(() => chain({ width: 1, height: 1, channels: 2, data: new Float32Array(2) }, () => 0));
    await refusal(() => chain(grey(1), () => 0));
  });
});

describe('the article’s chains', () => {
  const photo = noise(40, 30, 3);

  it('draw in training by the key alone, and leave the image as it was', async () => {
    const { train } = articleTransforms({ size: 16 });
    const before = photo.data.slice();
    const run = (...key: (string | number)[]) => train(photo, keyedRandom(...key));
    expect(await run(1, 0, 'a')).toEqual(await run(1, 0, 'a'));
    for (const other of [
      [2, 0, 'a'],
      [1, 1, 'a'],
      [1, 0, 'b'],
    ] as const)
      expect(await run(...other)).not.toEqual(await run(1, 0, 'a'));
    expect(photo.data).toEqual(before);
  });

  it('draw nothing in evaluation: resized by 256/224, its centre, normalised', async () => {
    const { evaluate } = articleTransforms({ size: 21 });
    const never = () => {
      throw new Error('drawn');
    };
    const result = await evaluate(photo, never);
    const byHand = await compose(
      resizeTo({ width: 32, height: 24 }),
      centreCrop(21),
      toFloat(),
      normalise(IMAGENET.mean, IMAGENET.deviation),
    )(photo, never);
    expect(result).toEqual(byHand);
  });
});
