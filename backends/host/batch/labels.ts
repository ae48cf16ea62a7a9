/**
 * Labels as flat integers, and what a label says about a sample and a class column.
 *
 * @module
 */

import { roomFor } from '../arrays/scratch.js';
import type { Plan } from './flat-schema.js';

/** Where in a row of labels a column's label is, and what it is for the samples of the class. */
export function ownLabel(plan: Plan, column: number): { at: number; own: number } {
  if (plan.encoding === 'categorical') {
    return { at: plan.attributeOf[column], own: plan.classOf[column] };
  }
  return { at: plan.scoreOf[column], own: plan.signOf[column] === 1 ? 1 : 0 };
}

/**
 * 1: the sample is of the class; 0: it is labelled, and not of the class; −1: it is unlabelled
 * (rulings: unlabelled samples, multi-label data, one attribute).
 */
export function membership(plan: Plan, labels: Int32Array, sample: number, column: number): number {
  if (plan.encoding === 'categorical') {
    const label = labels[sample * plan.attributes + plan.attributeOf[column]];
    if (label < 0) return -1;
    return label === plan.classOf[column] ? 1 : 0;
  }
  const label = labels[sample * plan.width + plan.scoreOf[column]];
  return label < 0 || plan.signOf[column] === 1 ? label : 1 - label;
}

/** What callers may write labels in, row by row; null is unlabelled. */
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

/** What makes integers of labels; the array of its copies is used again by the next batch. */
export class IntegerLabels {
  private room = new Int32Array(0);

  /**
   * Labels as 32-bit integers: as they are if that is what they are, else copied.
   *
   * @returns undefined if a label is no integer: the specification then says which
   */
  of(labels: HostLabels): Int32Array | undefined {
    if (labels instanceof Int32Array) return labels;
    this.room = roomFor(this.room, labels.length);
    const { room } = this;
    if (ArrayBuffer.isView(labels) && !(labels instanceof Float32Array || labels instanceof Float64Array)) {
      room.set(labels);
      return room;
    }
    for (let at = 0; at < labels.length; at++) {
      const label = labels[at] ?? -1;
      room[at] = label;
      if (room[at] !== label) return undefined;
    }
    return room;
  }
}
