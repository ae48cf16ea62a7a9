/**
 * The comparisons (Eq. 9, 13, 14 to 16) on the device, computed from the distances of the pairs.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Options, Schema } from '../../../spec/contract.js';
import { groupAttributes } from '../../padded/rows.js';
import type { DeviceActivity } from '../walk.js';
import { mul, sub } from './broadcast.js';
import type { DeviceDistances } from './distances.js';
import { nanUnlessAllFinite } from './finite.js';
import { indexWithin } from './index-within.js';
import type { DevicePairs } from './pairs.js';
import { scatterSum } from './scatter.js';
import { select } from './select.js';

/** L_crl, and its derivative with respect to every distance; 0 where a pair is not valid. */
export interface DeviceCompared {
  readonly loss: tf.Scalar;
  readonly positiveSlope: tf.Tensor3D;
  readonly negativeSlope: tf.Tensor3D;
  readonly activity: DeviceActivity;
}

/** L_crl of the comparison that the options choose. */
export function deviceComparison(
  schema: Schema,
  pairs: DevicePairs,
  distances: DeviceDistances,
  options: Options,
): DeviceCompared {
  const margin = tf.tensor3d(
    groupAttributes(schema, options.level).map((j) => options.margin[j] as number),
    [pairs.anchors.shape[0], 1, 1],
  );
  if (options.comparison === 'relative') return relative(pairs, distances, margin);
  if (options.comparison === 'absolute') return absolute(pairs, distances, margin);
  return distribution(pairs, distances, options);
}

/** |T|: the sum over anchors of positives times negatives. */
export function countTriplets({ positives, negatives }: DevicePairs): tf.Scalar {
  return tf.sum(tf.mul(tf.sum(positives.valid, 2), tf.sum(negatives.valid, 2)));
}

/** Eq. 9. The largest tensor has G·n·κ² numbers. */
function relative(
  pairs: DevicePairs,
  { positive, negative }: DeviceDistances,
  margin: tf.Tensor3D,
): DeviceCompared {
  const [G, n, P] = positive.shape;
  const Q = negative.shape[2];
  const lead = tf.reshape(tf.add(margin, positive), [G, n, P, 1]);
  const excess = sub<tf.Tensor4D>(lead, tf.reshape(negative, [G, n, 1, Q])); // (m + d₊) − d₋ (ruling: hinge)
  const both = mul<tf.Tensor4D>(
    tf.reshape(pairs.positives.valid, [G, n, P, 1]),
    tf.reshape(pairs.negatives.valid, [G, n, 1, Q]),
  );
  const active = tf.mul(tf.cast(tf.greater(excess, 0), 'float32'), both);
  const count = tf.maximum(countTriplets(pairs), 1);
  const activeByPositive = tf.sum(active, 3);
  const loss: tf.Scalar = tf.div(tf.sum(tf.sum(tf.mul(tf.relu(excess), both), [2, 3])), count);
  // ∞ − ∞ is a NaN with its sign bit set, of which relu makes 0 on wasm (ruling: non-finite features)
  const reached = select(pairs.positives.valid, positive, tf.zerosLike(positive));
  return {
    loss: nanUnlessAllFinite(reached, loss),
    positiveSlope: tf.div(activeByPositive, count) as tf.Tensor3D,
    negativeSlope: tf.neg(tf.div(tf.sum(active, 2), count)),
    activity: { active: tf.sum(tf.sum(activeByPositive, 2)) as tf.Scalar },
  };
}

/** Eq. 13. */
function absolute(
  pairs: DevicePairs,
  { positive, negative }: DeviceDistances,
  margin: tf.Tensor3D,
): DeviceCompared {
  const near = tf.mul(positive, pairs.positives.valid);
  const short = tf.mul(tf.relu(tf.sub(margin, negative)), pairs.negatives.valid);
  const positives = atLeastOne(pairs.positives.valid);
  const negatives = atLeastOne(pairs.negatives.valid);
  const meanSquare = (t: tf.Tensor, count: tf.Tensor) => tf.div(tf.sum(tf.sum(tf.square(t), 2)), count);
  return {
    loss: tf.mul(0.5, tf.add(meanSquare(near, positives), meanSquare(short, negatives))) as tf.Scalar,
    positiveSlope: tf.div(near, positives),
    negativeSlope: tf.neg(tf.div(short, negatives)),
    activity: {},
  };
}

