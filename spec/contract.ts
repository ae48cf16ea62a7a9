/**
 * The contract between the specification and a backend: types only.
 *
 * The loss is a walk of five stages; a backend has one operation for each, under the stage's name.
 * The first four take the *specification's* result of the stage before, so that one fault shows
 * once. The fifth, {@link Backend.balancedLoss}, is the whole walk, and is what training calls.
 *
 * Symbols: n samples, J attributes, K_j classes of attribute j, C = ΣK_j class columns,
 * S score columns (S = C for categorical labels).
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import type { AnchorChoice, Comparison, Encoding, Level, Stage } from './choices.js';

export type { AnchorChoice, Comparison, Encoding, Level, Stage };

/** One attribute j: its name, and the names of its classes Z_j. */
export interface Attribute {
  readonly name: string;
  /** Names of the K_j classes, in class-index order. */
  readonly classes: readonly string[];
  /** Positions of its classes among the batch's class columns, in class-index order. */
  readonly columns: readonly number[];
}

/**
 * One class of one attribute as a column: the score of sample i on it is
 * `sign · scores[i][score]`. The sign is −1 for the absent side of a binary label, which is ranked
 * and compared on p(present) in reverse (ruling: multi-label data), else 1.
 */
export interface ClassColumn {
  readonly attribute: number;
  readonly class: number;
  readonly score: number;
  readonly sign: 1 | -1;
}

/** What stays the same from batch to batch. */
export interface Schema {
  readonly encoding: Encoding;
  readonly attributes: readonly Attribute[];
  /** C class columns, attribute-major. */
  readonly columns: readonly ClassColumn[];
  /** S, the width of `scores`. */
  readonly scoreWidth: number;
  /**
   * Of each of the S score columns, the class column whose presence it scores: in `multi-label` the
   * present side of its label (the absent side is read in reverse), else the class column itself.
   */
  readonly presence: readonly number[];
  /** The width of `labels`: J, in `one-attribute` S. */
  readonly labelWidth: number;
  /** True if scores are logits; only {@link Backend.balancedLoss} accepts those. */
  readonly fromLogits: boolean;
}

/** A mini-batch, checked and encoded; made by `createBatch`. */
export interface Batch extends Schema {
  /** n. */
  readonly size: number;
  /** Y, n×C of 0/1: sample i is of class column c. */
  readonly membership: NdArray<Uint8Array>;
  /** n×J of 0/1: sample i is labelled for attribute j. */
  readonly labelled: NdArray<Uint8Array>;
  /** n×S: probabilities, or logits if `fromLogits`. Float64, kept as given; NaN if there are none. */
  readonly scores: NdArray<Float64Array>;
  /** Whether there are scores: at instance level L_crl needs none. */
  readonly scored: boolean;
  /** For instance level. */
  readonly features?: Features;
}

/** Feature vectors, used as given, never normalised (ruling: features). */
export interface Features {
  /** d, the length of a vector. */
  readonly width: number;
  /** False: one matrix, shared by all attributes. */
  readonly perAttribute: boolean;
  /** n×d each: one, or J. */
  readonly matrices: readonly NdArray<Float64Array>[];
}

/** The choices that shape L_crl, complete; made by `resolveOptions`. */
export interface Options {
  /** ρ in (0, 1]: the share of labelled samples that minority classes may hold together. */
  readonly rho: number;
  /** κ ≥ 1: how many hard positives, and how many hard negatives, an anchor has at most. */
  readonly kappa: number;
  readonly level: Level;
  readonly comparison: Comparison;
  /** Which members of a surviving minority class are anchors (rulings: anchors, easy anchors). */
  readonly anchors: AnchorChoice;
  /** m_j ≥ 0, one per attribute (Eq. 12); m_ac of the absolute comparison is the same. */
  readonly margin: readonly number[];
  /** τ ≥ 2: nodes of the histograms (Eq. 14). */
  readonly bins: number;
  /** [lo, hi] of the histograms. */
  readonly range: readonly [number, number];
}

/** {@link Options} and the weight of L_crl in the balanced loss. */
export interface BalancedOptions extends Options {
  /** α in [0, 1] (Eq. 8). */
  readonly alpha: number;
}

