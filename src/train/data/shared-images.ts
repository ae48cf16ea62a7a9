/**
 * Images that are in two sets, which makes metrics meaningless.
 *
 * @module
 */
import { DataError } from '../../data/errors.js';
import type { ImageRecord } from '../../data/sources/source.js';
import type { ImageSets, PixelDigests } from './check-images.js';

/**
 * Refuses sets that share an image, and an image of two classes where each has one. Images are told apart by
 * their files, with links followed.
 *
 * @throws DataError - `images-shared`, with how many there are and where the first is
 */
export function refuseSharedImages(sets: ImageSets): void {
  for (const { set, images, repeats } of repeatsOf(sets, ({ realFile }) => realFile)) {
    const shared = repeats.filter(
      (it) => it.otherSet !== set || String(it.record.labels) !== String(it.other.labels),
    );
    const [first] = shared;
    if (first === undefined) continue;
    const places = `the first: ${placeOf(first.record)}, also ${placeOf(first.other)}`;
    const inOther = first.otherSet !== set;
    throw new DataError({
      code: 'images-shared',
      file: `${set} set`,
      expected: inOther
        ? `images that are not also in the ${first.otherSet} set`
        : 'each image in one class (two links lead to it)',
      got: inOther
        ? `${shared.length} of ${images} that are; ${places}`
        : `${shared.length} in two; ${places}`,
    });
  }
}

/**
 * Finds images whose pixels are those of an image of another set: copies under another name. They are warned
 * of and not refused, since blank images are equal too.
 *
 * @param digests - of the images that were loaded
 * @returns a sentence for each set that has some
 */
export function equalImages(sets: ImageSets, digests: PixelDigests): string[] {
  return repeatsOf(sets, (record) => digests.get(record)).flatMap(({ set, images, repeats }) => {
    const equal = repeats.filter(({ otherSet }) => otherSet !== set);
    const [first] = equal;
    if (first === undefined) return [];
    const count = `${equal.length} of ${images} images of the ${set} set`;
    const example = `${placeOf(first.record)} as ${placeOf(first.other)} of the ${first.otherSet} set`;
    return [`${count} have the pixels of an image of another set; the first: ${example}.`];
  });
}

/** An image, and the first image before it with the same key. */
interface Repeat {
  readonly record: ImageRecord;
  readonly other: ImageRecord;
  readonly otherSet: string;
}

/** The images of each set whose key an image before them has, in this set or another. */
function repeatsOf(
  { training, validation, test }: ImageSets,
  keyOf: (record: ImageRecord) => string | undefined,
): { readonly set: string; readonly images: number; readonly repeats: readonly Repeat[] }[] {
  const seen = new Map<string, Omit<Repeat, 'record'>>();
  return Object.entries({ training, validation, test }).map(([set, source]) => {
    const repeats: Repeat[] = [];
    for (const record of source?.records ?? []) {
      const key = keyOf(record);
      if (key === undefined) continue;
      const before = seen.get(key);
      if (before) repeats.push({ record, ...before });
      else seen.set(key, { other: record, otherSet: set });
    }
    return { set, images: source?.records.length ?? 0, repeats };
  });
}

function placeOf({ id, file, labelledAt }: ImageRecord): string {
  return labelledAt === undefined ? file : `${id} (${labelledAt})`;
}
