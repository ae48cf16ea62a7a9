/**
 * A batch that is spread over the replicas of a data-parallel engine (rulings: global batch, per replica).
 *
 * L is not additive over shards: a shard has other class sizes, other minority classes and other hard samples
 * than the whole batch has, and a mean of the shards' means is another mean where shards differ in size. So the
 * loss of the ruling `global batch` is that of the whole batch, of which each replica returns its own part.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import ops from 'ndarray-ops';
import { balancedLoss } from './balance.js';
import type { Averaging, BalancedOptions, Batch, Features, ReplicaLoss, ReplicatedStep } from './contract.js';
import { described, outOfRange } from './errors.js';
import { checkWeights } from './weights.js';

type Numbers = Float64Array | Float32Array | Uint8Array;

/**
 * Cuts a batch into shards: the first `sizes[0]` samples are those of replica 0, and so on.
 *
 * @param sizes - n_r of each replica; they add up to n, and some may be 0
 * @returns shards that own their memory
 * @throws InputRangeError - if the sizes are not whole numbers ≥ 0 that add up to n
 * @example
 * ```ts
 * import { createBatch, shardBatch } from 'class-rectification/spec';
 * const batch = createBatch({ attributes: [2], labels: [[0], [1], [1]], scores: [[1, 0], [0, 1], [0, 1]] });
 * shardBatch(batch, [2, 0, 1]).map(({ size }) => size); // → [2, 0, 1]
 * ```
 */
export function shardBatch(batch: Batch, sizes: readonly number[]): Batch[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (sizes.some((size) => !Number.isSafeInteger(size) || size < 0) || total !== batch.size) {
    const expected = `whole numbers ≥ 0 that add up to ${batch.size}, the samples of the batch`;
    outOfRange('wrong-shape', 'sizes', expected, sizes);
  }
  let from = 0;
  return sizes.map((size) => {
    const first = from;
    from += size;
    return withRows(batch, size, (rows) => sliceRows(rows, first, size));
  });
}

/**
 * The whole batch: the samples of all shards in rank-major order (ruling: global batch). Ties between samples of
 * different shards are broken by this order, which is the same on every replica.
 *
 * @throws InputRangeError - if there is no sample at all
 * @example
 * ```ts
 * import { createBatch, shardBatch, wholeBatch } from 'class-rectification/spec';
 * const batch = createBatch({ attributes: [2], labels: [[0], [1], [1]], scores: [[1, 0], [0, 1], [0, 1]] });
 * wholeBatch(shardBatch(batch, [1, 2])).size; // → 3
 * ```
 */
export function wholeBatch(shards: readonly Batch[]): Batch {
  const size = shards.reduce((sum, shard) => sum + shard.size, 0);
  if (size === 0)
    outOfRange('empty-batch', 'shards', 'at least one sample in all of them', described('none'));
  const [first] = shards as [Batch, ...Batch[]];
  shards.forEach((shard, r) => {
    const differs = differenceOf(first, shard);
    if (differs !== undefined)
      outOfRange('wrong-shape', `shards[${r}]`, `the same ${differs} as in shards[0]`, described('another'));
  });
  return withRows(first, size, (_, rowsOf) => joinRows(shards.map(rowsOf)));
}

/**
 * What each of W replicas returns under the ruling `global batch`: the **value** L of the whole batch, and the
 * **gradient** of W·(α·w̄·L_crl of the whole batch with only its own rows live + (1−α)·(1/n)·Σ of its own w_i·ce_i),
 * with the whole batch's n and w̄. An engine that averages the gradients of parameters over W replicas divides by W
 * and has ∂L; under one that sums, the factor is 1.
 *
 * Every score and every feature is a variable of its own, so the derivative with only the own rows live is the
 * own rows of the whole derivative. An empty shard gives a gradient of no rows.
 *
 * @throws InputTypeError, InputRangeError - as `balancedLoss`, and if the shards do not fit together
 * @example
 * ```ts
 * import { createBatch, globalBatchLoss, resolveOptions, shardBatch } from 'class-rectification/spec';
 * const scores = [[0.25, 0.75], [0.25, 0.75], [0.5, 0.5], [0.5, 0.5]];
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [1], [1]], scores });
 * const options = { ...resolveOptions(batch), alpha: 1 };
 * const [first, second] = globalBatchLoss(shardBatch(batch, [3, 1]), options, { averaging: 'average' });
 * [first.loss, second.loss, second.gradient.shape]; // → [0.75, 0.75, [1, 2]]
 * ```
 */
export function globalBatchLoss(
  shards: readonly Batch[],
  options: BalancedOptions,
  { averaging, weights }: ReplicatedStep,
): ReplicaLoss[] {
  const whole = wholeBatch(shards);
  if (weights !== undefined) checkShardWeights(shards, weights);
  const all = weights?.flatMap((own) => Array.from(own));
  const { loss, gradient, featureGradient } = balancedLoss(whole, options, all);
  const factor = replicaFactor(averaging, shards.length);
  let from = 0;
  return shards.map(({ size }) => {
    const first = from;
    const own = <T extends Numbers>(slopes: NdArray<T>) => scaled(factor, sliceRows(slopes, first, size));
    from += size;
    return {
      loss,
      gradient: own(gradient),
      ...(featureGradient ? { featureGradient: own(featureGradient) } : {}),
    };
  });
}

