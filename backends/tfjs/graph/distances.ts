/**
 * Distances of anchors to their samples (Eq. 10, 11) on the device, and their chain rule: from derivatives
 * with respect to distances to the gradient.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Schema } from '../../../spec/contract.js';
import { groupAttributes } from '../../padded/rows.js';
import type { DeviceColumns } from './columns.js';
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
    const start = tf.tensor3d(
      Int32Array.from({ length: C }, (_, c) => c * n),
      [C, 1, 1],
      'int32',
    );
    const theirs = tf.gather(
      tf.reshape(scores, [C * n]),
      tf.reshape(tf.add(start, index), [C * n * k]) as tf.Tensor1D,
    );
    return tf.sub(own, tf.reshape(theirs, [C, n, k]));
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
 * @param features - 1×n×d, shared, or J×n×d
 */
export function instanceDistances(
  schema: Schema,
  features: tf.Tensor3D,
  pairs: DevicePairs,
): DeviceDistances {
  const [M, n, d] = features.shape;
  const [G] = pairs.anchors.shape;
  /** The feature matrix that each group of rows reads. */
  const matrix = groupAttributes(schema, 'instance').map((j) => (M === 1 ? 0 : j));
  const start = tf.tensor3d(
    Int32Array.from(matrix, (m) => m * n),
    [G, 1, 1],
    'int32',
  );
  const rows = tf.reshape(features, [M * n, d]);
  const sample = tf.tensor3d(
    Int32Array.from({ length: n }, (_, i) => i),
    [1, n, 1],
    'int32',
  );
  const flat = (index: tf.Tensor3D): tf.Tensor1D => {
    const at = tf.add(start, index);
    return tf.reshape(at, [at.size]) as tf.Tensor1D;
  };
  const own = tf.reshape(tf.gather(rows, flat(tf.tile(sample, [G, 1, 1]))), [G, n, 1, d]);
  const measure = ({ index }: { index: tf.Tensor3D }) => {
    const k = index.shape[2];
    const apart = tf.sub(own, tf.reshape(tf.gather(rows, flat(index)), [G, n, k, d])) as tf.Tensor4D;
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
        const pull = tf.mul(apart, tf.reshape(tf.div(slope, tf.add(distance, zero)), [G, n, k, 1]));
        const toAnchors = tf.reshape(tf.sum(pull, 2), [G * n, d]);
        const anchorRows = flat(tf.tile(sample, [G, 1, 1]));
        const give = (at: tf.Tensor1D, updates: tf.Tensor) =>
          scatterAdd(tf.reshape(at, [1, at.size]), tf.reshape(updates, [1, at.size, d]), M * n);
        return tf.sub(give(anchorRows, toAnchors), give(flat(index), pull));
      };
      const gradient = tf.add(
        one(pairs.positives.index, toPositives, positiveSlope),
        one(pairs.negatives.index, toNegatives, negativeSlope),
      );
      return tf.reshape(gradient, [M, n, d]);
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
        return tf.sum(tf.square(tf.sub(anchors, tf.reshape(features, [M, 1, n, d]))), 3);
      }),
    );
  }
  return tf.concat(blocks, 1);
}
