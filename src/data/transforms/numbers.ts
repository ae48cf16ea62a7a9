/**
 * Converts 8-bit numbers to floats, and normalises floats to mean 0 and deviation 1.
 *
 * Both run once per image and epoch, so they are loops: the callbacks of `Float32Array.from` and `map` took a fifth of
 * a training on small images.
 *
 * @module
 */
import { described, outOfRange, wrongType } from '../../../spec/errors.js';
import { shapeOf } from '../image.js';
import type { Transform } from './transform.js';

/** 0 to 255 becomes 0 to 1 (torchvision's ToTensor, skimage's img_as_float); floats stay as they are. */
export function toFloat(): Transform {
  return (image) => {
    const { data } = image;
    if (data instanceof Float32Array) return image;
    const floats = new Float32Array(data.length);
    for (let at = 0; at < data.length; at++) floats[at] = (data[at] as number) / 255;
    return { ...image, data: floats };
  };
}

/**
 * (value − mean) / deviation, channel by channel.
 *
 * @param mean - one per channel, on the scale of the numbers: after `toFloat`, 0 to 1
 * @param deviation - one per channel, > 0
 * @throws InputRangeError - at once for a mean that is not finite or a deviation that is not positive; later
 * for an image with another number of channels
 * @throws InputTypeError - for an image of 8-bit numbers
 */
export function normalise(mean: readonly number[], deviation: readonly number[]): Transform {
  mean.forEach((m, c) => {
    if (!Number.isFinite(m)) outOfRange('option-out-of-range', `mean[${c}]`, 'a finite number', m);
  });
  deviation.forEach((s, c) => {
    if (!(s > 0 && s < Number.POSITIVE_INFINITY))
      outOfRange('option-out-of-range', `deviation[${c}]`, 'a number > 0', s);
  });
  if (mean.length !== deviation.length)
    outOfRange('wrong-shape', 'deviation', `${mean.length} numbers`, deviation.length);
  return (image) => {
    const { channels, data } = image;
    if (channels !== mean.length)
      outOfRange('wrong-shape', 'image', `${mean.length} channels`, described(shapeOf(image)));
    if (!(data instanceof Float32Array))
      wrongType(
        'wrong-type',
        'image.data',
        'a Float32Array (normalise comes after toFloat)',
        described('a Uint8Array'),
      );
    const normal = new Float32Array(data.length);
    for (let from = 0; from < data.length; from += channels)
      for (let c = 0; c < channels; c++)
        normal[from + c] = ((data[from + c] as number) - (mean[c] as number)) / (deviation[c] as number);
    return { ...image, data: normal };
  };
}
