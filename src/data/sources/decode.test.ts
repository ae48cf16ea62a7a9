import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { type DecodeOptions, decodeImage } from './decode.js';
import { tiffOf, withLinearProfile } from './image-files.test-helper.js';
import { forgottenBits } from './sixteen-bits.js';

const folder = mkdtempSync(join(tmpdir(), 'decode-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SIZE = { width: 8, height: 8 };
const grey = { raw: { ...SIZE, channels: 1 as const } };

async function decoded(content: Uint8Array, channels: 1 | 3 = 1, options: DecodeOptions = {}) {
  const file = join(folder, 'image');
  writeFileSync(file, content);
  const { image } = await decodeImage({ file }, channels, options);
  return { ...image, data: Array.from(image.data) };
}

describe('opacity', () => {
  const rgba = Uint8Array.from({ length: 256 }, (_, i) => [200, 100, 50, i < 128 ? 0 : 90][i % 4] as number);
  const resize = { width: 4, height: 4 };

  it('is dropped: colours are the same whether an image is resized or not', async () => {
    const png = await sharp(rgba, { raw: { ...SIZE, channels: 4 } })
      .png()
      .toBuffer();
    const webp = await sharp(rgba, { raw: { ...SIZE, channels: 4 } })
      .webp({ lossless: true, exact: true })
      .toBuffer();
    for (const file of [png, webp]) {
      expect((await decoded(file, 3)).data).toEqual(Array(64).fill([200, 100, 50]).flat());
      expect((await decoded(file, 3, { resize })).data).toEqual(Array(16).fill([200, 100, 50]).flat());
    }
  });

  it('is dropped of grey and of 16 bits too', async () => {
    const opaque = Uint8Array.from({ length: 128 }, (_, i) => (i % 2 ? 0 : 70));
    const png = await sharp(opaque, { raw: { ...SIZE, channels: 2 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    const wide = Uint16Array.from({ length: 256 }, (_, i) => (i % 4 === 3 ? 0 : 70 * 256 + 9));
    const wider = await sharp(wide, { raw: { ...SIZE, channels: 4 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    for (const options of [{}, { resize }]) {
      expect(new Set((await decoded(png, 1, options)).data)).toEqual(new Set([70]));
      expect(new Set((await decoded(wider, 3, options)).data)).toEqual(new Set([70]));
    }
  });
});

describe('sixteen bits', () => {
  const wide = Uint16Array.from({ length: 64 }, (_, i) => i * 1000 + 128);
  const upper = Array.from(wide, (value) => value >> 8);

  it('keep their upper eight, in any format', async () => {
    const png = await sharp(wide, grey).toColourspace('grey16').png().toBuffer();
    expect((await decoded(png)).data).toEqual(upper);
    expect((await decoded(tiffOf({ ...SIZE, data: wide }))).data).toEqual(upper);
    // as RGB too, and from a file of three channels
    expect((await decoded(png, 3)).data).toEqual(upper.flatMap((v) => [v, v, v]));
    const rgb = Uint16Array.from({ length: 192 }, (_, i) => i * 300 + 255);
    const data = Array.from(rgb, (value) => value >> 8);
    expect((await decoded(tiffOf({ ...SIZE, data: rgb, samples: 3 }), 3)).data).toEqual(data);
  });

  it('are resized as the eight that are kept', async () => {
    const resize = { width: 3, height: 5 };
    const narrow = await sharp(Uint8Array.from(upper), grey).toColourspace('b-w').png().toBuffer();
    const tiff = tiffOf({ ...SIZE, data: wide });
    expect(await decoded(tiff, 1, { resize })).toEqual(await decoded(narrow, 1, { resize }));
  });

  it('may hold twelve, and refuse a number that needs more', async () => {
    const twelve = Uint16Array.from({ length: 64 }, (_, i) => i * 65);
    const tiff = tiffOf({ ...SIZE, data: twelve });
    expect((await decoded(tiff, 1, { bits: 12 })).data).toEqual(Array.from(twelve, (value) => value >> 4));
    await expect(decoded(tiffOf({ ...SIZE, data: wide }), 1, { bits: 12 })).rejects.toMatchObject({
      code: 'image-wrong-depth',
      expected: 'numbers below 4096 (bits 12)',
    });
  });

  it('are counted, so that twelve can be noticed', async () => {
    const use = { files: 0, largest: 0 };
    for (const top of [700, 3000]) {
      const file = join(folder, 'counted.tif');
      writeFileSync(file, tiffOf({ ...SIZE, data: new Uint16Array(64).fill(top) }));
      await decodeImage({ file }, 1, {}, use);
    }
    expect(use).toEqual({ files: 2, largest: 3000 });
    expect([forgottenBits(use, 16), forgottenBits(use, 12)]).toEqual([12, undefined]);
    expect(forgottenBits({ files: 1, largest: 4096 }, 16)).toBe(undefined);
    expect(forgottenBits({ files: 1, largest: 0 }, 16)).toBe(undefined); // all black says nothing
    expect(forgottenBits({ files: 1, largest: 1023 }, 16)).toBe(10);
  });
});

describe('colour profiles', () => {
  it('leave the numbers of a file as they are', async () => {
    const ramp = Uint8Array.from({ length: 64 }, (_, i) => i * 4);
    const plain = await sharp(ramp, grey).toColourspace('b-w').png().toBuffer();
    const profiled = withLinearProfile(plain);
    expect((await sharp(profiled).metadata()).hasProfile).toBe(true);
    expect((await decoded(profiled)).data).toEqual([...ramp]);
    expect((await decoded(profiled, 3)).data).toEqual([...ramp].flatMap((v) => [v, v, v]));
    const resize = { width: 4, height: 4 };
    expect(await decoded(profiled, 1, { resize })).toEqual(await decoded(plain, 1, { resize }));
  });

  it('of CMYK are applied: there are no other RGB numbers', async () => {
    const red = await sharp({ create: { ...SIZE, channels: 3, background: 'red' } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    const [r = 0, g = 0, b = 0] = (await decoded(red, 3)).data;
    expect([r > 180, g < 80, b < 80]).toEqual([true, true, true]);
  });
});

describe('other numbers', () => {
  it.each([
    ['floats', Float32Array.from({ length: 64 }, (_, i) => i / 64), 'float'],
    ['signed numbers', Int16Array.from({ length: 64 }, (_, i) => i - 32), 'short'],
    ['32 bits', Uint32Array.from({ length: 64 }, (_, i) => i * 70_000), 'uint'],
  ])('are refused by name: %s', async (_, data, depth) => {
    const error = await decoded(tiffOf({ ...SIZE, data })).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'image-wrong-depth', file: join(folder, 'image') });
    expect((error as Error).message).toContain(depth);
  });

  it('is refused: a folder, or a file that ends too early', async () => {
    const inner = join(folder, 'inner');
    mkdirSync(inner);
    await expect(decodeImage({ file: inner }, 1)).rejects.toMatchObject({
      code: 'image-broken',
      got: 'a folder',
    });
    const noise = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251);
    const raw = { width: 64, height: 64, channels: 1 as const };
    for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
      const whole = await sharp(noise, { raw }).toColourspace('b-w').toFormat(format).toBuffer();
      const channels = format === 'webp' ? 3 : 1;
      expect((await decoded(whole, channels)).width).toBe(64);
      const cut = decoded(whole.subarray(0, whole.length * 0.6), channels);
      await expect(cut, format).rejects.toMatchObject({ code: 'image-broken' });
    }
  });
});
