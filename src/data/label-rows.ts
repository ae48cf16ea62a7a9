/**
 * Labels of images as the loss and its Ω take them.
 *
 * @module
 */
import { outOfRange } from '../../spec/errors.js';
import type { ImageSource } from './sources/source.js';

/**
 * Rows of 0 and 1, one an image: multi-label data, and one-hot where every image has one label.
 *
 * @returns n×K
 * @example
 * ```ts
 * import { multiHotRows } from 'class-rectification/data';
 * multiHotRows({ records: [{ labels: [0, 2] }, { labels: [] }], classes: ['a', 'b', 'c'] }); // → [[1, 0, 1], [0, 0, 0]]
 * ```
 */
export function multiHotRows(source: Labelled): number[][] {
  return source.records.map(({ labels }) => source.classes.map((_, k) => (labels.includes(k) ? 1 : 0)));
}

/**
 * Class indices, one an image: `trainingLabels` of a loss for single-label data.
 *
 * @throws InputRangeError - an image without a label or with several
 * @example
 * ```ts
 * import { singleLabels } from 'class-rectification/data';
 * singleLabels({ records: [{ labels: [2] }, { labels: [0] }], classes: ['a', 'b', 'c'] }); // → [2, 0]
 * ```
 */
export function singleLabels(source: Labelled): number[] {
  return source.records.map(({ labels }, i) => {
    if (labels.length !== 1) outOfRange('wrong-shape', `records[${i}].labels`, 'one label', labels);
    return labels[0] as number;
  });
}

/** Of a source, what has to do with labels. */
export interface Labelled extends Pick<ImageSource, 'classes'> {
  readonly records: readonly Pick<ImageSource['records'][number], 'labels'>[];
}
