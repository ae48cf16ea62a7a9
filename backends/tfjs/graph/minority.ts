/**
 * `selectMinority` on the device (Eq. 3).
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Schema } from '../../../spec/contract.js';
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

/** Minority classes: those up to which the prefix holds at most ρ·n_j samples. */
export function deviceMinority(schema: Schema, columns: DeviceColumns, rho: number): DeviceMinority {
  const n = columns.members.shape[1];
  const sizes = tf.sum(columns.members, 1) as tf.Tensor1D;
  const otherSizes = tf.sum(columns.others, 1) as tf.Tensor1D;
  const held = heldByPrefix(schema, sizes, n);

  // held is an integer, so held ≤ ρ·n_j is held ≤ ⌊ρ·n_j⌋. The product is in float64, which only the host
  // has: a table of it for every possible n_j is looked up on the device, so that n_j need not be read back
  const limits = tf.tensor1d(Float32Array.from({ length: n + 1 }, (_, count) => Math.floor(rho * count)));
  const labelled: tf.Tensor1D = tf.add(sizes, otherSizes);
  const limit = tf.gather(limits, indexWithin(labelled, n + 1));
  const surviving = tf.logicalAnd(tf.lessEqual(held, limit), tf.greater(sizes, 1));
  return { sizes, otherSizes, surviving: tf.cast(surviving, 'float32') as tf.Tensor1D };
}

/**
 * How many samples the prefix holds up to each class: those of the classes of its attribute that do not come
 * after it in the order (size, index).
 *
 * This is a counting sort. Every class has a place by attribute, size and index, to which it writes its size, and a
 * running sum over all places tells what comes before. There are (n+1)·C places, since a size is at most n, so that
 * memory grows as that of the batch does. Comparing every class with every other takes C·C numbers: 17 GB for
 * 65,537 classes.
 *
 * @param sizes - C: h^j_k
 * @returns C whole numbers, exact in float32 as long as the batch has at most 2²⁴ memberships
 */
function heldByPrefix({ columns, attributes }: Schema, sizes: tf.Tensor1D, n: number): tf.Tensor1D {
  const ofColumns = (value: (start: number, classes: number, at: number) => number) =>
    tf.tensor1d(
      attributes.flatMap(({ columns: own }) =>
        own.map((_, at) => value((n + 1) * (own[0] as number), own.length, at)),
      ),
      'int32',
    );
  const start = ofColumns((place) => place); // what is summed up to here comes before the attribute
  const first = ofColumns((place, _, at) => place + 1 + at);
  const perSize = ofColumns((_, classes) => classes);
  const place = tf.add(first, tf.mul(indexWithin(sizes, n + 1), perSize)) as tf.Tensor1D;
  // no two classes share a place, so that an engine which adds in any order gives the same sums
  const inOrder = tf.scatterND(tf.reshape(place, [-1, 1]), sizes, [1 + (n + 1) * columns.length]);
  const running = tf.cumsum(inOrder);
  return tf.sub(tf.gather(running, place), tf.gather(running, start));
}
