/**
 * Decoding image files with sharp, and saying which file it was that could not be.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { type DataErrorCode, dataError, isDataError } from '../errors.js';
import type { Image, Size } from '../image.js';
import { loadSharp, RESAMPLING } from '../sharp.js';

/** How files are decoded. */
export interface DecodeOptions {
  /** The size that every file must have. Default: any. */
  readonly size?: Size;
  /** The size that every image is resized to, whatever its proportions. Default: as it is. */
  readonly resize?: Size;
}

/** A file to decode. */
export interface ImageFile {
  readonly file: string;
  /** Where the label stands, for errors. */
  readonly labelledAt?: string;
}

/** A decoded image, and the size that its file had. */
export interface Decoded {
  readonly image: Image;
  readonly decoded: Size;
}

/**
 * Decodes a file to 8-bit grey or RGB; sixteen bits lose the lower eight, opacity is dropped, a turned
 * photograph is put upright, and of several pages the first is taken.
 *
 * @param channels - 1: the file must be grey; 3: any colours become RGB
 * @throws DataError - `image-missing`, `image-broken`, `image-wrong-size`, `image-wrong-channels`
 * @throws PackageMissingError - without sharp
 */
export async function decodeImage(
  { file, labelledAt }: ImageFile,
  channels: 1 | 3,
  { size, resize }: DecodeOptions = {},
): Promise<Decoded> {
  const sharp = await loadSharp();
  const refuse = (code: DataErrorCode, expected: string, got: string, cause?: unknown) =>
    dataError({ code, file, ...(labelledAt === undefined ? {} : { labelledAt }), expected, got }, { cause });
  try {
    // read here and not by libvips, which keeps files open and may hand out one that has since changed
    const decoder = sharp(await readFile(file), { failOn: 'error' });
    const found = await decoder.metadata();
    if (channels === 1 && found.channels !== 1)
      throw refuse('image-wrong-channels', 'a grey image', `${found.channels} channels`);
    const { width, height } = found.autoOrient;
    if (size && (width !== size.width || height !== size.height))
      throw refuse('image-wrong-size', `${size.width}×${size.height}`, `${width}×${height}`);
    const upright = decoder.autoOrient().toColourspace(channels === 1 ? 'b-w' : 'srgb');
    const sized = resize ? upright.resize(resize.width, resize.height, RESAMPLING) : upright;
    const { data, info } = await sized.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const image = {
      width: info.width,
      height: info.height,
      channels: info.channels,
      data: new Uint8Array(data),
    };
    return { image, decoded: { width, height } };
  } catch (cause) {
    if (isDataError(cause)) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw refuse('image-missing', 'an image', 'no file', cause);
    throw refuse('image-broken', 'an image that can be decoded', (cause as Error).message, cause);
  }
}
