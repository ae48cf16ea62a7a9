/**
 * Right backends whose loss over replicas is wrong (rulings: global batch, per replica).
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import { balanceWalk } from '../../spec/balance.js';
import {
  type Backend,
  type Batch,
  balancedLoss,
  formTriplets,
  globalBatchLoss,
  mineHardSamples,
  perReplicaLoss,
  type ReplicaLoss,
  type ReplicatedStep,
  rectificationGradient,
  rectificationLoss,
  selectMinority,
  shardBatch,
  toProbabilities,
  wholeBatch,
} from '../../spec/index.js';
import { compare } from '../../spec/rectification.js';
import { walkToTriplets } from '../../spec/walk.js';
import { permuteRows } from '../cases/permute.js';
import { composeBackend, scaled } from './compose.js';
import type { WrongBackend } from './wrong-backend.js';

type LossOnReplicas = NonNullable<Backend['lossOnReplicas']>;
type SyncLossOnReplicas = (...given: Parameters<LossOnReplicas>) => ReplicaLoss[];

/** Wrong losses over replicas. */
export const sharding: readonly WrongBackend[] = [
  wrongly(
    'replica-gradient-undone',
    'the gradient divided by the number of replicas, as the engine does once more',
    (...given) => multiplied(given, (replicas) => 1 / replicas),
  ),
  wrongly('replica-gradient-twice', 'the gradient multiplied by the number of replicas twice', (...given) =>
    multiplied(given, (replicas, factor) => factor * replicas),
  ),
  wrongly(
    'replica-gradient-alone',
    'rows of other replicas detached, and the gradient multiplied by nothing',
    (...given) => multiplied(given, () => 1),
  ),
  wrongly(
    'replica-gradient-when-summed',
    'multiplied by the number of replicas under an engine that sums, too',
    (...given) => multiplied(given, (replicas) => replicas),
  ),
  wrongly(
    'replica-value-multiplied',
    'the value multiplied by the number of replicas, as the gradient is',
    (...given) => globalBatchLoss(...given).map((own) => ({ ...own, loss: own.loss * given[0].length })),
  ),
  wrongly(
    'own-rows-first',
    'each replica puts its own samples first, so that ties are broken by rank',
    (shards, options, step) =>
      shards.map((_, r) => {
        const first = <T>(all: readonly T[]) => [all[r] as T, ...all.slice(0, r), ...all.slice(r + 1)];
        const weights = step.weights ? { weights: first(step.weights) } : {};
        return globalBatchLoss(first(shards), options, { ...step, ...weights })[0] as ReplicaLoss;
      }),
  ),
  wrongly(
    'ranks-as-text',
    'the samples of all shards lie in the order of the ranks as text, 10 before 2',
    (shards, options, step) => {
      const order = [...shards.keys()].sort((a, b) => (String(a) < String(b) ? -1 : 1));
      const inOrder = <T>(all: readonly T[]) => order.map((r) => all[r] as T);
      const weights = step.weights ? { weights: inOrder(step.weights) } : {};
      const found = globalBatchLoss(inOrder(shards), options, { ...step, ...weights });
      return shards.map((_, r) => found[order.indexOf(r)] as ReplicaLoss);
    },
  ),
  wrongly(
    'four-replicas-at-most',
    'the gradient is multiplied by 4 where there are more than four replicas',
    (...given) =>
      multiplied(given, (replicas, right) => (right === replicas ? Math.min(4, replicas) : right)),
  ),
  wrongly(
    'minority-by-shard',
    'minority classes selected from the samples of the own shard',
    (shards, options, step) =>
      onWhole(shards, step, (whole, weights, r) => {
        const probable = toProbabilities(whole);
        const selection = selectMinority(shards[r] as Batch, options);
        const hard = mineHardSamples(probable, selection, options);
        const triplets = formTriplets(hard);
        const rectification = rectificationLoss(probable, hard, triplets, options);
        return balanceWalk(whole, probable, { selection, hard, triplets, rectification }, options, weights);
      }),
  ),
  wrongly(
    'padding-counted',
    'shards padded to the largest, and the padding counted as samples of class 0',
    (shards, options, step) => {
      const largest = Math.max(...shards.map(({ size }) => size));
      const padded = shards.map((shard) => padTo(shard, largest));
      const weights = step.weights?.map((own) => [
        ...Array.from(own),
        ...new Array(largest - own.length).fill(0),
      ]);
      const found = globalBatchLoss(padded, options, { ...step, ...(weights ? { weights } : {}) });
      return found.map((own, r) => firstRows(own, (shards[r] as Batch).size));
    },
  ),
  wrongly(
    'labels-offset',
    'gathered labels begin with those of the own shard, gathered scores with those of rank 0',
    (shards, options, step) =>
      onWhole(shards, step, (whole, weights, _, from) => {
        const order = Array.from({ length: whole.size }, (_, i) => (i + from) % whole.size);
        const turned = (labels: NdArray<Uint8Array>) => permuteRows(labels, order) as NdArray<Uint8Array>;
        const { membership, labelled } = whole;
        const wrong = { ...whole, membership: turned(membership), labelled: turned(labelled) };
        return balancedLoss(wrong, options, weights);
      }),
  ),
  wrongly(
    'entropy-of-local-means',
    'the gradient of the cross entropy is that of the mean over the own shard',
    (shards, options, step) => {
      const right = globalBatchLoss(shards, options, step);
      const ofEntropy = globalBatchLoss(shards, { ...options, alpha: 0 }, step);
      const size = shards.reduce((sum, shard) => sum + shard.size, 0);
      return right.map((own, r) => {
        const share = size / shards.length / Math.max(1, (shards[r] as Batch).size);
        const slope = (ofEntropy[r] as ReplicaLoss).gradient;
        return { ...own, gradient: plus(own.gradient, slope, (1 - options.alpha) * (share - 1)) };
      });
    },
  ),
  wrongly(
    'rectification-without-factor',
    'only the cross entropy is multiplied by the number of replicas',
    (shards, options, step) => {
      const right = globalBatchLoss(shards, options, step);
      const ofEntropy = globalBatchLoss(shards, { ...options, alpha: 0 }, step);
      return right.map((own, r) => {
        const factor = step.averaging === 'average' ? shards.length : 1;
        const entropy = scaled((ofEntropy[r] as ReplicaLoss).gradient, 1 - options.alpha);
        const { featureGradient } = own;
        return {
          ...own,
          gradient: plus(entropy, plus(own.gradient, entropy, -1), 1 / factor),
          ...(featureGradient ? { featureGradient: scaled(featureGradient, 1 / factor) } : {}),
        };
      });
    },
  ),
  wrongly(
    'own-anchors-only',
    'the gradient of L_crl reaches own samples as anchors, not as hard samples of other replicas’ anchors',
    (shards, options, step) =>
      onWhole(shards, step, (whole, weights, r, from) => {
        const probable = toProbabilities(whole);
        const walk = walkToTriplets(probable, options);
        const compared = compare(probable, walk.hard, walk.triplets, options);
        const isOwn = (i: number) => i >= from && i < from + (shards[r] as Batch).size;
        const gradient = rectificationGradient(probable, options, {
          ...compared,
          visitSlopes: (visit) =>
            compared.visitSlopes((pair, side, slope) => {
              if (isOwn(pair.anchor)) visit(pair, side, slope);
            }),
        });
        const rectification = { loss: compared.loss, gradient };
        return balanceWalk(whole, probable, { ...walk, rectification }, options, weights);
      }),
  ),
  wrongly(
    'empty-shard-returns-early',
    'a replica with an empty shard returns 0 before it exchanges anything',
    (shards, options, step) =>
      globalBatchLoss(shards, options, step).map((own, r) =>
        shards[r]?.size === 0 ? { ...own, loss: 0 } : own,
      ),
  ),
  wrongly(
    'mean-weight-by-shard',
    'L_crl counts by the mean weight of the own shard',
    (shards, options, step) =>
      onWhole(shards, step, (whole, weights, r) => {
        const right = balancedLoss(whole, options, weights);
        if (weights === undefined) return right;
        const local = Array.from(step.weights?.[r] as ArrayLike<number>);
        const mean = local.reduce((sum, w) => sum + w, 0) / Math.max(1, local.length);
        const ofRectification = balancedLoss(whole, { ...options, alpha: 1 });
        const off = options.alpha * (mean - weights.reduce((sum, w) => sum + w, 0) / weights.length);
        const { featureGradient } = ofRectification;
        return {
          ...right,
          loss: right.loss + off * ofRectification.rectification,
          gradient: plus(right.gradient, ofRectification.gradient, off),
          ...(featureGradient && right.featureGradient
            ? { featureGradient: plus(right.featureGradient, featureGradient, off) }
            : {}),
        };
      }),
  ),
  wrongly(
    'loss-by-shard',
    'each replica computes the loss of its own shard, as a batch in nn.DataParallel is split',
    perReplicaLoss,
  ),
  wrongly(
    'replica-values-averaged',
    'declared per replica, but every replica returns the mean of the losses',
    (...given) => {
      const found = perReplicaLoss(...given);
      const mean = found.reduce((sum, { loss }) => sum + loss, 0) / found.length;
      return found.map((own) => ({ ...own, loss: mean }));
    },
    'per-replica',
  ),
  wrongly(
    'replica-gradient-by-size',
    'declared per replica, but each gradient counts by the size of its shard',
    (shards, ...given) => {
      const size = shards.reduce((sum, shard) => sum + shard.size, 0);
      return perReplicaLoss(shards, ...given).map((own, r) =>
        times(own, ((shards[r] as Batch).size * shards.length) / size),
      );
    },
    'per-replica',
  ),
];

