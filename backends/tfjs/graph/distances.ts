/**
 * Distances of anchors to their samples (Eq. 10, 11) on the device, and their chain rule: from derivatives
 * with respect to distances to the gradient.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { mul, sub } from './broadcast.js';
import type { DeviceColumns } from './columns.js';
import { gatherRows } from './gather.js';
import type { DevicePairs } from './pairs.js';
import { scatterAdd, scatterRows } from './scatter.js';
import { signOf } from './sign.js';

/** Distances, and their chain rule. */
export interface DeviceDistances {
  /** G×n×P: d(a,+). */
  readonly positive: tf.Tensor3D;
  /** G×n×Q: d(a,−). */
  readonly negative: tf.Tensor3D;
  /** ∂L/∂d(a,+) and ∂L/∂d(a,−), 0 where not valid, as the gradient: C×n of scores, or of features. */
  backward(positiveSlope: tf.Tensor3D, negativeSlope: tf.Tensor3D): tf.Tensor;
}

/** Class level (Eq. 10): |p_a − p_+|, and the signed p_a − p_−. */
export function classDistances(
  { scores }: DeviceColumns,
  { positives, negatives }: DevicePairs,
): DeviceDistances {
  const [C, n] = scores.shape;
  const own = tf.reshape(scores, [C, n, 1]);
  const gap = ({ index }: { index: tf.Tensor3D }): tf.Tensor3D => {
    const k = index.shape[2];
    const theirs = gatherRows(tf.reshape(scores, [C, n, 1]), tf.reshape(index, [C, n * k]));
    return sub(own, tf.reshape(theirs, [C, n, k]));
  };
  const [toPositive, toNegative] = [gap(positives), gap(negatives)];
  return {
    positive: tf.abs(toPositive),
    negative: toNegative,
    backward(positiveSlope, negativeSlope) {
      const turned = tf.mul(positiveSlope, signOf(toPositive)) as tf.Tensor3D;
      const toOthers = (index: tf.Tensor3D, slope: tf.Tensor3D) => {
        const width = n * index.shape[2];
        return scatterRows(tf.reshape(index, [C, width]), tf.reshape(slope, [C, width]), n);
      };
      const toAnchors = tf.add(tf.sum(turned, 2), tf.sum(negativeSlope, 2));
      return tf.sub(
        toAnchors,
        tf.add(toOthers(positives.index, turned), toOthers(negatives.index, negativeSlope)),
      );
    },
  };
}

/**
 * Instance level (Eq. 11): ‖f_a − f_*‖, computed from the features of the chosen pairs.
 *
 * @param features - 1×n×d, shared by all G groups of rows, or one matrix per group
 */
export function instanceDistances(features: tf.Tensor3D, pairs: DevicePairs): DeviceDistances {
  const [M, n, d] = features.shape;
  const [G] = pairs.anchors.shape;
  const own = tf.reshape(features, [M, n, 1, d]);
  /** The lists of all rows that read the same matrix, one after the other. */
  const byMatrix = (index: tf.Tensor3D): tf.Tensor2D => tf.reshape(index, [M, index.size / M]);
  const measure = ({ index }: { index: tf.Tensor3D }) => {
    const k = index.shape[2];
    const theirs = tf.reshape(gatherRows(features, byMatrix(index)), [G, n, k, d]);
    const apart = sub<tf.Tensor4D>(own, theirs);
    return { apart, distance: tf.sqrt(tf.sum(tf.square(apart), 3)) as tf.Tensor3D, k };
  };
  const [toPositives, toNegatives] = [measure(pairs.positives), measure(pairs.negatives)];
  return {
    positive: toPositives.distance,
    negative: toNegatives.distance,
    backward(positiveSlope, negativeSlope) {
      const one = (index: tf.Tensor3D, { apart, distance, k }: typeof toPositives, slope: tf.Tensor3D) => {
        // at distance 0 the derivative is 0 (ruling: kinks): divide by 1 there
        const zero = tf.cast(tf.equal(distance, 0), 'float32');
        const pull = mul(apart, tf.reshape(tf.div(slope, tf.add(distance, zero)), [G, n, k, 1]));
        const toAnchors = tf.sum(tf.reshape(tf.sum(pull, 2), [M, G / M, n, d]), 1); // of all groups that share the matrix
        const at = byMatrix(index);
        const toOthers = scatterAdd(at, tf.reshape(pull, [...at.shape, d]), n);
        return tf.sub(toAnchors, toOthers) as tf.Tensor3D;
      };
      return tf.add(
        one(pairs.positives.index, toPositives, positiveSlope),
        one(pairs.negatives.index, toNegatives, negativeSlope),
      );
    },
  };
}

/** The most numbers in one block of differences, so that n×n×d numbers need not be in memory at once. */
const BLOCK = 2 ** 22;

/**
 * Squared distances of all pairs, computed from differences. |a|² + |b|² − 2ab would lose small distances
 * between long vectors to rounding.
 *
 * @param features - M×n×d
 * @returns M×n×n
 */
export function squaredDistances(features: tf.Tensor3D): tf.Tensor3D {
  const [M, n, d] = features.shape;
  const height = Math.max(1, Math.min(n, Math.floor(BLOCK / (M * n * d))));
  const blocks: tf.Tensor3D[] = [];
  for (let top = 0; top < n; top += height) {
    const rows = Math.min(height, n - top);
    blocks.push(
      tf.tidy(() => {
        const anchors = tf.reshape(tf.slice(features, [0, top, 0], [M, rows, d]), [M, rows, 1, d]);
        return tf.sum(tf.square(sub(anchors, tf.reshape(features, [M, 1, n, d]))), 3);
      }),
    );
  }
  return tf.concat(blocks, 1);
}