/** Result of `selectMinority` (Eq. 3). */
export interface MinoritySelection {
  /** h^j_k: for each attribute, the batch's count of samples in each class. */
  readonly profile: readonly (readonly number[])[];
  /** For each attribute, the surviving minority classes, ascending. */
  readonly minority: readonly (readonly number[])[];
}

/** One anchor: a sample seen as a member of one surviving minority class. */
export interface Anchor {
  readonly sample: number;
  readonly attribute: number;
  readonly class: number;
  /** At most κ samples of the class, the anchor excluded, hardest first. */
  readonly positives: readonly number[];
  /** At most κ labelled samples not of the class, hardest first. */
  readonly negatives: readonly number[];
}

/** Result of `mineHardSamples` (Eq. 4 to 7): anchors ordered by attribute, class, sample. */
export interface HardSamples {
  readonly anchors: readonly Anchor[];
}

/** Result of `formTriplets`: |T|×5 rows (anchor, positive, negative, attribute, class), in the ruled order. */
export type Triplets = NdArray<Int32Array>;

/** Result of `rectificationLoss` (Eq. 9, 13 or 16): L_crl and its derivative. */
export interface RectificationLoss {
  readonly loss: number;
  /**
   * With respect to the scores, n×S, at class level; at instance level with respect to the
   * features, n×d if they are shared, else J×n×d.
   */
  readonly gradient: NdArray<Float64Array | Float32Array>;
}

/** Counts of one walk. */
export interface Statistics extends MinoritySelection {
  /** Number of anchors, |X_min|. */
  readonly anchors: number;
  /** Number of triplets, |T|. */
  readonly triplets: number;
}

/** Result of `balancedLoss` (Eq. 8). */
export interface BalancedLoss {
  /** L = α·L_crl + (1−α)·L_ce. */
  readonly loss: number;
  /** L_crl. */
  readonly rectification: number;
  /** L_ce (Eq. 2). */
  readonly crossEntropy: number;
  /** ∂L/∂scores, n×S; with respect to the logits if the batch holds logits. */
  readonly gradient: NdArray<Float64Array | Float32Array>;
  /** ∂L/∂features at instance level: n×d if they are shared, else J×n×d. */
  readonly featureGradient?: NdArray<Float64Array | Float32Array>;
  readonly statistics: Statistics;
}

/** What a backend can do. The suite runs what is declared, and reports the rest as skipped. */
export interface Capabilities {
  readonly encodings: readonly Encoding[];
  readonly levels: readonly Level[];
  readonly comparisons: readonly Comparison[];
  /** The choices of anchors. Default `['all']`, which every backend has. */
  readonly anchors?: readonly AnchorChoice[];
  /** Whether gradients are computed. */
  readonly gradient: boolean;
  /** The arithmetic it computes in; a `float32` backend is given scores that float32 holds exactly. */
  readonly precision: 'float32' | 'float64';
  /**
   * How it computes: on host arrays at once (`sync`), on host arrays later (`async`: cannot train,
   * since a tfjs loss is synchronous), or on tensors (`tensor`: has {@link Backend.tensorLoss}).
   */
  readonly execution: 'sync' | 'async' | 'tensor';
  /**
   * Whether its loss can weigh samples: true if what {@link Backend.tensorLoss} returns has
   * {@link TensorLoss.perSample}. Default false: such a backend gives L as a whole, so a loss made from
   * it stays a scalar.
   */
  readonly perSample?: boolean;
  /**
   * What its loss is of a batch that is spread over the replicas of a data-parallel engine: that of the whole
   * batch (`global`, ruling: global batch), that of each replica's own shard (`per-replica`, ruling: per replica),
   * or nothing, since it knows of no replicas (`none`). Default `none`. The other two have
   * {@link Backend.lossOnReplicas}.
   */
  readonly sharding?: 'global' | 'per-replica' | 'none';
  /** Stages that it does not have on their own, each with the reason. */
  readonly missing?: Partial<Record<Exclude<Stage, 'balancedLoss'>, string>>;
}

/** A value now or later. */
export type Awaitable<T> = T | Promise<T>;

