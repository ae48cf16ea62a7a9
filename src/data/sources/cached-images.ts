/**
 * Images that are kept once they are loaded, as far as there is room.
 *
 * @module
 */
import { wholeNumber } from '../checks.js';
import type { Image } from '../image.js';
import type { ImageSource } from './source.js';

/**
 * The same source, which keeps what it has loaded: an epoch after the first decodes nothing that is kept.
 * Those beyond the room are loaded anew each time; bad images are asked for anew too.
 *
 * @param options - `bytes`: room for images, as they are loaded (before transforms), ≥ 0; 0 keeps none
 * @throws InputTypeError, InputRangeError - on bad room
 * @example
 * ```ts
 * import { arrayImages, cachedImages } from 'class-rectification/data';
 * const source = arrayImages({ size: { width: 2, height: 2 }, channels: 1, pixels: new Uint8Array(8), labels: [0, 1] });
 * const cached = cachedImages(source, { bytes: 4 });
 * (await cached.load(0)) === (await cached.load(0)); // → true
 * (await cached.load(1)) === (await cached.load(1)); // → false
 * ```
 */
export function cachedImages(source: ImageSource, options: { readonly bytes: number }): ImageSource {
  let room = wholeNumber('options.bytes', options.bytes, 0);
  const kept = new Map<number, Image>();
  return {
    ...source,
    async load(at) {
      const known = kept.get(at);
      if (known) return known;
      const image = await source.load(at);
      const bytes = image.data.byteLength;
      if (bytes <= room && !kept.has(at)) {
        room -= bytes;
        kept.set(at, image);
      }
      return image;
    },
  };
}
