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
import { groupAttributes, rowsByColumn } from '../../padded/rows.js';
import type { DeviceColumns } from './columns.js';
import { type DeviceLists, mostMembers } from './mining.js';
import type { DeviceMinority } from './minority.js';

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

/** Lower than every negated distance that is not rounded to −∞. */
const OUT_OF_REACH = -3e38;

/** Class level: each class's lists, given to each of its members without the member itself. */
export function classPairs(
  columns: DeviceColumns,
  minority: DeviceMinority,
  { positives, negatives }: DeviceLists,
  kappa: number,
): DevicePairs {
  const [C, n] = columns.members.shape;
  const anchors = tf.mul(columns.members, tf.reshape(minority.surviving, [C, 1])) as tf.Tensor2D;
  const row = tf.reshape(anchors, [C, n, 1]);
  const P = positives.index.shape[1];
  const Q = negatives.index.shape[1];
  const listed: tf.Tensor3D = tf.reshape(positives.index, [C, 1, P]);
  const valid: tf.Tensor3D = tf.reshape(positives.valid, [C, 1, P]);
  const sample = tf.tensor3d(
    Int32Array.from({ length: n }, (_, i) => i),
    [1, n, 1],
    'int32',
  );
  const own = tf.mul(tf.cast(tf.equal(listed, sample), 'float32'), valid); // C×n×P: 1 at the member's place in its list
  const place = tf.reshape(tf.range(0, P, 1), [1, 1, P]);
  const at = tf.where(
    tf.cast(tf.max(own, 2, true), 'bool'),
    tf.sum(tf.mul(own, place), 2, true),
    tf.fill([C, n, 1], P),
  );
  const kept = Math.min(kappa, P);
  // entries before the member's place stay, those after it move up by one; the last one is padding
  const entry = tf.tensor3d(
    Int32Array.from({ length: C * kept }, (_, e) => Math.floor(e / kept) * (P + 1) + (e % kept)),
    [C, 1, kept],
    'int32',
  );
  const from = tf.add(
    entry,
    tf.cast(tf.greaterEqual(tf.slice(place, [0, 0, 0], [1, 1, kept]), at), 'int32'),
  ) as tf.Tensor3D;
  const shifted = (list: tf.Tensor3D): tf.Tensor3D => {
    const padded = tf.concat([list, tf.zeros([C, 1, 1], list.dtype)], 2);
    return tf.gather(tf.reshape(padded, [C * (P + 1)]) as tf.Tensor, from) as tf.Tensor3D;
  };
  return {
    anchors,
    positives: {
      index: shifted(listed),
      valid: tf.mul(shifted(valid), row),
    },
    negatives: {
      index: tf.tile(tf.reshape(negatives.index, [C, 1, Q]), [1, n, 1]),
      valid: tf.mul(tf.reshape(negatives.valid, [C, 1, Q]), row),
    },
  };
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
  { kappa, rho }: Options,
): DevicePairs {
  const n = columns.members.shape[1];
  const { anchors, same, others } = relations(schema, columns, minority);
  const wanted = groupAttributes(schema, 'instance').map((j) => (squared.shape[0] === 1 ? 0 : j));
  const ofGroup = tf.gather(squared, tf.tensor1d(wanted, 'int32')) as tf.Tensor3D;
  return {
    anchors,
    positives: hardest(same, ofGroup, Math.min(kappa, mostMembers(n, rho))),
    negatives: hardest(others, tf.neg(ofGroup) as tf.Tensor3D, Math.min(kappa, n)),
  };
}

/** G×n anchors; and G×n×n masks of the other samples of the anchor's class, and of the samples not of it. */
function relations(
  schema: Schema,
  { members, others }: DeviceColumns,
  minority: DeviceMinority,
): { anchors: tf.Tensor2D; same: tf.Tensor3D; others: tf.Tensor3D } {
  const [C, n] = members.shape;
  const alive = tf.mul(members, tf.reshape(minority.surviving, [C, 1])) as tf.Tensor2D;
  const apart = tf.sub(1, tf.eye(n));
  const outer = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor3D => {
    if (rowsByColumn(schema, 'instance')) return tf.mul(tf.reshape(a, [C, n, 1]), tf.reshape(b, [C, 1, n]));
    return tf.stack(
      schema.attributes.map(({ columns }) => {
        const own = (t: tf.Tensor2D) => tf.slice(t, [columns[0] as number, 0], [columns.length, n]);
        return tf.matMul(tf.transpose(own(a)), own(b));
      }),
    ) as tf.Tensor3D;
  };
  const same = tf.mul(outer(alive, members), apart) as tf.Tensor3D;
  const anchors = rowsByColumn(schema, 'instance')
    ? alive
    : (tf.stack(
        schema.attributes.map(({ columns }) =>
          tf.sum(tf.slice(alive, [columns[0] as number, 0], [columns.length, n]), 0),
        ),
      ) as tf.Tensor2D);
  return { anchors, same, others: outer(alive, others) };
}

function hardest(candidates: tf.Tensor3D, hardness: tf.Tensor3D, k: number): DeviceSide {
  const reachable = tf.where(tf.cast(candidates, 'bool'), hardness, tf.fill(hardness.shape, OUT_OF_REACH));
  const { indices } = tf.topk(reachable, k, true);
  const count = tf.sum(candidates, 2, true);
  const valid = tf.less(tf.reshape(tf.range(0, k), [1, 1, k]), count);
  return { index: indices as tf.Tensor3D, valid: tf.cast(valid, 'float32') as tf.Tensor3D };
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
