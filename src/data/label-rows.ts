/**
 * Labels of images in the forms that the loss and Ω take.
 *
 * @module
 */
import { outOfRange } from '../../spec/errors.js';
import type { AttributeClasses } from './label-names.js';
import type { ImageSource } from './sources/source.js';

/**
 * Rows of 0 and 1, one per image: multi-label data, and one-hot where every image has one label.
 *
 * @returns n×K
 * @example
 * ```ts
 * import { multiHotRows } from 'class-rectification/data';
 * multiHotRows({ records: [{ labels: [0, 2] }, { labels: [] }], classes: ['a', 'b', 'c'] }); // → [[1, 0, 1], [0, 0, 0]]
 * ```
 */
export function multiHotRows(source: Labelled): number[][] {
  return source.records.map(({ labels }) => {
    const row = new Array<number>(source.classes.length).fill(0);
    for (const k of labels) row[k] = 1;
    return row;
  });
}

/**
 * Class indices, one per image: `trainingLabels` of a loss for single-label data.
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

/**
 * Images with each class: h_k of one attribute, or label occurrences where images have several labels. One
 * pass over the records, in memory for one number per class.
 *
 * @returns K counts, by class index
 * @example
 * ```ts
 * import { labelCounts } from 'class-rectification/data';
 * labelCounts({ records: [{ labels: [0, 2] }, { labels: [2] }], classes: ['a', 'b', 'c'] }); // → [1, 0, 2]
 * ```
 */
export function labelCounts(source: Labelled): number[] {
  const counts = new Array<number>(source.classes.length).fill(0);
  for (const { labels } of source.records) for (const k of labels) counts[k] = (counts[k] as number) + 1;
  return counts;
}

/**
 * Class indices of several attributes, one column per attribute: `trainingLabels` of a loss with several
 * `attributes`.
 *
 * @returns n×J, each index within its attribute; −1 where an image has no class of it
 * @example
 * ```ts
 * import { attributeLabels } from 'class-rectification/data';
 * const attributes = [{ name: 'colour', classes: ['red', 'blue'] }, { name: 'shape', classes: ['round', 'flat'] }];
 * const classes = ['colour=red', 'colour=blue', 'shape=round', 'shape=flat'];
 * attributeLabels({ records: [{ labels: [1, 2] }, { labels: [3] }], classes, attributes }); // → [[1, 0], [-1, 1]]
 * ```
 */
export function attributeLabels({
  records,
  attributes,
}: Labelled & { readonly attributes: readonly AttributeClasses[] }): number[][] {
  const starts = attributeStarts(attributes);
  return records.map(({ labels }) =>
    attributes.map(({ classes }, j) => {
      const start = starts[j] as number;
      const found = labels.find((k) => k >= start && k < start + classes.length);
      return found === undefined ? -1 : found - start;
    }),
  );
}

/** The first class index of each attribute, among those of all. */
export function attributeStarts(attributes: readonly AttributeClasses[]): number[] {
  let start = 0;
  return attributes.map(({ classes }) => {
    start += classes.length;
    return start - classes.length;
  });
}

/** The part of a source that labels are in. */
export interface Labelled extends Pick<ImageSource, 'classes'> {
  readonly records: readonly Pick<ImageSource['records'][number], 'labels'>[];
}
