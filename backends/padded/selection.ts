/**
 * The specification's selection as flags of class columns, and back.
 *
 * @module
 */
import type { MinoritySelection, Schema } from '../../spec/contract.js';

/** Class sizes and minority flags of the C columns, by attribute. */
export function toSelection(
  schema: Schema,
  sizes: ArrayLike<number>,
  surviving: ArrayLike<number>,
): MinoritySelection {
  return {
    profile: schema.attributes.map(({ columns }) => columns.map((c) => sizes[c] as number)),
    minority: schema.attributes.map(({ columns }) =>
      [...columns.keys()].filter((k) => surviving[columns[k] as number]),
    ),
  };
}

/** C of 0 and 1: which class columns are selected. */
export function survivingColumns(
  schema: Schema,
  { minority }: Pick<MinoritySelection, 'minority'>,
): number[] {
  return schema.columns.map((c) => +(minority[c.attribute] as readonly number[]).includes(c.class));
}

/** All classes, for where lists are given: a class without anchors has an empty list, which adds nothing. */
export function everyClass({ attributes }: Schema): Pick<MinoritySelection, 'minority'> {
  return { minority: attributes.map(({ columns }) => [...columns.keys()]) };
}