/**
 * The inputs of a loss on tensors. Scores and features are differentiated, labels are not.
 *
 * - `labels`, n×S: one-hot rows for categorical labels (all zero: unlabelled), else 0 and 1
 *   (−1: unlabelled).
 * - `scores`, n×S.
 * - `features`, at instance level: n×d if all attributes share them, else J×n×d.
 * - `alpha` overrides the options, for this call only: a schedule changes it from step to step.
 *
 * The tensors are the caller's: a loss neither writes to them nor disposes of them. One loss may be called several
 * times before derivatives are taken, and what it returned keeps its numbers after later calls.
 */
export type TensorLossInputs<Tensor> = [labels: Tensor, scores: Tensor, features?: Tensor, alpha?: number];

/** What {@link Backend.tensorLoss} makes: called, it returns L, a scalar. */
// biome-ignore lint/suspicious/noExplicitAny: see the type parameter of Backend
export interface TensorLoss<Tensor = any> {
  (...inputs: TensorLossInputs<Tensor>): Tensor;
  /**
   * One loss per sample, n numbers whose mean is L: α·L_crl + (1−α)·ce_i, where ce_i is the cross
   * entropy of sample i, so that L_ce = (1/n)·Σ ce_i. An unlabelled sample has ce_i = 0.
   *
   * L_crl compares samples and belongs to all of them: for an upstream derivative δ of n numbers the
   * derivative is α·(Σ_i δ_i)·∂L_crl/∂· + (1−α)·Σ_i δ_i·∂ce_i/∂·, for scores and features alike.
   * `mean(w · perSample(…))` is therefore L with sample weights w (ruling: sample weights).
   *
   * Present if and only if the backend declares {@link Capabilities.perSample}.
   */
  readonly perSample?: (...inputs: TensorLossInputs<Tensor>) => Tensor;
}

/** Options of a training step. */
export interface TrainingStep {
  /** The α that the loss is made with; the step then passes the α of the options, as a schedule does. Default: the same α. */
  readonly madeAt?: number;
  /** Whether the step passes no α, so that the one that the loss was made with holds. Default false. */
  readonly withoutAlpha?: boolean;
  /** A factor of the loss, applied before it is differentiated; the results are divided by it. Default 1. */
  readonly weight?: number;
  /**
   * Batches that the same loss is given in steps before this one, which pass 1 − α; each may be evaluated after its
   * step. A `tensorLoss` is given one of the size of this step's batch again before the results of this step are
   * read, as if gradients were accumulated. Default: none.
   */
  readonly before?: readonly Batch[];
  /** w_i, one per sample: the step takes mean(w · losses of the samples) instead of the scalar loss. Default: none. */
  readonly weights?: ArrayLike<number>;
  /** Whether the loss is made with an observer, if the backend computes on tensors. Default false. */
  readonly observed?: boolean;
  /** The type of the labels' tensor; labels that are −1 are `int32` where `bool` is asked for. Default `float32`. */
  readonly labels?: 'float32' | 'int32' | 'bool';
  /** Whether L is also computed without a derivative, as `model.evaluate` does, before the step. Default false. */
  readonly evaluated?: boolean;
  /**
   * A second loss of the same backend, made with options of its own: it steps first, and then both are
   * differentiated together, in one tape. With `isSameLoss` the loss itself is given both batches, as with two
   * augmented views of one; the options are the same then. Default: none.
   */
  readonly beside?: {
    readonly batch: Batch;
    readonly options: BalancedOptions;
    readonly isSameLoss?: boolean;
  };
}

/** L as training computes it, and its gradients, row by row. */
export interface TrainingResult {
  readonly loss: number;
  /** n×S. */
  readonly gradient: ArrayLike<number>;
  /** n×d or J×n×d, at instance level. */
  readonly featureGradient?: ArrayLike<number>;
  /** The shape of what the loss returned: of L none, of the losses of the samples n. Default: not told. */
  readonly shape?: readonly number[];
  /** With weights: the loss of each sample, before it is weighted. */
  readonly sampleLosses?: ArrayLike<number>;
  /** How often the observer was called, if there is one. */
  readonly observed?: number;
  /** L computed without a derivative, if it was asked for. */
  readonly evaluated?: number;
  /** The caller's tensors that the loss disposed of: there must be none. Default: none. */
  readonly disposed?: readonly string[];
  /** The caller's tensors whose numbers the loss changed: there must be none. Default: none. */
  readonly written?: readonly string[];
  /** The result of the loss beside this one, if there is one. */
  readonly beside?: TrainingResult;
}

