/**
 * Right backends whose steps of replicas are wrong in what they read, write or keep: each step alone, on few samples in
 * contiguous arrays, is right.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import ops from 'ndarray-ops';
import {
  type Backend,
  type Batch,
  globalBatchLoss,
  joinRows,
  type ReplicaLoss,
  toProbabilities,
} from '../../spec/index.js';
import { composeBackend } from './compose.js';
import { sum } from './replace.js';
import type { WrongBackend } from './wrong-backend.js';

type Given = Parameters<NonNullable<Backend['lossOnReplicas']>>;

/** Wrong steps of replicas. */
export const replicaSteps: readonly WrongBackend[] = [
  stepping(
    'replicas-write-probabilities',
    'logits of the shards are replaced by their probabilities, in the arrays that were given',
    'replicas-independent',
    () =>
      (...given) => {
        const found = globalBatchLoss(...given);
        for (const shard of given[0])
          if (shard.fromLogits && shard.size > 0) ops.assign(shard.scores, toProbabilities(shard).scores);
        return found;
      },
  ),
  stepping(
    'replicas-share-a-buffer',
    'gradients of replicas lie in memory that the next step uses again',
    'replicas-independent',
    () => {
      const buffers = new Map<string, NdArray<Float64Array>>();
      return (...given) =>
        globalBatchLoss(...given).map((own, r) => {
          const key = `${r} ${own.gradient.shape}`;
          const buffer = buffers.get(key) ?? (own.gradient as NdArray<Float64Array>);
          buffers.set(key, buffer);
          ops.assign(buffer, own.gradient);
          return { ...own, gradient: buffer };
        });
    },
  ),
  stepping(
    'replicas-keep-options',
    'the options of the first step with these shards hold for later ones',
    'replicas-independent',
    () => {
      const known = new WeakMap<object, Given[1]>();
      return (shards, options, step) => {
        const { data } = (shards[0] as Batch).scores;
        const held = known.get(data) ?? options;
        known.set(data, held);
        return globalBatchLoss(shards, { ...held, level: options.level }, step);
      };
    },
  ),
  stepping(
    'replicas-keep-gathered-rows',
    'the shards of all replicas are gathered once for the same arrays, which a caller may fill again',
    'replicas-independent',
    () => {
      const known = new WeakMap<object, { options: string; found: ReplicaLoss[] }>();
      return (shards, options, step) => {
        const { data } = (shards[0] as Batch).scores;
        const asked = JSON.stringify([options, step.averaging]);
        const held = known.get(data);
        if (held?.options === asked) return held.found;
        const found = globalBatchLoss(shards, options, step);
        known.set(data, { options: asked, found });
        return found;
      };
    },
  ),
  stepping(
    'replicas-keep-weights',
    'the sample weights of a step hold for the next one of the same sizes, if that has none',
    'replicas-independent',
    () => {
      let last: { sizes: string; weights: Given[2]['weights'] } | undefined;
      return (shards, options, step) => {
        const sizes = String(shards.map(({ size }) => size));
        if (step.weights) last = { sizes, weights: step.weights };
        const weights = step.weights ?? (last?.sizes === sizes ? last.weights : undefined);
        return globalBatchLoss(shards, options, { ...step, ...(weights ? { weights } : {}) });
      };
    },
  ),
  stepping(
    'replicas-keep-averaging',
    'whether the engine averages or sums is taken from the first step',
    'replicas-independent',
    () => {
      let first: Given[2]['averaging'] | undefined;
      return (shards, options, step) => {
        first ??= step.averaging;
        return globalBatchLoss(shards, options, { ...step, averaging: first });
      };
    },
  ),
  reweighting(
    'replicas-keep-weight-lists',
    'the sample weights of replicas are kept by the lists that held them, which a caller may fill again',
    'replicas-independent',
    () => {
      const known = new WeakMap<object, Weights>();
      return (weights) => {
        const [first] = weights as unknown as readonly [object];
        const held = known.get(first) ?? copied(weights);
        known.set(first, held);
        return isAlike(held, weights) ? held : weights;
      };
    },
  ),
  reweighting(
    'replicas-keep-weights-by-sum',
    'the sample weights of the step before hold where their number and their sum are the same',
    'replicas-independent',
    () => {
      let last: { readonly key: string; readonly held: Weights } | undefined;
      return (weights) => {
        const key = [
          ...weights.map(({ length }) => length),
          sum(weights.flatMap((own) => Array.from(own))),
        ].join();
        if (last?.key !== key) last = { key, held: copied(weights) };
        return last.held;
      };
    },
  ),
  reweighting(
    'replicas-weights-in-float32',
    'a float64 backend takes the sample weights of replicas in float32',
    'global-batch-agrees',
    () => (weights) => weights.map((own) => Array.from(own, Math.fround)),
  ),
  {
    ...reweighting(
      'replicas-weights-to-1024',
      'over replicas, samples after the 1,024th count by 1',
      'replicas-at-scale',
      () => (weights) => {
        let at = 0;
        return weights.map((own) => Array.from(own, (w) => (at++ < 1024 ? w : 1)));
      },
    ),
    least: 1025,
  },
  {
    ...stepping(
      'replicas-sizes-in-a-byte',
      'replicas tell each other the sizes of their shards in a byte: later ones return the rows of others',
      'replicas-at-scale',
      () =>
        (...given) => {
          const [shards] = given;
          const found = globalBatchLoss(...given);
          const whole = joinRows(found.map(({ gradient }) => gradient));
          let from = 0;
          return found.map((own, r) => {
            const size = (shards[r] as Batch).size;
            const gradient = whole.lo(from, 0).hi(size, whole.shape[1] as number);
            from += size & 255;
            return { ...own, gradient };
          });
        },
    ),
    least: 257,
  },
  stepping(
    'replicas-classes-in-a-signed-byte',
    'labels are gathered in signed bytes: samples of classes past the 128th are unlabelled',
    'replicas-at-scale',
    () =>
      (shards, ...rest) =>
        globalBatchLoss(shards.map(withoutLaterClasses), ...rest),
  ),
  stepping(
    'replicas-share-a-mailbox',
    'steps that are asked at once take the options of the last one',
    'replicas-independent',
    () => {
      let posted: Given[1] | undefined;
      return async (shards, options, step) => {
        posted = options;
        await Promise.resolve();
        return globalBatchLoss(shards, { ...posted, level: options.level }, step);
      };
    },
  ),
  stepping(
    'replicas-share-slots',
    'steps that are asked at once, of shards of the same sizes, take the shards of the last one',
    'replicas-independent',
    () => {
      let slots: Given[0] = [];
      return async (shards, options, step) => {
        slots = shards;
        await Promise.resolve();
        const isLike =
          slots.length === shards.length && slots.every((own, r) => own.size === shards[r]?.size);
        return globalBatchLoss(isLike ? slots : shards, options, step);
      };
    },
  ),
  agreeing('replicas-read-contiguous', 'the arrays of shards are read without their strides', (batch) => ({
    ...batch,
    membership: contiguous(batch.membership),
    labelled: contiguous(batch.labelled),
    scores: contiguous(batch.scores),
  })),
  agreeing(
    'replicas-of-eight-attributes',
    'over replicas, the labels of a sample lie in the bits of a byte: later attributes are unlabelled',
    (batch) => withoutLaterAttributes(batch, 8),
  ),
  stepping(
    'replicas-mine-sixteen',
    'over replicas, κ is 16 at most',
    'global-batch-agrees',
    () => (shards, options, step) =>
      globalBatchLoss(shards, { ...options, kappa: Math.min(16, options.kappa) }, step),
  ),
];

