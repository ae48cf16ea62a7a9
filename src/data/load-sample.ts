/**
 * From a record to a sample of a batch: loaded, transformed, and of the common shape.
 *
 * @module
 */
import { described, isInputError } from '../../spec/errors.js';
import type { Sample } from './batch.js';
import { DataError, dataError, isDataError } from './errors.js';
import { createImage, type Image, shapeOf } from './image.js';
import type { Random } from './random.js';
import type { ImageRecord, ImageSource } from './sources/source.js';
import type { Transform } from './transforms/transform.js';

/** A sample, or what is wrong with its data. */
export type Loaded = { readonly sample: Sample; readonly record: ImageRecord } | { readonly bad: DataError };

/**
 * Loads an image and transforms it. Bad data are returned as an error; any other error is thrown.
 */
export async function loadSample(
  source: ImageSource,
  at: number,
  transform: Transform,
  random: Random,
): Promise<Loaded> {
  const record = source.records[at] as ImageRecord;
  const { id, labels } = record;
  let loaded: Image;
  try {
    loaded = await source.load(at);
  } catch (error) {
    if (isDataError(error)) return { bad: error };
    throw error;
  }
  try {
    const image = createImage(await transform(loaded, random), 'transformed image');
    return { record, sample: { id, image, labels } };
  } catch (cause) {
    if (isDataError(cause)) return { bad: cause };
    // a transform refuses an image with an error of the specification
    if (!isInputError(cause)) throw cause;
    const { expected, got, where } = cause;
    const refused = { ...placeOf(record), expected: `${where}: ${expected}`, got };
    return { bad: new DataError({ code: 'transform-failed', ...refused }, { cause }) };
  }
}

/**
 * The common shape of all images of a set: the promised one, or that of the first image.
 */
export class CommonShape {
  readonly #promised: string | undefined;
  #first: { readonly shape: string; readonly file: string } | undefined;

  constructor(promised?: Omit<Image, 'data'>) {
    this.#promised = promised && shapeOf(promised);
  }

  /**
   * The error of an image of another shape. With a promised shape the image is bad and may be skipped.
   *
   * @throws DataError - without one: it is unknown which of the two images is wrong
   */
  refusal(image: Image, record: ImageRecord): DataError | undefined {
    const shape = shapeOf(image);
    if (this.#promised === undefined) this.#first ??= { shape, file: record.file };
    const wanted = this.#promised ?? this.#first?.shape;
    if (shape === wanted) return undefined;
    const expected = this.#promised ?? `${wanted} as ${this.#first?.file} (or a transform that resizes)`;
    const error = dataError({
      code: 'image-wrong-size',
      ...placeOf(record),
      expected,
      got: described(shape),
    });
    if (this.#promised === undefined) throw error;
    return error;
  }
}

function placeOf({ file, labelledAt }: ImageRecord): { file: string; labelledAt?: string } {
  return labelledAt === undefined ? { file } : { file, labelledAt };
}
