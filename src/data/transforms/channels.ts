/**
 * Splits and combines channels.
 *
 * @module
 */
import { described, outOfRange } from '../../../spec/errors.js';
import { type Image, shapeOf } from '../image.js';

/**
 * One image of several, with their channels in a row: CombineColors of the article.
 *
 * @param images - at least one, of one size and one type of numbers
 * @throws InputRangeError - naming the image that differs from the first
 * @example
 * ```ts
 * import { combineChannels } from 'class-rectification/data';
 * const grey = (value: number) => ({ width: 1, height: 1, channels: 1, data: Uint8Array.of(value) });
 * Array.from(combineChannels([grey(1), grey(2), grey(3)]).data); // → [1, 2, 3]
 * ```
 */
export function combineChannels(images: readonly Image[]): Image {
  const [first] = images;
  if (first === undefined) outOfRange('wrong-shape', 'images', 'at least one image', described('none'));
  const { width, height } = first;
  const channels = images.reduce((sum, image) => sum + image.channels, 0);
  const Numbers = first.data instanceof Uint8Array ? Uint8Array : Float32Array;
  const data = new Numbers(width * height * channels);
  let from = 0;
  images.forEach((image, at) => {
    if (image.width !== width || image.height !== height || !(image.data instanceof Numbers))
      outOfRange(
        'wrong-shape',
        `images[${at}]`,
        `${Numbers.name} ${width}×${height}`,
        described(shapeOf(image)),
      );
    for (let p = 0; p < width * height; p++)
      for (let c = 0; c < image.channels; c++)
        data[p * channels + from + c] = image.data[p * image.channels + c] as number;
    from += image.channels;
  });
  return { width, height, channels, data };
}

/** One channel as an image. */
export function channelOf({ width, height, channels, data }: Image, channel: number): Image {
  const Numbers = data instanceof Uint8Array ? Uint8Array : Float32Array;
  const plane = new Numbers(width * height);
  for (let p = 0; p < plane.length; p++) plane[p] = data[p * channels + channel] as number;
  return { width, height, channels: 1, data: plane };
}
