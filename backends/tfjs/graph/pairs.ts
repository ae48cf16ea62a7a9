/**
 * Anchors with their mined samples on the device. All comparisons are computed from them, except the
 * relative one at class level.
 *
 * Anchors stand in G×n rows, as `backends/padded/rows.ts` says.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { HardSamples, Level, Options, Schema } from '../../../spec/contract.js';
import { type PaddedLists, paddedPairs } from '../../padded/hard-samples.js';
import { rowsByColumn } from '../../padded/rows.js';
import { anchorMask } from './anchors.js';
import { mul, sub } from './broadcast.js';
import type { DeviceColumns } from './columns.js';
import { type DeviceLists, mostMembers } from './mining.js';
import type { DeviceMinority } from './minority.js';
import { scatterRows } from './scatter.js';
import { select } from './select.js';

/** The positives, or the negatives, of every anchor, hardest first. */
export interface DeviceSide {
  /** G×n×k sample indices (int32); where not valid, any sample. */
  readonly index: tf.Tensor3D;
  /** G×n×k of 0/1; all 0 in a row without an anchor. */
  readonly valid: tf.Tensor3D;
}

/** All anchors and their samples. */
export interface DevicePairs {
  /** G×n of 0/1. */
  readonly anchors: tf.Tensor2D;
  readonly positives: DeviceSide;
  readonly negatives: DeviceSide;
}

/** The largest float32 but one. A square that overflowed counts as this (ruling: non-finite features). */
const LARGEST = (2 - 2 ** -22) * 2 ** 127;

/** The least float32: lower than the hardness of every candidate. */
const OUT_OF_REACH = -(2 - 2 ** -23) * 2 ** 127;

/** Class level: each class's lists, given to each of its anchors without the anchor itself. */
export function classPairs(
  columns: DeviceColumns,
  minority: DeviceMinority,
  { positives, negatives }: DeviceLists,
  options: Options,
): DevicePairs {
  const [C, n] = columns.members.shape;
  const anchors = anchorMask(columns, minority, options);
  const row = tf.reshape(anchors, [C, n, 1]);
  const P = positives.index.shape[1];
  const Q = negatives.index.shape[1];
  const kept = Math.min(options.kappa, P);
  const place = tf.range(0, P);
  // C×n: a member's place in its list, or P if it is not listed
  const own = tf.sub(P, scatterRows(positives.index, tf.mul(positives.valid, tf.sub(P, place)), n));
  const places = tf.reshape(tf.slice(place, [0], [kept]), [1, 1, kept]);
  // entries before the member's place stay, those from there on move up by one (C×n×kept of 0/1)
  const moved = tf.clipByValue(sub(places, tf.sub(tf.reshape(own, [C, n, 1]), 1)), 0, 1);
  const listed = tf.cast(positives.index, 'float32');
  const [first, next] = [tf.slice(listed, [0, 0], [C, kept]), entriesAfter(listed, kept)];
  // in float32, which holds every index exactly, and where engines broadcast many times faster
  const index = tf.add(
    tf.reshape(first, [C, 1, kept]),
    mul(moved, tf.reshape(tf.sub(next, first), [C, 1, kept])),
  );
  const others = tf.reshape(tf.sub(minority.sizes, 1), [C, 1, 1]); // members beside the anchor
  return {
    anchors,
    positives: {
      index: tf.cast(index, 'int32') as tf.Tensor3D,
      valid: mul(placesWithin(others as tf.Tensor3D, kept), row),
    },
    negatives: {
      index: tf.tile(tf.reshape(negatives.index, [C, 1, Q]), [1, n, 1]),
      valid: mul(tf.reshape(negatives.valid, [C, 1, Q]), row),
    },
  };
}

/** Each of the first entries of C×P lists replaced by the one after it; C×kept. What comes after the last is never read. */
function entriesAfter(lists: tf.Tensor2D, kept: number): tf.Tensor2D {
  const [C, P] = lists.shape;
  if (kept < P) return tf.slice(lists, [0, 1], [C, kept]);
  return tf.concat([tf.slice(lists, [0, 1], [C, P - 1]), tf.zeros([C, 1])], 1) as tf.Tensor2D;
}