/**
 * What each replica returns under the ruling `per replica`: the loss and the gradient of its own shard, as if
 * there were no other. This is another loss than that of the whole batch. An empty shard has loss 0.
 *
 * @throws InputTypeError, InputRangeError - as `balancedLoss`, and if the shards do not fit together
 * @example
 * ```ts
 * import { createBatch, perReplicaLoss, resolveOptions, shardBatch } from 'class-rectification/spec';
 * const scores = [[0.25, 0.75], [0.25, 0.75], [0.5, 0.5], [0.5, 0.5]];
 * const batch = createBatch({ attributes: [2], labels: [[0], [0], [1], [1]], scores });
 * const options = { ...resolveOptions(batch), alpha: 1 };
 * const replicas = perReplicaLoss(shardBatch(batch, [2, 2]), options, { averaging: 'average' });
 * replicas.map(({ loss }) => loss); // → [0, 0]
 * ```
 */
export function perReplicaLoss(
  shards: readonly Batch[],
  options: BalancedOptions,
  { weights }: ReplicatedStep,
): ReplicaLoss[] {
  wholeBatch(shards);
  if (weights !== undefined) checkShardWeights(shards, weights);
  return shards.map((shard, r) => {
    if (shard.size === 0) return emptyShardLoss(shard, options);
    const { loss, gradient, featureGradient } = balancedLoss(shard, options, weights?.[r]);
    return { loss, gradient, ...(featureGradient ? { featureGradient } : {}) };
  });
}

/** The factor of a replica's gradient: what an averaging engine of W replicas divides by (ruling: global batch). */
export function replicaFactor(averaging: Averaging, replicas: number): number {
  return averaging === 'average' ? replicas : 1;
}

/** Joins arrays of the contract, n_r×w or J×n_r×w, along the samples, in rank-major order. */
export function joinRows<T extends Numbers>(parts: readonly NdArray<T>[]): NdArray<T> {
  const [first] = parts as [NdArray<T>, ...NdArray<T>[]];
  const at = first.shape.length - 2;
  const rows = parts.reduce((sum, { shape }) => sum + (shape[at] as number), 0);
  const joined = zeros(first, rows);
  let from = 0;
  for (const part of parts) {
    const size = part.shape[at] as number;
    ops.assign(rowsOf(joined, from, size), part);
    from += size;
  }
  return joined;
}

function checkShardWeights(shards: readonly Batch[], weights: readonly ArrayLike<number>[]): void {
  if (weights.length !== shards.length)
    outOfRange('wrong-shape', 'weights', `${shards.length} lists, one per shard`, weights.length);
  shards.forEach(({ size }, r) => {
    checkWeights(weights[r] as ArrayLike<number>, size, `weights[${r}]`);
  });
}

function emptyShardLoss({ scores, features }: Batch, { level }: BalancedOptions): ReplicaLoss {
  const gradient = zeros(scores, 0);
  if (level === 'class' || features === undefined) return { loss: 0, gradient };
  const { perAttribute, matrices, width } = features;
  const shape = perAttribute ? [matrices.length, 0, width] : [0, width];
  return { loss: 0, gradient, featureGradient: ndarray(new Float64Array(0), shape) };
}

/** What two shards do not share; undefined if they fit together. */
function differenceOf(a: Batch, b: Batch): string | undefined {
  const classes = ({ attributes }: Batch) => attributes.map((each) => each.classes.length).join();
  const vectors = ({ features }: Batch) =>
    features && [features.width, features.perAttribute, features.matrices.length].join();
  if (a.encoding !== b.encoding || classes(a) !== classes(b)) return 'encoding and numbers of classes';
  if (a.scored !== b.scored || a.fromLogits !== b.fromLogits) return 'kind of scores';
  return vectors(a) === vectors(b) ? undefined : 'shape of features';
}

/** One of a batch's arrays with a row per sample. */
type RowsOf = (batch: Batch) => NdArray<Numbers>;

/** The batch with other rows in each of its arrays. */
function withRows(
  batch: Batch,
  size: number,
  other: (rows: NdArray<Numbers>, rowsOf: RowsOf) => NdArray<Numbers>,
): Batch {
  const of = <T extends Numbers>(get: (from: Batch) => NdArray<T>) => other(get(batch), get) as NdArray<T>;
  const { features } = batch;
  const matrix = (j: number) =>
    of((from) => (from.features as Features).matrices[j] as NdArray<Float64Array>);
  return {
    ...batch,
    size,
    membership: of((from) => from.membership),
    labelled: of((from) => from.labelled),
    scores: of((from) => from.scores),
    ...(features ? { features: { ...features, matrices: features.matrices.map((_, j) => matrix(j)) } } : {}),
  };
}

/** A copy of some rows of an array, n×w or J×n×w. */
function sliceRows<T extends Numbers>(a: NdArray<T>, first: number, size: number): NdArray<T> {
  const rows = zeros(a, size);
  ops.assign(rows, rowsOf(a, first, size));
  return rows;
}

/** A view of some rows of an array, n×w or J×n×w. */
function rowsOf<T extends Numbers>(a: NdArray<T>, first: number, size: number): NdArray<T> {
  if (a.shape.length === 2) return a.lo(first, 0).hi(size, a.shape[1] as number);
  return a.lo(0, first, 0).hi(a.shape[0] as number, size, a.shape[2] as number);
}

/** Zeros of the same type and shape, but for the number of rows. */
function zeros<T extends Numbers>(like: NdArray<T>, rows: number): NdArray<T> {
  const shape = [...like.shape];
  shape[shape.length - 2] = rows;
  const Numbers = like.data.constructor as new (length: number) => T;
  return ndarray(new Numbers(shape.reduce((a, b) => a * b, 1)), shape);
}

function scaled<T extends Numbers>(factor: number, a: NdArray<T>): NdArray<T> {
  ops.mulseq(a, factor);
  return a;
}
