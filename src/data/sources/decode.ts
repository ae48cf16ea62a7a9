/**
 * Decoding image files with sharp. Every error names the file.
 *
 * @module
 */

import { readFile } from 'node:fs/promises';
import type { Metadata, Sharp } from 'sharp';
import { described } from '../../../spec/errors.js';
import { type DataErrorCode, dataError, isDataError } from '../errors.js';
import type { Image, Size } from '../image.js';
import { loadSharp, RESAMPLING } from '../sharp.js';
import { type SixteenBitUse, upperEightBits } from './sixteen-bits.js';

/** How files are decoded. */
export interface DecodeOptions {
  /** The size that every file must have. Default: any. */
  readonly size?: Size;
  /** The size that every image is resized to, in any proportions. Default: the file's own. */
  readonly resize?: Size;
  /**
   * How many bits a file of 16 bits uses, from 9 to 16; cameras write 10, 12 or 14 bits into 16. The upper
   * eight of them are kept. Default 16.
   */
  readonly bits?: number;
}

/** A file to decode. */
export interface ImageFile {
  readonly file: string;
  /** Further paths to try, in order, if there is no such file. */
  readonly otherwise?: readonly string[];
  /** Where the label stands, for errors. */
  readonly labelledAt?: string;
}

/** A decoded image, and the size that its file had. */
export interface Decoded {
  readonly image: Image;
  readonly decoded: Size;
}

/** Colour spaces that are read: grey and RGB of 8 and 16 bits, and CMYK. */
const SPACES = ['b-w', 'grey16', 'srgb', 'rgb16', 'cmyk'];

/**
 * Decodes a file to 8-bit grey or RGB. The numbers of the file are the numbers of the image:
 *
 * - colour profiles are ignored, as Pillow, skimage and torchvision ignore them; CMYK alone is converted, to
 *   sRGB, by its profile or by libvips's own;
 * - opacity is dropped, before resizing: what is transparent keeps its colour;
 * - of 16 bits the upper eight in use are kept;
 * - a turned photograph is put upright, and of several pages the first is taken.
 *
 * Numbers of any other kind (floats, signed, 32 bits) are refused.
 *
 * @param channels - 1: the file must be grey; 3: any colours become RGB
 * @param use - told of every file of 16 bits
 * @throws DataError - `image-missing`, `image-broken`, `image-wrong-size`, `image-wrong-channels`,
 * `image-wrong-depth`
 * @throws PackageMissingError - without sharp
 */
export async function decodeImage(
  given: ImageFile,
  channels: 1 | 3,
  { size, resize, bits = 16 }: DecodeOptions = {},
  use: SixteenBitUse = { files: 0, largest: 0 },
): Promise<Decoded> {
  const sharp = await loadSharp();
  const { file, labelledAt } = given;
  const refuse = (code: DataErrorCode, expected: string, got: string, cause?: unknown) =>
    dataError(
      { code, file, ...(labelledAt === undefined ? {} : { labelledAt }), expected, got: described(got) },
      { cause },
    );
  try {
    const content = await contentOf(given);
    const exact = sharp(content, { failOn: 'error', ignoreIcc: true });
    const found = await exact.metadata();
    refuseKind(found, channels, refuse);
    const { width, height } = found.autoOrient;
    if (size && (width !== size.width || height !== size.height))
      throw refuse('image-wrong-size', `${size.width}×${size.height}`, `${width}×${height}`);
    const decoder = (found.space === 'cmyk' ? sharp(content, { failOn: 'error' }) : exact).autoOrient();
    const decoded = { width, height };
    if (found.depth === 'ushort') {
      const wide = await rawOf(decoder.toColourspace(channels === 1 ? 'grey16' : 'rgb16'), 'ushort');
      const data = upperEightBits(new Uint16Array(wide.data.buffer), bits, use);
      if (data === undefined)
        throw refuse('image-wrong-depth', `numbers below ${2 ** bits} (bits ${bits})`, 'a larger one');
      return { image: await fitted({ ...wide, data }), decoded };
    }
    const coloured = decoder.toColourspace(channels === 1 ? 'b-w' : 'srgb');
    if (found.hasAlpha) return { image: await fitted(await rawOf(coloured)), decoded };
    const image = resize ? coloured.resize(resize.width, resize.height, RESAMPLING) : coloured;
    return { image: await rawOf(image), decoded };
  } catch (cause) {
    if (isDataError(cause)) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw refuse('image-missing', 'an image', 'no file', cause);
    if (code === 'EISDIR') throw refuse('image-broken', 'an image', 'a folder', cause);
    throw refuse('image-broken', 'an image that can be decoded', message, cause);
  }

  /** Resized after its opacity is gone: sharp mixes that into the colours, and drops it only at the end. */
  async function fitted(image: RawImage): Promise<RawImage> {
    if (!resize) return image;
    const raw = { width: image.width, height: image.height, channels };
    const resized = sharp(image.data, { raw }).resize(resize.width, resize.height, RESAMPLING);
    return rawOf(resized.toColourspace(channels === 1 ? 'b-w' : 'srgb'));
  }
}

/** Read here and not by libvips, which keeps files open and may return one that has since changed. */
async function contentOf({ file, otherwise = [] }: ImageFile): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    for (const other of otherwise) {
      const content = await readFile(other).catch(() => undefined);
      if (content) return content;
    }
    throw error;
  }
}

type Refuse = (code: DataErrorCode, expected: string, got: string) => Error;

function refuseKind({ depth, space, channels, hasAlpha }: Metadata, wanted: 1 | 3, refuse: Refuse): void {
  const colours = channels - (hasAlpha ? 1 : 0);
  if (wanted === 1 && colours !== 1)
    throw refuse('image-wrong-channels', 'a grey image', `${channels} channels`);
  if (!SPACES.includes(space)) throw refuse('image-wrong-channels', 'a grey, RGB or CMYK image', space);
  if (depth !== 'uchar' && (depth !== 'ushort' || space === 'cmyk'))
    throw refuse('image-wrong-depth', 'unsigned numbers of 8 bits (or 16, grey or RGB)', `${space} ${depth}`);
}

interface RawImage extends Image {
  readonly data: Uint8Array<ArrayBuffer>;
}

/** The numbers of an image, without its opacity: one byte each, or two for `ushort`. */
async function rawOf(image: Sharp, depth: 'uchar' | 'ushort' = 'uchar'): Promise<RawImage> {
  const { data, info } = await image.removeAlpha().raw({ depth }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { width, height, channels, data: new Uint8Array(data) }; // a copy: a buffer may be part of a pool
}
