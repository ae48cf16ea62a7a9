/**
 * The relative comparison at class level (Eq. 9, 10) on the device, without a triplet for every anchor.
 *
 * The κ+1 lowest-scored members of a class are *listed*. All other members share the same κ positives and
 * score at least as high as each of them, so that (m + s_a − s_+) − (s_a − s_−) does not depend on s_a:
 * one representative anchor stands for them. A second one stands for those tied with the κ-th positive,
 * since |·| has derivative 0 at 0 (ruling: kinks). So κ+3 anchors per class are enough, each with a
 * weight, the number of members that it stands for.
 *
 * Easy anchors are at most κ per class, and each stands for itself.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Options, Schema } from '../../../spec/contract.js';
import { mul, sub } from './broadcast.js';
import type { DeviceColumns } from './columns.js';
import type { DeviceList, DeviceLists } from './mining.js';
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

/**
 * L_crl of the lists of surviving classes.
 *
 * @param easiest - the anchors of each class. Default: all members
 */
export function classRelative(
  schema: Schema,
  columns: DeviceColumns,
  minority: DeviceMinority,
  lists: DeviceLists,
  options: Options,
  easiest?: DeviceList,
): DeviceClassRelative {
  const { positives, negatives } = lists;
  const C = columns.scores.shape[0];
  const P = positives.index.shape[1];
  const Q = negatives.index.shape[1];
  const alive = tf.reshape(minority.surviving, [C, 1]) as tf.Tensor2D;
  const { score, weight, own, count, spread } = easiest
    ? easyRows(columns, alive, positives, options, easiest)
    : allRows(columns, alive, positives, options);
  const R = score.shape[1];

  const anchor = tf.reshape(score, [C, R, 1]);
  const gap = sub(anchor, tf.reshape(positives.score, [C, 1, P]));
  const margin = tf.tensor3d(
    schema.columns.map(({ attribute }) => options.margin[attribute] as number),
    [C, 1, 1],
  );
  const lead = tf.reshape(tf.add(margin, tf.abs(gap)), [C, R, P, 1]);
  const minus = tf.reshape(sub(anchor, tf.reshape(negatives.score, [C, 1, Q])), [C, R, 1, Q]);
  const excess = sub(lead, minus); // (m + d₊) − d₋, left to right (ruling: hinge)

  const pairs = mul(mul(own, tf.reshape(positives.valid, [C, 1, P])), tf.reshape(weight, [C, R, 1]));
  const counted = mul(tf.reshape(pairs, [C, R, P, 1]), tf.reshape(negatives.valid, [C, 1, 1, Q]));
  const triplets = tf.sum(tf.mul(tf.sum(pairs, [1, 2]), tf.sum(negatives.valid, 1))) as tf.Scalar;
  const loss = tf.sum(tf.sum(tf.mul(tf.relu(excess), counted), [2, 3]));
  const active = tf.mul(tf.cast(tf.greater(excess, 0), 'float32'), counted);

  const activeByPositive = tf.sum(active, 3); // C×R×P
  const turned = tf.mul(activeByPositive, signOf(gap));
  const anchorSlope = tf.sub(tf.sum(turned, 2), tf.sum(activeByPositive, 2)) as tf.Tensor2D; // C×R
  const positiveSlope = tf.neg(tf.sum(turned, 1)) as tf.Tensor2D;
  const negativeSlope = tf.sum(active, [1, 2]);
  const slope = tf.add(
    spread(anchorSlope, positiveSlope),
    scatterRows(negatives.index, negativeSlope as tf.Tensor2D, columns.scores.shape[1]),
  );
  const divisor = tf.maximum(triplets, 1); // no triplet: 0/1, exactly 0 (ruling: nothing to compare)
  return {
    loss: tf.div(loss, divisor) as tf.Scalar,
    slope: tf.div(slope, divisor) as tf.Tensor2D,
    anchors: count,
    triplets,
    active: tf.sum(negativeSlope),
  };
}

