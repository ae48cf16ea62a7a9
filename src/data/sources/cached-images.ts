/**
 * Images that are kept in memory once they are loaded, up to a limit.
 *
 * @module
 */
import { wholeNumber } from '../checks.js';
import type { Image } from '../image.js';
import type { ImageSource } from './source.js';

/**
 * The same source, which keeps the images that it has loaded, so that later epochs do not decode them again.
 * Images beyond the limit are loaded each time, and so are bad images.
 *
 * @param options - `bytes`: the limit in bytes of images before transforms, ≥ 0; 0 keeps none
 * @throws InputTypeError, InputRangeError - a limit that is no whole number ≥ 0
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
  let free = wholeNumber('options.bytes', options.bytes, 0);
  const kept = new Map<number, Image>();
  return {
    ...source,
    async load(at) {
      const known = kept.get(at);
      if (known) return known;
      const image = await source.load(at);
      const bytes = image.data.byteLength;
      if (bytes <= free && !kept.has(at)) {
        free -= bytes;
        kept.set(at, image);
      }
      return image;
    },
  };
}