/** A right backend whose steps of replicas are made by a function with a memory of its own. */
function stepping(
  id: string,
  error: string,
  caughtBy: string,
  make: () => (...given: Given) => ReplicaLoss[] | Promise<ReplicaLoss[]>,
): WrongBackend {
  const backend = { ...composeBackend(id, {}, { sharding: 'global' }), lossOnReplicas: make() };
  return { id, error, caughtBy, backend };
}

type Weights = NonNullable<Given[2]['weights']>;

/** A right backend that takes other sample weights than it is given. */
function reweighting(
  id: string,
  error: string,
  caughtBy: string,
  make: () => (weights: Weights) => Weights,
): WrongBackend {
  return stepping(id, error, caughtBy, () => {
    const taken = make();
    return (shards, options, step) =>
      globalBatchLoss(shards, options, step.weights ? { ...step, weights: taken(step.weights) } : step);
  });
}

function copied(weights: Weights): Weights {
  return weights.map((own) => Array.from(own));
}

/** Whether the lists are as long as the others. */
function isAlike(weights: Weights, others: Weights): boolean {
  return weights.length === others.length && weights.every(({ length }, r) => length === others[r]?.length);
}

/** A backend that reads each shard wrongly. */
function agreeing(id: string, error: string, read: (shard: Batch) => Batch): WrongBackend {
  return stepping(
    id,
    error,
    'global-batch-agrees',
    () =>
      (shards, ...rest) =>
        globalBatchLoss(shards.map(read), ...rest),
  );
}

/** A categorical batch whose samples of classes past the 128th are unlabelled. */
function withoutLaterClasses(batch: Batch): Batch {
  if (batch.encoding !== 'categorical') return batch;
  const { membership, labelled, attributes } = batch;
  const isLater = (i: number, j: number) =>
    (attributes[j]?.columns ?? []).slice(128).some((column) => membership.get(i, column) === 1);
  return {
    ...batch,
    labelled: kept(labelled, (i, j) => !isLater(i, j)),
    membership: kept(membership, (i, c) => !isLater(i, batch.columns[c]?.attribute as number)),
  };
}

/** A copy with 0 in the entries that are not kept. */
function kept(
  array: NdArray<Uint8Array>,
  isKept: (row: number, column: number) => boolean,
): NdArray<Uint8Array> {
  const [rows, columns] = array.shape as [number, number];
  const copy = ndarray(new Uint8Array(array.size), [rows, columns]);
  for (let i = 0; i < rows; i++)
    for (let c = 0; c < columns; c++) copy.set(i, c, isKept(i, c) ? array.get(i, c) : 0);
  return copy;
}

function contiguous<T extends Uint8Array | Float64Array>({ data, shape }: NdArray<T>): NdArray<T> {
  return ndarray(data, [...shape]);
}

function withoutLaterAttributes(batch: Batch, count: number): Batch {
  return {
    ...batch,
    labelled: kept(batch.labelled, (_, j) => j < count),
    membership: kept(batch.membership, (_, c) => (batch.columns[c]?.attribute as number) < count),
  };
}
