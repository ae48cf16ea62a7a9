/**
 * The relative comparison at class level (Eq. 9, 10) on the device, without a triplet for every anchor.
 *
 * The κ+1 lowest-scored members of a class are *listed*. All other members share the same κ positives and
 * score at least as high as each of them, so that (m + s_a − s_+) − (s_a − s_−) does not depend on s_a:
 * one representative anchor stands for them. A second one stands for those tied with the κ-th positive,
 * since |·| has derivative 0 at 0 (ruling: kinks). So κ+3 anchors per class are enough, each with a
 * weight, the number of members that it stands for.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Options, Schema } from '../../../spec/contract.js';
import type { DeviceColumns } from './columns.js';
import type { DeviceLists } from './mining.js';
import type { DeviceMinority } from './minority.js';
import { scatterRows } from './scatter.js';
import { signOf } from './sign.js';

/** L_crl of the lists. */
export interface DeviceClassRelative {
  readonly loss: tf.Scalar;
  /** C×n: the derivative with respect to the signed class scores. */
  readonly slope: tf.Tensor2D;
  /** |X_min|. */
  readonly anchors: tf.Scalar;
  /** |T|. */
  readonly triplets: tf.Scalar;
  /** Active triplets. */
  readonly active: tf.Scalar;
}

/** L_crl of the lists of surviving classes. */
export function classRelative(
  schema: Schema,
  columns: DeviceColumns,
  minority: DeviceMinority,
  lists: DeviceLists,
  options: Options,
): DeviceClassRelative {
  const { scores, members } = columns;
  const { positives, negatives } = lists;
  const [C, n] = scores.shape;
  const P = positives.index.shape[1];
  const Q = negatives.index.shape[1];
  const kept = Math.min(options.kappa, P);

  const alive = tf.reshape(minority.surviving, [C, 1]);
  const rest = tf.mul(tf.sub(members, scatterRows(positives.index, positives.valid, n)), alive);
  const lastKept = tf.slice(positives.score, [0, kept - 1], [C, 1]);
  const tied = tf.mul(rest, tf.cast(tf.equal(scores, lastKept), 'float32'));
  const above = tf.sub(rest, tied);
  const highest = tf.max(tf.where(tf.cast(above, 'bool'), scores, lastKept), 1, true); // where no member is above, the weight is 0

  // C×(P+2): the listed members, the representative of the tied ones, and that of the members above
  const anchorScore = tf.concat([positives.score, lastKept, highest], 1);
  const weight = tf.concat(
    [tf.mul(positives.valid, alive), tf.sum(tied, 1, true), tf.sum(above, 1, true)],
    1,
  );

  const anchor = tf.reshape(anchorScore, [C, P + 2, 1]);
  const gap = tf.sub(anchor, tf.reshape(positives.score, [C, 1, P]));
  const margin = tf.tensor3d(
    schema.columns.map(({ attribute }) => options.margin[attribute] as number),
    [C, 1, 1],
  );
  const lead = tf.reshape(tf.add(margin, tf.abs(gap)), [C, P + 2, P, 1]);
  const minus = tf.reshape(tf.sub(anchor, tf.reshape(negatives.score, [C, 1, Q])), [C, P + 2, 1, Q]);
  const excess = tf.sub(lead, minus); // (m + d₊) − d₋, left to right (ruling: hinge)

  const pairs = tf.mul(
    tf.mul(ownPositives(P, kept), tf.reshape(positives.valid, [C, 1, P])),
    tf.reshape(weight, [C, P + 2, 1]),
  );
  const counted = tf.mul(tf.reshape(pairs, [C, P + 2, P, 1]), tf.reshape(negatives.valid, [C, 1, 1, Q]));
  const triplets = tf.sum(tf.mul(tf.sum(pairs, [1, 2]), tf.sum(negatives.valid, 1))) as tf.Scalar;
  const loss = tf.sum(tf.sum(tf.mul(tf.relu(excess), counted), [2, 3]));
  const active = tf.mul(tf.cast(tf.greater(excess, 0), 'float32'), counted);

  const activeByPositive = tf.sum(active, 3); // C×(P+2)×P
  const turned = tf.mul(activeByPositive, signOf(gap));
  const anchorSlope = tf.sub(tf.sum(turned, 2), tf.sum(activeByPositive, 2)); // C×(P+2)
  const positiveSlope = tf.sub(tf.slice(anchorSlope, [0, 0], [C, P]), tf.sum(turned, 1));
  const negativeSlope = tf.sum(active, [1, 2]);
  const tiedSlope = tf.div(
    tf.slice(anchorSlope, [0, P], [C, 1]),
    tf.maximum(tf.slice(weight, [0, P], [C, 1]), 1),
  );

  const listed = tf.add(
    scatterRows(positives.index, positiveSlope as tf.Tensor2D, n),
    scatterRows(negatives.index, negativeSlope as tf.Tensor2D, n),
  );
  const count = tf.maximum(triplets, 1); // no triplet: 0/1, exactly 0 (ruling: nothing to compare)
  return {
    loss: tf.div(loss, count) as tf.Scalar,
    slope: tf.div(tf.add(listed, tf.mul(tied, tiedSlope)), count) as tf.Tensor2D,
    anchors: tf.sum(tf.mul(members, alive)) as tf.Scalar,
    triplets,
    active: tf.sum(negativeSlope),
  };
}

/** (P+2)×P of 0/1: the positives of a listed member are all other listed ones, those of a representative the first κ. */
function ownPositives(P: number, kept: number): tf.Tensor3D {
  const own = (a: number, p: number) => (a < P ? a !== p : p < kept);
  const mask = Float32Array.from({ length: (P + 2) * P }, (_, at) => +own(Math.floor(at / P), at % P));
  return tf.tensor3d(mask, [1, P + 2, P]);
}
