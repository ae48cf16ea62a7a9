/**
 * `mineHardSamples` on the device (Eq. 4, 5): for each class, not for each anchor.
 *
 * An anchor's κ positives are the κ+1 lowest of its class less itself, so one list of κ+1 serves all
 * anchors of a class, and one list of κ negatives too. Shapes are static; masks say what is there.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Options } from '../../../spec/contract.js';
import type { DeviceColumns } from './columns.js';
import type { DeviceMinority } from './minority.js';

/** One side's list for every class column, hardest first, equals by lower index. */
export interface DeviceList {
  /** C×k sample indices (int32); where not valid, any sample. */
  readonly index: tf.Tensor2D;
  /** C×k scores; 0 where not valid. */
  readonly score: tf.Tensor2D;
  /** C×k of 0/1. */
  readonly valid: tf.Tensor2D;
}

/** The lists of all class columns, whether the class survives or not. */
export interface DeviceLists {
  /** C×min(κ+1, {@link mostMembers}). */
  readonly positives: DeviceList;
  /** C×min(κ, n). */
  readonly negatives: DeviceList;
}

/** Below every score that can occur, and far enough from the largest float32 to stay finite. */
const OUT_OF_REACH = -1e30;

/**
 * The most members that a surviving class of a batch of n can have: Σh ≤ ρ·n (Eq. 3). Lists are no longer
 * than that, since what is computed of them grows with their product, κ being often past every class.
 */
export function mostMembers(n: number, rho: number): number {
  return Math.max(1, Math.floor(rho * n));
}

/** Mines both lists of every class column. */
export function deviceLists(
  columns: DeviceColumns,
  minority: DeviceMinority,
  { kappa, rho }: Options,
): DeviceLists {
  const { scores, members, others } = columns;
  const n = scores.shape[1];
  const length = Math.min(kappa + 1, mostMembers(n, rho));
  const lowest = topK(tf.neg(scores), members, minority.sizes, length);
  const highest = topK(scores, others, minority.otherSizes, Math.min(kappa, n));
  return { positives: { ...lowest, score: tf.neg(lowest.score) }, negatives: highest };
}

function topK(hardness: tf.Tensor2D, candidates: tf.Tensor2D, sizes: tf.Tensor1D, k: number): DeviceList {
  const reachable = tf.where(tf.cast(candidates, 'bool'), hardness, tf.fill(hardness.shape, OUT_OF_REACH));
  const { values, indices } = tf.topk(reachable, k, true);
  const valid = tf.less(tf.reshape(tf.range(0, k), [1, k]), tf.reshape(sizes, [-1, 1]));
  return {
    index: indices as tf.Tensor2D,
    score: tf.where(valid, values, tf.zerosLike(values)) as tf.Tensor2D,
    valid: tf.cast(valid, 'float32') as tf.Tensor2D,
  };
}