/** Eq. 14 to 16. */
function distribution(
  pairs: DevicePairs,
  { positive, negative }: DeviceDistances,
  options: Options,
): DeviceCompared {
  const positives = histogram(positive, pairs.positives.valid, options);
  const negatives = histogram(negative, pairs.negatives.valid, options);
  // an empty side has an empty histogram: the loss and both slopes are 0 (ruling: nothing to compare)
  const nearer = tf.cumsum(negatives.heights);
  const [lo, hi] = options.range;
  const density = (options.bins - 1) / (hi - lo); // 1/Δ
  const slope = (step: tf.Tensor, { inside, count }: DeviceHistogram) =>
    tf.div(tf.mul(tf.mul(step, density), inside), count) as tf.Tensor3D;
  const at = (heights: tf.Tensor1D, bin: tf.Tensor3D) =>
    tf.reshape(tf.gather(heights, tf.reshape(bin, [bin.size])), bin.shape);
  return {
    loss: tf.sum(tf.mul(positives.heights, nearer)) as tf.Scalar,
    // moving a positive to the next node adds that node's negatives; moving a negative takes away this node's positives
    positiveSlope: slope(at(negatives.heights, tf.add(positives.bin, tf.scalar(1, 'int32'))), positives),
    negativeSlope: slope(tf.neg(at(positives.heights, negatives.bin)), negatives),
    activity: {
      clamped: tf.add(positives.clamped, negatives.clamped) as tf.Scalar,
      pairs: tf.add(positives.valid, negatives.valid) as tf.Scalar,
    },
  };
}

interface DeviceHistogram {
  /** τ. */
  readonly heights: tf.Tensor1D;
  /** G×n×k (int32): the node to the left. */
  readonly bin: tf.Tensor3D;
  /** G×n×k of 0/1: valid, and not strictly outside the range. */
  readonly inside: tf.Tensor3D;
  /** The number of valid distances, but at least 1. */
  readonly count: tf.Scalar;
  readonly valid: tf.Scalar;
  readonly clamped: tf.Scalar;
}

function histogram(distances: tf.Tensor3D, valid: tf.Tensor3D, { bins, range }: Options): DeviceHistogram {
  const [lo, hi] = range;
  const clamped = tf.minimum(tf.maximum(distances, lo), hi);
  const place = tf.div(tf.mul(tf.sub(clamped, lo), bins - 1), hi - lo);
  const bin = indexWithin(place as tf.Tensor3D, bins - 1); // the last bin takes d = hi (ruling: histogram)
  const share = tf.sub(place, tf.cast(bin, 'float32'));
  const inside = tf.logicalAnd(tf.greaterEqual(distances, lo), tf.lessEqual(distances, hi));
  const withinRange = tf.mul(tf.cast(inside, 'float32'), valid) as tf.Tensor3D;
  const all = total(valid);
  const count = tf.maximum(all, 1) as tf.Scalar;
  const flat: tf.Tensor1D = tf.reshape(bin, [bin.size]);
  const add = (node: tf.Tensor1D, amounts: tf.Tensor) =>
    scatterSum(node, tf.reshape(tf.mul(amounts, valid), [bin.size]), bins);
  const heights = tf.add(
    add(flat, tf.sub(1, share)),
    add(tf.add(flat, tf.scalar(1, 'int32')) as tf.Tensor1D, share),
  );
  return {
    heights: tf.div(heights, count) as tf.Tensor1D,
    bin,
    inside: withinRange,
    count,
    valid: all,
    clamped: tf.sub(all, total(withinRange)) as tf.Scalar,
  };
}

function atLeastOne(valid: tf.Tensor3D): tf.Scalar {
  return tf.maximum(total(valid), 1) as tf.Scalar;
}

/** Summed by anchor first, since one long sum rounds more. */
function total(mask: tf.Tensor3D): tf.Scalar {
  return tf.sum(tf.sum(mask, 2)) as tf.Scalar;
}
