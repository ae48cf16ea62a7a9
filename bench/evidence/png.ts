/**
 * Drawn images as PNG files.
 *
 * @module
 */
import { loadSharp } from '../../src/data/sharp.js';
import { writeWhole } from '../../src/support/write-whole.js';

/** Writes a square image: rows of pixels, each of one grey value, or of red, green and blue. */
export async function writePng(file: string, data: Uint8Array, size: number): Promise<void> {
  const sharp = await loadSharp();
  const channels = data.length === size * size ? 1 : 3;
  const image = sharp(data, { raw: { width: size, height: size, channels } });
  writeWhole(file, await (channels === 1 ? image.toColourspace('b-w') : image).png().toBuffer());
}
