/**
 * Images that are in two sets: what is measured on them says nothing.
 *
 * @module
 */
import { DataError } from '../../data/errors.js';
import type { ImageRecord } from '../../data/sources/source.js';
import type { ImageSets } from './check-images.js';

/**
 * Refuses sets that share an image, and an image of two classes where each has one. Images are told apart by
 * their files, with links followed.
 *
 * @throws DataError - `images-shared`, with how many there are and where the first is
 */
export function refuseSharedImages({ training, validation, test }: ImageSets): void {
  const seen = new Map<string, { readonly set: string; readonly record: ImageRecord }>();
  const sets = { training, validation, test };
  for (const [set, source] of Object.entries(sets)) {
    if (source === undefined) continue;
    const shared: { readonly record: ImageRecord; readonly with: ImageRecord; readonly set: string }[] = [];
    for (const record of source.records) {
      const { realFile } = record;
      if (realFile === undefined) continue;
      const before = seen.get(realFile);
      if (before === undefined) seen.set(realFile, { set, record });
      else if (before.set !== set || String(before.record.labels) !== String(record.labels))
        shared.push({ record, with: before.record, set: before.set });
    }
    const [first] = shared;
    if (first === undefined) continue;
    const inOther = first.set !== set;
    const expected = inOther
      ? `images that are not also in the ${first.set} set`
      : 'each image in one class (two links lead to it)';
    const count = inOther
      ? `${shared.length} of ${source.records.length} that are`
      : `${shared.length} in two`;
    const got = `${count}; the first: ${placeOf(first.record)}, also ${placeOf(first.with)}`;
    throw new DataError({ code: 'images-shared', file: `${set} set`, expected, got });
  }
}

function placeOf({ id, file, labelledAt }: ImageRecord): string {
  return labelledAt === undefined ? file : `${id} (${labelledAt})`;
}
