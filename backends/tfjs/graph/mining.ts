/**
 * `mineHardSamples` at class level (Eq. 4, 5) on the device: one list per class, not one per anchor.
 *
 * An anchor's κ positives are the κ+1 lowest-scored of its class without the anchor itself. One list of
 * κ+1 positives and one of κ negatives therefore serve all anchors of a class. Shapes are static; masks
 * tell which entries are valid.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Options } from '../../../spec/contract.js';
import type { DeviceColumns } from './columns.js';
import type { DeviceMinority } from './minority.js';
import { select } from './select.js';

/** One side's list for every class column: hardest first, lower index first among equals. */
export interface DeviceList {
  /** C×k sample indices (int32); where not valid, any sample. */
  readonly index: tf.Tensor2D;
  /** C×k scores; 0 where not valid. */
  readonly score: tf.Tensor2D;
  /** C×k of 0/1. */
  readonly valid: tf.Tensor2D;
}

/** The lists of all class columns, also of classes that do not survive. */
export interface DeviceLists {
  /** C×min(κ+1, {@link mostMembers}). */
  readonly positives: DeviceList;
  /** C×min(κ, n). */
  readonly negatives: DeviceList;
}

/** Lower than every score, and far enough from the largest float32 that arithmetic on it stays finite. */
const OUT_OF_REACH = -1e30;

/**
 * The largest possible size of a surviving class in a batch of n, since Σh ≤ ρ·n (Eq. 3). Lists are not made
 * longer than that: κ is often larger than every class, and the work grows with the product of the lengths.
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

/** The κ easiest members of every class column: the highest scored, lower index first among equals. */
export function easiestMembers(
  { scores, members }: DeviceColumns,
  { sizes }: DeviceMinority,
  { kappa, rho }: Options,
): DeviceList {
  return topK(scores, members, sizes, Math.min(kappa, mostMembers(scores.shape[1], rho)));
}

function topK(hardness: tf.Tensor2D, candidates: tf.Tensor2D, sizes: tf.Tensor1D, k: number): DeviceList {
  const reachable = select(candidates, hardness, tf.fill(hardness.shape, OUT_OF_REACH));
  const { values, indices } = tf.topk(reachable, k, true);
  const valid = tf.less(tf.reshape(tf.range(0, k), [1, k]), tf.reshape(sizes, [-1, 1]));
  return {
    index: indices as tf.Tensor2D,
    score: select(valid as tf.Tensor2D, values as tf.Tensor2D, tf.zerosLike(values) as tf.Tensor2D),
    valid: tf.cast(valid, 'float32') as tf.Tensor2D,
  };
}