/** A backend that is right on one machine, and wrong over replicas. */
function wrongly(
  id: string,
  error: string,
  lossOnReplicas: SyncLossOnReplicas,
  declared: 'global' | 'per-replica' = 'global',
): WrongBackend {
  const backend = { ...composeBackend(id, {}, { sharding: declared }), lossOnReplicas };
  return { id, error, caughtBy: `${declared === 'global' ? 'global-batch' : declared}-agrees`, backend };
}

/** The right answers with the gradients multiplied by another factor than the right one. */
function multiplied(
  [shards, options, step]: Parameters<LossOnReplicas>,
  factorOf: (replicas: number, right: number) => number,
): ReplicaLoss[] {
  const right = step.averaging === 'average' ? shards.length : 1;
  const factor = factorOf(shards.length, right);
  return globalBatchLoss(shards, options, { ...step, averaging: 'sum' }).map((own) => times(own, factor));
}

/** Each replica computes the loss of the whole batch in its own way, and returns its own rows of the gradient. */
function onWhole(
  shards: readonly Batch[],
  { averaging, weights }: ReplicatedStep,
  lossOf: (whole: Batch, weights: number[] | undefined, replica: number, from: number) => ReplicaLoss,
): ReplicaLoss[] {
  const all = weights?.flatMap((own) => Array.from(own));
  const sizes = shards.map(({ size }) => size);
  const factor = averaging === 'average' ? shards.length : 1;
  return sizes.map((size, r) => {
    const from = sizes.slice(0, r).reduce((sum, one) => sum + one, 0);
    const found = lossOf(wholeBatch(shards), all, r, from);
    return times(rowsFrom(found, from, size), factor);
  });
}

