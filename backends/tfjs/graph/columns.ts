/**
 * Labels and scores as class columns on the device, as `spec/batch.ts` makes them on the host.
 *
 * Tensors of this folder are laid out class by class, C×n, so that every reduction and every top-k runs
 * along the last axis.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Schema } from '../../../spec/contract.js';

/** A batch on the device. Every member but `scores` is a mask of 0 and 1. */
export interface DeviceColumns {
  /** C×n: s_ic, with the sign of the class column. */
  readonly scores: tf.Tensor2D;
  /** C×n: sample i is of class c. */
  readonly members: tf.Tensor2D;
  /** C×n: sample i is labelled for the attribute of c, and not of class c. */
  readonly others: tf.Tensor2D;
}

/**
 * The class columns of labels and scores.
 *
 * @param labels - n×S as `Backend.tensorLoss` takes them
 * @param scores - n×S probabilities
 */
export function deviceColumns(schema: Schema, labels: tf.Tensor2D, scores: tf.Tensor2D): DeviceColumns {
  const [members, labelled] = memberships(schema, labels);
  return {
    scores: toColumns(schema, scores),
    members,
    others: tf.sub(labelled, members),
  };
}

/** n×S scores as C×n signed class scores. */
function toColumns(schema: Schema, scores: tf.Tensor2D): tf.Tensor2D {
  const transposed = tf.transpose(scores);
  if (schema.encoding !== 'multi-label') return transposed;
  return interleave(tf.neg(transposed), transposed);
}

/** The derivative with respect to C×n signed class scores, as one with respect to the n×S scores. */
export function fromColumns(schema: Schema, slope: tf.Tensor2D): tf.Tensor2D {
  if (schema.encoding !== 'multi-label') return tf.transpose(slope);
  const [C, n] = slope.shape;
  const pairs = tf.reshape(slope, [C / 2, 2, n]);
  const signed = tf.sum(tf.mul(pairs, tf.tensor3d([-1, 1], [1, 2, 1])), 1) as tf.Tensor2D;
  return tf.transpose(signed);
}

/** C×n masks: of the class, and labelled for its attribute. */
function memberships(schema: Schema, labels: tf.Tensor2D): [tf.Tensor2D, tf.Tensor2D] {
  const given = tf.transpose(labels);
  if (schema.encoding === 'multi-label') {
    const present = equals(given, 1);
    const absent = equals(given, 0);
    const labelled: tf.Tensor2D = tf.add(present, absent);
    return [interleave(absent, present), interleave(labelled, labelled)];
  }
  if (schema.encoding === 'one-attribute') return [given, tf.onesLike(given)];
  const labelled = schema.attributes.map(({ columns }): tf.Tensor2D => {
    const own = tf.slice(given, [columns[0] as number, 0], [columns.length, given.shape[1]]);
    return tf.tile(tf.sum(own, 0, true) as tf.Tensor2D, [columns.length, 1]);
  });
  return [given, tf.concat(labelled, 0)];
}

/** The rows of two L×n tensors, alternating, as one 2L×n tensor. */
function interleave(even: tf.Tensor2D, odd: tf.Tensor2D): tf.Tensor2D {
  const [L, n] = even.shape;
  return tf.reshape(tf.stack([even, odd], 1), [2 * L, n]);
}

function equals(a: tf.Tensor2D, value: number): tf.Tensor2D {
  return tf.cast(tf.equal(a, value), 'float32');
}
