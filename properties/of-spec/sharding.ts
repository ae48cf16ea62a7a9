/**
 * Definitions of sharding: the specification compared with the rulings as they are written.
 *
 * @module
 */
import fc from 'fast-check';
import type { NdArray } from 'ndarray';
import {
  type BalancedLoss,
  balancedLoss,
  createBatch,
  crossEntropy,
  crossEntropyGradient,
  globalBatchLoss,
  joinRows,
  meanWeight,
  perReplicaLoss,
  shardBatch,
  wholeBatch,
} from '../../spec/index.js';
import { caseDocument, cases } from '../cases/arbitraries.js';
import { spreadOf } from '../cases/sharding.js';
import { DEFINITION_ERROR } from '../tolerance/index.js';
import { entries } from '../walk.js';
import { type Definition, define, EVERYTHING } from './definition.js';
import { refuse } from './refusals/wrong.js';

/** Probabilities or logits, with a sharding of each batch. */
const spread = fc
  .boolean()
  .chain((fromLogits) => cases(EVERYTHING, { fromLogits, samples: 10, blockEdges: false }));

/** Whether two lists are equal but for rounding, as a share of the largest number. */
function areClose(found: readonly number[], right: readonly number[]): boolean {
  const largest = right.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return (
    found.length === right.length &&
    found.every((x, at) => Math.abs(x - (right[at] as number)) <= DEFINITION_ERROR * largest)
  );
}

const listed = (array: NdArray): number[] => [...entries(array)];
const slopesOf = (loss: Pick<BalancedLoss, 'featureGradient'>) =>
  loss.featureGradient ? listed(loss.featureGradient) : [];

/** All definitions of sharding. */
export const sharding: readonly Definition[] = [
  define('global-batch-defined', 'ruling: global batch', spread, (given) => {
    const { batch, options } = given;
    const { alpha } = options;
    const { shards, step, weights = new Array<number>(batch.size).fill(1) } = spreadOf(given);
    const found = globalBatchLoss(shards, options, step);
    const whole = balancedLoss(batch, { ...options, alpha: 1 });
    const mean = meanWeight(weights);
    const factor = step.averaging === 'average' ? shards.length : 1;
    // Σ w_i·ce_i of each shard, from the shard alone
    const own = shards.map((shard, r) => {
      if (shard.size === 0) return { ce: 0, slopes: [] };
      const ofShard = step.weights?.[r];
      return {
        ce: shard.size * crossEntropy(shard, ofShard),
        slopes: listed(crossEntropyGradient(shard, ofShard)).map((x) => shard.size * x),
      };
    });
    const ce = own.reduce((sum, shard) => sum + shard.ce, 0) / batch.size;
    const value = alpha * mean * whole.rectification + (1 - alpha) * ce;
    const ofEntropy = own.flatMap(({ slopes }) => slopes);
    const ofRectification = listed(whole.gradient);
    const right = ofEntropy.map(
      (x, at) => factor * (alpha * mean * (ofRectification[at] as number) + ((1 - alpha) * x) / batch.size),
    );
    const features = found.flatMap(({ featureGradient }) => featureGradient ?? []);
    return (
      found.every(({ loss }) => Math.abs(loss - value) <= DEFINITION_ERROR * (1 + Math.abs(value))) &&
      areClose(listed(joinRows(found.map(({ gradient }) => gradient))), right) &&
      areClose(
        features.length > 0 ? listed(joinRows(features)) : [],
        slopesOf(whole).map((x) => factor * alpha * mean * x),
      )
    );
  }),
  define('per-replica-defined', 'ruling: per replica', spread, (given) => {
    const { shards, step } = spreadOf(given);
    const found = perReplicaLoss(shards, given.options, step);
    return shards.every((shard, r) => {
      const own = found[r] as (typeof found)[number];
      if (shard.size === 0) return own.loss === 0 && listed(own.gradient).length + slopesOf(own).length === 0;
      const alone = balancedLoss(shard, given.options, step.weights?.[r]);
      return (
        own.loss === alone.loss &&
        areClose(listed(own.gradient), listed(alone.gradient)) &&
        areClose(slopesOf(own), slopesOf(alone))
      );
    });
  }),
  define('shards-joined', 'ruling: global batch', spread, (given) => {
    // cut and joined again, a batch is the same: labels, scores and features in rank-major order
    const again = wholeBatch(spreadOf(given).shards);
    return JSON.stringify(caseDocument({ ...given, batch: again })) === JSON.stringify(caseDocument(given));
  }),
  define('shards-refused', 'ruling: global batch', fc.constant(0), () => {
    const labels = [[0], [0], [1]];
    const scores = [0.5, 0.25, 0.75].map((p) => [p, 1 - p]);
    const batch = createBatch({ attributes: [2], labels, scores });
    const other = createBatch({ attributes: [3], labels, scores: scores.map((row) => [...row, 0]) });
    const logits = createBatch({ attributes: [2], labels, scores, fromLogits: true });
    const wide = createBatch({ attributes: [2], labels, scores, features: [[1], [2], [3]] });
    const options = {
      alpha: 0.5,
      rho: 1,
      kappa: 1,
      level: 'class',
      comparison: 'relative',
      anchors: 'all',
    } as const;
    const shape = { ...options, margin: [0.5], bins: 10, range: [-1, 1] as const };
    refuse(
      (sizes) => shardBatch(batch, sizes as number[]),
      [[1, 1], [4, -1], [1.5, 1.5], [3, 1], []].map((sizes) => [sizes, 'wrong-shape', 'sizes'] as const),
    );
    refuse(
      (shards) => wholeBatch(shards as never),
      [
        [[], 'empty-batch', 'shards'],
        [[shardBatch(batch, [0, 3])[0]], 'empty-batch', 'shards'],
        [[batch, other], 'wrong-shape', 'shards[1]'],
        [[batch, batch, logits], 'wrong-shape', 'shards[2]'],
        [[batch, wide], 'wrong-shape', 'shards[1]'],
      ],
    );
    for (const loss of [globalBatchLoss, perReplicaLoss]) {
      refuse(
        (weights) =>
          loss(shardBatch(batch, [2, 1]), shape, { averaging: 'average', weights: weights as number[][] }),
        [
          [[[1, 1, 1]], 'wrong-shape', 'weights'],
          [[[1], [1, 1]], 'wrong-shape', 'weights[0]'],
          [[[1, 1], [-1]], 'weight-out-of-range', 'weights[1][0]'],
        ],
      );
    }
    return true;
  }),
];