function times({ loss, gradient, featureGradient }: ReplicaLoss, factor: number): ReplicaLoss {
  const features = featureGradient ? { featureGradient: scaled(featureGradient, factor) } : {};
  return { loss, gradient: scaled(gradient, factor), ...features };
}

/** a + w·b, entry by entry. */
function plus(a: NdArray, b: NdArray, w: number): NdArray<Float64Array> {
  const sum = scaled(a, 1);
  const added = scaled(b, w).data;
  sum.data.forEach((x, at) => {
    sum.data[at] = x + (added[at] as number);
  });
  return sum;
}

function rowsFrom({ loss, gradient, featureGradient }: ReplicaLoss, from: number, size: number): ReplicaLoss {
  const rows = (a: NdArray) =>
    scaled(
      a.shape.length === 2
        ? a.lo(from, 0).hi(size, a.shape[1] as number)
        : a.lo(0, from, 0).hi(a.shape[0] as number, size, a.shape[2] as number),
      1,
    );
  const features = featureGradient ? { featureGradient: rows(featureGradient) } : {};
  return { loss, gradient: rows(gradient), ...features };
}

function firstRows(own: ReplicaLoss, size: number): ReplicaLoss {
  return rowsFrom(own, 0, size);
}

/** A shard with rows of zeros behind its own, each a labelled sample of class 0 of every attribute. */
function padTo(shard: Batch, size: number): Batch {
  const missing = size - shard.size;
  if (missing === 0) return shard;
  const empty = shardBatch(shard, [0, shard.size])[0] as Batch;
  const padding = <T extends Uint8Array | Float64Array>(like: NdArray<T>, set?: (row: number[]) => void) => {
    const row = new Array<number>(like.shape[1] as number).fill(0);
    set?.(row);
    const Numbers = like.data.constructor as new (numbers: number[]) => T;
    return ndarray(new Numbers(Array.from({ length: missing }, () => row).flat()), [missing, row.length]);
  };
  const ofFirstClass = (row: number[]) => {
    if (shard.encoding === 'one-attribute') return;
    for (const { columns } of shard.attributes) row[columns[0] as number] = 1;
  };
  const { features } = empty;
  const rest: Batch = {
    ...empty,
    size: missing,
    membership: padding(empty.membership, ofFirstClass),
    labelled: padding(empty.labelled, (row) => row.fill(1)),
    scores: padding(empty.scores),
    ...(features ? { features: { ...features, matrices: features.matrices.map((m) => padding(m)) } } : {}),
  };
  return wholeBatch([shard, rest]);
}