/** …×k of 0/1 for …×1 counts: 1 in the first so many of k places. */
function placesWithin(counts: tf.Tensor3D, k: number): tf.Tensor3D {
  return tf.clipByValue(sub<tf.Tensor3D>(counts, tf.reshape(tf.range(0, k), [1, 1, k])), 0, 1);
}

/**
 * Instance level (Eq. 6, 7): for each anchor, the farthest samples of its class and the nearest others.
 *
 * @param squared - 1×n×n or J×n×n squared distances, which rank as distances do
 */
export function instancePairs(
  schema: Schema,
  columns: DeviceColumns,
  minority: DeviceMinority,
  squared: tf.Tensor3D,
  options: Options,
): DevicePairs {
  const { kappa, rho } = options;
  const n = columns.members.shape[1];
  const { anchors, same, others } = relations(schema, columns, anchorMask(columns, minority, options));
  return {
    anchors,
    positives: hardest(same, squared, Math.min(kappa, mostMembers(n, rho))),
    negatives: hardest(others, tf.neg(squared) as tf.Tensor3D, Math.min(kappa, n)),
  };
}

/**
 * G×n anchors; and G×n×n masks of the other samples of the anchor's class, and of the samples not of it.
 *
 * @param alive - C×n anchors
 */
function relations(
  schema: Schema,
  { members, others }: DeviceColumns,
  alive: tf.Tensor2D,
): { anchors: tf.Tensor2D; same: tf.Tensor3D; others: tf.Tensor3D } {
  const [C, n] = members.shape;
  const apart = tf.sub(1, tf.eye(n));
  const outer = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor3D => {
    if (rowsByColumn(schema, 'instance')) return mul(tf.reshape(a, [C, n, 1]), tf.reshape(b, [C, 1, n]));
    return tf.stack(
      schema.attributes.map(({ columns }) => {
        const own = (t: tf.Tensor2D) => tf.slice(t, [columns[0] as number, 0], [columns.length, n]);
        return tf.matMul(tf.transpose(own(a)), own(b));
      }),
    ) as tf.Tensor3D;
  };
  const same = mul<tf.Tensor3D>(outer(alive, members), apart);
  const anchors = rowsByColumn(schema, 'instance')
    ? alive
    : (tf.stack(
        schema.attributes.map(({ columns }) =>
          tf.sum(tf.slice(alive, [columns[0] as number, 0], [columns.length, n]), 0),
        ),
      ) as tf.Tensor2D);
  return { anchors, same, others: outer(alive, others) };
}

/**
 * The hardest candidates of each row.
 *
 * @param candidates - G×n×n of 0/1
 * @param hardness - G×n×n, or 1×n×n if all groups share it
 */
function hardest(candidates: tf.Tensor3D, hardness: tf.Tensor3D, k: number): DeviceSide {
  const [G, n] = candidates.shape;
  const finite = tf.clipByValue(hardness, -LARGEST, LARGEST); // top-k orders by differences, and ∞ − ∞ is NaN
  // shared by all groups: added to zeros, since tf.tile takes many times as long on wasm and cpu
  const ofGroup =
    finite.shape[0] === G
      ? finite
      : tf.add<tf.Tensor3D>(tf.zeros(candidates.shape), tf.reshape(finite, [n, n]));
  const reachable = select(candidates, ofGroup, tf.fill(candidates.shape, OUT_OF_REACH));
  const { indices } = tf.topk(reachable, k, true);
  return { index: indices as tf.Tensor3D, valid: placesWithin(tf.sum(candidates, 2, true), k) };
}

/** The specification's hard samples in the form of the graph. */
export function givenPairs(schema: Schema, hard: HardSamples, level: Level, n: number): DevicePairs {
  const { G, anchors, positives, negatives } = paddedPairs(schema, hard, level, n);
  const toSide = ({ k, index, valid }: PaddedLists): DeviceSide => ({
    index: tf.tensor3d(index, [G, n, k], 'int32'),
    valid: tf.tensor3d(valid, [G, n, k]),
  });
  return {
    anchors: tf.tensor2d(anchors, [G, n]),
    positives: toSide(positives),
    negatives: toSide(negatives),
  };
}
