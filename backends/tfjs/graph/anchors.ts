/**
 * The anchors on the device: all members of surviving classes, or the easy ones.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Options } from '../../../spec/contract.js';
import type { DeviceColumns } from './columns.js';
import { easiestMembers } from './mining.js';
import type { DeviceMinority } from './minority.js';
import { scatterRows } from './scatter.js';

/** C×n of 0/1: the anchors of surviving classes (rulings: anchors, easy anchors). */
export function anchorMask(columns: DeviceColumns, minority: DeviceMinority, options: Options): tf.Tensor2D {
  const [C, n] = columns.members.shape;
  const alive = tf.reshape(minority.surviving, [C, 1]);
  if (options.anchors === 'all') return tf.mul(columns.members, alive);
  const { index, valid } = easiestMembers(columns, minority, options);
  return scatterRows(index, tf.mul(valid, alive), n);
}