/** What stands for the anchors of a class, in C×R rows. */
interface AnchorRows {
  readonly score: tf.Tensor2D;
  /** How many anchors a row stands for. */
  readonly weight: tf.Tensor2D;
  /** C×R×P or 1×R×P of 0/1: the positives of each row, of those that are listed. */
  readonly own: tf.Tensor3D;
  /** |X_min|. */
  readonly count: tf.Scalar;
  /** The slopes of the C×R rows, and of the C×P positives, as those of C×n samples. */
  spread(anchorSlope: tf.Tensor2D, positiveSlope: tf.Tensor2D): tf.Tensor2D;
}

/** The listed members, the representative of the tied ones, and that of the members above: R = P + 2. */
function allRows(
  { scores, members }: DeviceColumns,
  alive: tf.Tensor2D,
  positives: DeviceList,
  { kappa }: Options,
): AnchorRows {
  const [C, n] = scores.shape;
  const P = positives.index.shape[1];
  const kept = Math.min(kappa, P);
  const rest = tf.mul(tf.sub(members, scatterRows(positives.index, positives.valid, n)), alive);
  const lastKept = tf.slice(positives.score, [0, kept - 1], [C, 1]);
  const tied = tf.mul(rest, tf.cast(tf.equal(scores, lastKept), 'float32'));
  const above = tf.sub(rest, tied);
  const highest = tf.max(tf.where(tf.cast(above, 'bool'), scores, lastKept), 1, true); // where no member is above, the weight is 0
  const tiedCount = tf.sum(tied, 1, true) as tf.Tensor2D;
  return {
    score: tf.concat([positives.score, lastKept, highest as tf.Tensor2D], 1),
    weight: tf.concat([tf.mul(positives.valid, alive), tiedCount, tf.sum(above, 1, true) as tf.Tensor2D], 1),
    own: ownPositives(P, kept),
    count: tf.sum(tf.mul(members, alive)) as tf.Scalar,
    spread(anchorSlope, positiveSlope) {
      const listed = tf.add(tf.slice(anchorSlope, [0, 0], [C, P]), positiveSlope) as tf.Tensor2D;
      const tiedSlope = tf.div(tf.slice(anchorSlope, [0, P], [C, 1]), tf.maximum(tiedCount, 1));
      return tf.add(scatterRows(positives.index, listed, n), tf.mul(tied, tiedSlope));
    },
  };
}

/** The easy anchors: R is their number. */
function easyRows(
  { scores }: DeviceColumns,
  alive: tf.Tensor2D,
  positives: DeviceList,
  { kappa }: Options,
  easiest: DeviceList,
): AnchorRows {
  const [C, n] = scores.shape;
  const P = positives.index.shape[1];
  const R = easiest.index.shape[1];
  const same = tf.equal(tf.reshape(easiest.index, [C, R, 1]), tf.reshape(positives.index, [C, 1, P]));
  const itself = tf.mul(tf.cast(same, 'float32'), tf.reshape(positives.valid, [C, 1, P]));
  const firstKept = tf.cast(tf.less(tf.range(0, P), kappa), 'float32');
  // the positives of a listed anchor are all other listed ones, those of another the first κ
  const allowed = tf.maximum(tf.max(itself, 2, true), tf.reshape(firstKept, [1, 1, P]));
  const weight = tf.mul(easiest.valid, alive) as tf.Tensor2D;
  return {
    score: easiest.score,
    weight,
    own: tf.mul(tf.sub(1, itself), allowed),
    count: tf.sum(weight) as tf.Scalar,
    spread: (anchorSlope, positiveSlope) =>
      tf.add(scatterRows(easiest.index, anchorSlope, n), scatterRows(positives.index, positiveSlope, n)),
  };
}

/** (P+2)×P of 0/1: the positives of a listed member are all other listed ones, those of a representative the first κ. */
function ownPositives(P: number, kept: number): tf.Tensor3D {
  const own = (a: number, p: number) => (a < P ? a !== p : p < kept);
  const mask = Float32Array.from({ length: (P + 2) * P }, (_, at) => +own(Math.floor(at / P), at % P));
  return tf.tensor3d(mask, [1, P + 2, P]);
}
