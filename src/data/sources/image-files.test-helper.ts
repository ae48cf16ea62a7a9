/**
 * Image files as other programs write them and sharp does not: TIFFs of any kind of number, and PNGs with a
 * colour profile.
 *
 * @module
 */
import { crc32, deflateSync } from 'node:zlib';

/** What {@link tiffOf} writes. */
export interface TiffNumbers {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array | Int16Array | Uint32Array | Float32Array;
  /** Numbers per pixel. Default 1. */
  readonly samples?: number;
}

/** An uncompressed TIFF in one strip. */
export function tiffOf({ width, height, data, samples = 1 }: TiffNumbers): Buffer {
  const strip = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const bits = data.BYTES_PER_ELEMENT * 8;
  const format = data instanceof Float32Array ? 3 : data instanceof Int16Array ? 2 : 1;
  const perSample = samples > 2 ? 8 + strip.length : undefined; // three shorts do not fit into an entry
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, 3, 1, width],
    [257, 3, 1, height],
    [258, 3, samples, perSample ?? bits],
    [259, 3, 1, 1],
    [262, 3, 1, samples === 1 ? 1 : 2],
    [273, 4, 1, 8],
    [277, 3, 1, samples],
    [278, 3, 1, height],
    [279, 4, 1, strip.length],
    [339, 3, 1, format],
  ];
  const sizes = perSample === undefined ? Buffer.alloc(0) : shorts(Array(samples).fill(bits));
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
  head.writeUInt32LE(8 + strip.length + sizes.length, 4);
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, type, count, value], at) => {
    const from = 2 + at * 12;
    directory.writeUInt16LE(tag, from);
    directory.writeUInt16LE(type, from + 2);
    directory.writeUInt32LE(count, from + 4);
    directory.writeUInt32LE(value, from + 8);
  });
  return Buffer.concat([head, strip, sizes, directory]);
}

function shorts(values: readonly number[]): Buffer {
  return Buffer.from(Uint16Array.from(values).buffer);
}

/** A PNG with a grey profile of linear light, as microscopes attach one. */
export function withLinearProfile(png: Buffer): Buffer {
  const header = 33; // the signature and the first chunk
  const content = Buffer.concat([Buffer.from('lin\0\0', 'latin1'), deflateSync(linearGrey())]);
  return Buffer.concat([png.subarray(0, header), chunk('iCCP', content), png.subarray(header)]);
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  return Buffer.concat([word(content.length), named, word(crc32(named))]);
}

/** An ICC profile, version 2, for grey with a tone curve of gamma 1. */
function linearGrey(): Buffer {
  const white = [0xf6d6, 0x10000, 0xd32d].map(word);
  const tags: [string, Buffer][] = [
    ['desc', Buffer.concat([text('desc'), word(0), word(4), Buffer.alloc(95, 'lin\0', 'latin1')])],
    ['wtpt', Buffer.concat([text('XYZ '), word(0), ...white])],
    ['kTRC', Buffer.concat([text('curv'), word(0), word(1), Buffer.of(1, 0, 0, 0)])],
    ['cprt', Buffer.concat([text('text'), word(0), Buffer.from('none')])],
  ];
  const padded = tags.map(([, body]) => Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]));
  let at = 128 + 4 + tags.length * 12;
  const table = tags.map(([name, body], i) => {
    const entry = Buffer.concat([text(name), word(at), word(body.length)]);
    at += (padded[i] as Buffer).length;
    return entry;
  });
  const head = Buffer.alloc(128);
  head.writeUInt32BE(at, 0);
  head.writeUInt32BE(0x02400000, 8);
  head.write('mntrGRAYXYZ ', 12, 'latin1');
  head.write('acsp', 36, 'latin1');
  Buffer.concat(white).copy(head, 68);
  return Buffer.concat([head, word(tags.length), ...table, ...padded]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}

function text(four: string): Buffer {
  return Buffer.from(four, 'latin1');
}