/** What a data-parallel engine does with the gradients of its replicas. DistributedDataParallel and FSDP average them. */
export type Averaging = 'average' | 'sum';

/** How the replicas of a data-parallel engine take a step together. */
export interface ReplicatedStep {
  readonly averaging: Averaging;
  /** w_i of each shard's samples. Default: 1 for all. */
  readonly weights?: readonly ArrayLike<number>[];
}

/** What one replica returns: a loss, and its derivative with respect to the replica's own inputs. */
export interface ReplicaLoss {
  readonly loss: number;
  /** n_r×S, for n_r samples of the replica; with respect to the logits if the shard holds logits. */
  readonly gradient: NdArray<Float64Array | Float32Array>;
  /** At instance level: n_r×d if the features are shared, else J×n_r×d. */
  readonly featureGradient?: NdArray<Float64Array | Float32Array>;
}

/**
 * A backend: the five stages, computed somehow.
 *
 * Arguments are complete and valid, and must not be written to. Results must not alias memory that
 * a later call overwrites.
 *
 * @typeParam Tensor - the tensor type of a `tensor` backend (tfjs's `Tensor`); `any`, since `unknown`
 * would refuse every such backend
 */
// biome-ignore lint/suspicious/noExplicitAny: see @typeParam
export interface Backend<Tensor = any> {
  readonly name: string;
  /** The engine it computes on, if it can use several, such as tfjs's `cpu` or `wasm`. */
  readonly engine?: string;
  /** What a GPU engine computes on, as it names itself, such as `SwiftShader driver 5.0.0 (software)`. */
  readonly adapter?: string;
  /** The versions of the packages that it computes with, by name: a report tells them. Default: none. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly supports: Capabilities;
  selectMinority?(batch: Batch, options: Options): Awaitable<MinoritySelection>;
  mineHardSamples?(batch: Batch, selection: MinoritySelection, options: Options): Awaitable<HardSamples>;
  formTriplets?(hard: HardSamples, options: Options): Awaitable<Triplets>;
  rectificationLoss?(
    batch: Batch,
    hard: HardSamples,
    triplets: Triplets,
    options: Options,
  ): Awaitable<RectificationLoss>;
  balancedLoss(batch: Batch, options: BalancedOptions): Awaitable<BalancedLoss>;
  /**
   * For `tensor` backends: L as a differentiable function of tensors, with no read-back.
   *
   * @param observe - called in every step with what the walk found, in the backend's own form; tensors
   * in it live until it returns
   */
  tensorLoss?(
    schema: Schema,
    options: BalancedOptions,
    // biome-ignore lint/suspicious/noExplicitAny: each backend has its own form, which only it reads
    observe?: (found: any) => void,
  ): TensorLoss<Tensor>;
  /**
   * A step of training, for a backend that differentiates elsewhere than in tfjs, such as in a process of its
   * own: the properties of training judge it through this. Others are trained through the tfjs adapter.
   */
  train?(batch: Batch, options: BalancedOptions, step?: TrainingStep): Promise<TrainingResult>;
  /**
   * A step of W replicas, each of which holds one shard of the batch: what every replica returns. Present if and
   * only if the backend declares a {@link Capabilities.sharding} other than `none`.
   *
   * @param shards - W batches of one schema, in the order of the ranks. Some may be empty (n_r = 0), not all.
   */
  lossOnReplicas?(
    shards: readonly Batch[],
    options: BalancedOptions,
    step: ReplicatedStep,
  ): Awaitable<readonly ReplicaLoss[]>;
  /** Number of live resources (tensors, buffers), so that leaks can be found. */
  resources?(): number;
  /**
   * Number of GPU programs run so far; on GPU engines only. If a call leaves it unchanged, the result was
   * computed elsewhere.
   */
  dispatches?(): number;
  dispose?(): Awaitable<void>;
}

/** What a backend module may export by default: a backend, or a function that makes one. */
export type BackendModule = Backend | ((options: { engine?: string }) => Awaitable<Backend>);
