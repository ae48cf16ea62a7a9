/**
 * Attributes side by side: the classes of all are the columns of one row, one attribute after the other.
 *
 * @module
 */
import { attributeStarts } from '../data/label-rows.js';
import type { TrainData } from './data/load-data.js';

/** The columns of an attribute. */
export interface AttributeColumns {
  /** The first of them. */
  readonly from: number;
  /** How many: its number of classes. */
  readonly classes: number;
}

/** The columns of each attribute; all of them where there is one. */
export function attributeColumns({
  classes,
  attributes,
}: Pick<TrainData, 'classes' | 'attributes'>): AttributeColumns[] {
  if (attributes === undefined) return [{ from: 0, classes: classes.length }];
  const starts = attributeStarts(attributes);
  return attributes.map((attribute, j) => ({
    from: starts[j] as number,
    classes: attribute.classes.length,
  }));
}

/** The class that an image has of an attribute, counted from the attribute's first; −1 if it is unlabelled. */
export function classOf(labels: readonly number[], { from, classes }: AttributeColumns): number {
  const found = labels.find((k) => k >= from && k < from + classes);
  return found === undefined ? -1 : found - from;
}
