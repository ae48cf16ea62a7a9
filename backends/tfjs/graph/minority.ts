/**
 * `selectMinority` on the device (Eq. 3).
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ClassColumn, Schema } from '../../../spec/contract.js';
import type { DeviceColumns } from './columns.js';
import { indexWithin } from './index-within.js';

/** The class profile and the surviving minority classes, by class column. */
export interface DeviceMinority {
  /** C: h^j_k. */
  readonly sizes: tf.Tensor1D;
  /** C: labelled samples that are not of the class, n_j − h^j_k. */
  readonly otherSizes: tf.Tensor1D;
  /** C of 0/1: a minority class with more than one sample. */
  readonly surviving: tf.Tensor1D;
}

/**
 * Minority classes without sorting: the number of samples that the prefix holds up to class k is the sum
 * over those classes of its attribute that do not come after k by (size, index): a C×C comparison.
 */
export function deviceMinority(schema: Schema, columns: DeviceColumns, rho: number): DeviceMinority {
  const n = columns.members.shape[1];
  const C = schema.columns.length;
  const sizes = tf.sum(columns.members, 1) as tf.Tensor1D;
  const otherSizes = tf.sum(columns.others, 1) as tf.Tensor1D;

  const own = tf.reshape(sizes, [C, 1]);
  const rival = tf.reshape(sizes, [1, C]);
  const smaller = tf.mul(
    tf.cast(tf.less(rival, own), 'float32'),
    relation(schema, () => true),
  );
  const tiedNotLater = tf.mul(
    tf.cast(tf.equal(rival, own), 'float32'),
    relation(schema, (one, other) => other.class <= one.class),
  );
  const before = tf.add(smaller, tiedNotLater);
  const held = tf.sum(tf.mul(before, rival), 1) as tf.Tensor1D;

  // held is an integer, so held ≤ ρ·n_j is held ≤ ⌊ρ·n_j⌋. The product is in float64, which only the host
  // has: a table of it for every possible n_j is looked up on the device, so that n_j need not be read back
  const limits = tf.tensor1d(Float32Array.from({ length: n + 1 }, (_, count) => Math.floor(rho * count)));
  const labelled: tf.Tensor1D = tf.add(sizes, otherSizes);
  const limit = tf.gather(limits, indexWithin(labelled, n + 1));
  const surviving = tf.logicalAnd(tf.lessEqual(held, limit), tf.greater(sizes, 1));
  return { sizes, otherSizes, surviving: tf.cast(surviving, 'float32') as tf.Tensor1D };
}

/** C×C of 0/1: for which pairs of class columns of one attribute the relation holds. */
function relation(
  { columns }: Schema,
  holds: (own: ClassColumn, rival: ClassColumn) => boolean,
): tf.Tensor2D {
  const C = columns.length;
  const mask = new Float32Array(C * C);
  columns.forEach((own, at) => {
    columns.forEach((rival, r) => {
      mask[at * C + r] = +(own.attribute === rival.attribute && holds(own, rival));
    });
  });
  return tf.tensor2d(mask, [C, C]);
}
