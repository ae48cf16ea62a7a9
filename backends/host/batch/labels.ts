/**
 * Labels as flat integers, and what a label says about a sample and a class column.
 *
 * @module
 */

import { ensureLength } from '../arrays/scratch.js';
import type { FlatSchema } from './flat-schema.js';

/** Where the label for a column is in a row of labels, and the value it has for members of the class. */
export function ownLabel(schema: FlatSchema, column: number): { at: number; own: number } {
  if (schema.encoding === 'categorical')
    return { at: schema.attributeOf[column], own: schema.classOf[column] };
  return { at: schema.scoreOf[column], own: schema.signOf[column] === 1 ? 1 : 0 };
}

/**
 * 1 if the sample is a member of the class, 0 if it is labelled and not a member, −1 if it is unlabelled
 * (rulings: unlabelled samples, multi-label data, one attribute).
 */
export function membership(schema: FlatSchema, labels: Int32Array, sample: number, column: number): number {
  if (schema.encoding === 'categorical') {
    const label = labels[sample * schema.attributes + schema.attributeOf[column]];
    if (label < 0) return -1;
    return label === schema.classOf[column] ? 1 : 0;
  }
  const label = labels[sample * schema.width + schema.scoreOf[column]];
  return label < 0 || schema.signOf[column] === 1 ? label : 1 - label;
}

/** The arrays that labels may be given in, row by row. In a plain array null means unlabelled. */
export type HostLabels =
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Float32Array
  | Float64Array
  | readonly (number | null)[];

/** Converts labels to 32-bit integers; the array of the copy is reused by the next batch. */
export class IntegerLabels {
  private copy = new Int32Array(0);

  /**
   * Labels as an `Int32Array`: the array itself if it is one, else a copy.
   *
   * @returns undefined if a label is not an integer; the specification then says which
   */
  read(labels: HostLabels): Int32Array | undefined {
    if (labels instanceof Int32Array) return labels;
    this.copy = ensureLength(this.copy, labels.length);
    const { copy } = this;
    if (ArrayBuffer.isView(labels) && !(labels instanceof Float32Array || labels instanceof Float64Array)) {
      // an array of BigInts holds no numbers; its type rules it out, but JavaScript does not
      if (typeof labels[0] !== 'number') return undefined;
      copy.set(labels);
      return copy;
    }
    for (let at = 0; at < labels.length; at++) {
      const label = labels[at] ?? -1;
      copy[at] = label;
      if (copy[at] !== label) return undefined;
    }
    return copy;
  }
}
