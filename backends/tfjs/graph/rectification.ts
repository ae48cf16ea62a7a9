/**
 * `rectificationLoss` on the device: mining, L_crl and its derivative, at both levels.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Options, Schema } from '../../../spec/contract.js';
import type { DeviceActivity } from '../walk.js';
import { classRelative } from './class-relative.js';
import { type DeviceColumns, fromColumns } from './columns.js';
import { countTriplets, deviceComparison } from './comparison.js';
import { classDistances, instanceDistances, squaredDistances } from './distances.js';
import { deviceLists, easiestMembers } from './mining.js';
import type { DeviceMinority } from './minority.js';
import { classPairs, type DevicePairs, instancePairs } from './pairs.js';

/** L_crl on the device. */
export interface DeviceRectification {
  readonly loss: tf.Scalar;
  /** n×S at class level; M×n×d at instance level. */
  readonly gradient: tf.Tensor;
  /** |X_min|. */
  readonly anchors: tf.Scalar;
  /** |T|. */
  readonly triplets: tf.Scalar;
  /** How much of what is compared has a derivative other than 0. */
  readonly activity: DeviceActivity;
}

/**
 * Mines hard samples and compares them.
 *
 * @param features - M×n×d, at instance level; M is 1 if they are shared, else J
 */
export function deviceRectification(
  schema: Schema,
  columns: DeviceColumns,
  minority: DeviceMinority,
  features: tf.Tensor3D | undefined,
  options: Options,
): DeviceRectification {
  if (options.level === 'class' && options.comparison === 'relative') {
    const lists = deviceLists(columns, minority, options);
    const easiest = options.anchors === 'easy' ? easiestMembers(columns, minority, options) : undefined;
    const { slope, active, ...found } = classRelative(schema, columns, minority, lists, options, easiest);
    return { ...found, gradient: fromColumns(schema, slope), activity: { active } };
  }
  const pairs = devicePairs(schema, columns, minority, features, options);
  return comparePairs(schema, columns, pairs, features, options);
}

/** The mined samples of every anchor. */
export function devicePairs(
  schema: Schema,
  columns: DeviceColumns,
  minority: DeviceMinority,
  features: tf.Tensor3D | undefined,
  options: Options,
): DevicePairs {
  if (options.level === 'class') {
    return classPairs(columns, minority, deviceLists(columns, minority, options), options);
  }
  return instancePairs(schema, columns, minority, squaredDistances(features as tf.Tensor3D), options);
}

/** L_crl of the pairs. */
export function comparePairs(
  schema: Schema,
  columns: DeviceColumns,
  pairs: DevicePairs,
  features: tf.Tensor3D | undefined,
  options: Options,
): DeviceRectification {
  const distances =
    options.level === 'class'
      ? classDistances(columns, pairs)
      : instanceDistances(features as tf.Tensor3D, pairs);
  const { loss, positiveSlope, negativeSlope, activity } = deviceComparison(
    schema,
    pairs,
    distances,
    options,
  );
  const slope = distances.backward(positiveSlope, negativeSlope);
  return {
    loss,
    gradient: options.level === 'class' ? fromColumns(schema, slope as tf.Tensor2D) : slope,
    anchors: tf.sum(tf.sum(pairs.anchors, 1)) as tf.Scalar,
    triplets: countTriplets(pairs),
    activity,
  };
}
