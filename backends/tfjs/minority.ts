/**
 * `selectMinority` on the device (Eq. 3).
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Schema } from '../../spec/contract.js';
import type { DeviceColumns } from './columns.js';

/** The class profile and what survives of it, for each class column. */
export interface DeviceMinority {
  /** C: h^j_k. */
  readonly sizes: tf.Tensor1D;
  /** C: labelled samples that are not of the class, n_j − h^j_k. */
  readonly otherSizes: tf.Tensor1D;
  /** C of 0/1: a minority class with more than one sample. */
  readonly surviving: tf.Tensor1D;
}

/**
 * Minority classes without sorting: what the prefix holds up to class k is the sum over all classes
 * of its attribute that come no later by (size, index), a C×C comparison.
 */
export function deviceMinority(schema: Schema, columns: DeviceColumns, rho: number): DeviceMinority {
  const n = columns.members.shape[1];
  const C = schema.columns.length;
  const sizes = tf.sum(columns.members, 1) as tf.Tensor1D;
  const otherSizes = tf.sum(columns.others, 1) as tf.Tensor1D;

  const attribute = pairwise(Int32Array.from(schema.columns, (c) => c.attribute));
  const index = pairwise(Int32Array.from(schema.columns, (c) => c.class));
  const own = tf.reshape(sizes, [C, 1]);
  const rival = tf.reshape(sizes, [1, C]);
  const tiedNotLater = tf.logicalAnd(tf.equal(rival, own), tf.lessEqual(index.rival, index.own));
  const before = tf.logicalAnd(
    tf.logicalOr(tf.less(rival, own), tiedNotLater),
    tf.equal(attribute.rival, attribute.own),
  );
  const held = tf.sum(tf.mul(tf.cast(before, 'float32'), rival), 1) as tf.Tensor1D;

  // held is an integer, so held ≤ ρ·n_j is held ≤ ⌊ρ·n_j⌋, whose float64 product only the host has:
  // a table over all n_j that can occur, looked up without reading n_j back
  const limits = tf.tensor1d(Float32Array.from({ length: n + 1 }, (_, count) => Math.floor(rho * count)));
  const labelled: tf.Tensor1D = tf.cast(tf.add(sizes, otherSizes), 'int32');
  const limit = tf.gather(limits, labelled);
  const surviving = tf.logicalAnd(tf.lessEqual(held, limit), tf.greater(sizes, 1));
  return { sizes, otherSizes, surviving: tf.cast(surviving, 'float32') as tf.Tensor1D };
}

/** A value of each class column, as a column and as a row that broadcast against each other. */
function pairwise(values: Int32Array): { own: tf.Tensor2D; rival: tf.Tensor2D } {
  const C = values.length;
  return { own: tf.tensor2d(values, [C, 1], 'int32'), rival: tf.tensor2d(values, [1, C], 'int32') };
}
