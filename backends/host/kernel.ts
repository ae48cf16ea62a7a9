/**
 * The fused loss of a batch in flat arrays: it selects the minority classes (batch/selection.ts), mines the
 * hard samples (class-level/mining.ts, instance-level/neighbours.ts), and compares them and finds the
 * derivative (comparisons.ts of either level). No triplet is ever stored. Scratch arrays are reused from
 * call to call; results are not.
 *
 * @module
 */
import type { BalancedOptions, Schema } from '../../spec/rules.js';
import type { FloatArray } from './arrays/float-array.js';
import { zerosLike } from './arrays/fresh-gradient.js';
import { ensureLength } from './arrays/scratch.js';
import type { FeatureMatrix } from './batch/feature-matrix.js';
import { type FlatSchema, flattenSchema } from './batch/flat-schema.js';
import { areFinite, areLogits, areProbabilities, rowMajor, type ScoreView } from './batch/scores.js';
import {
  countClasses,
  createSelection,
  pairCounts,
  type Selection,
  selectMinorityClasses,
  tripletCount,
} from './batch/selection.js';
import { ClassLevelComparison } from './class-level/comparisons.js';
import { Miner } from './class-level/mining.js';
import { crossEntropyOfLogits, crossEntropyOfProbabilities, throughLogits } from './cross-entropy.js';
import { InstanceLevelComparison } from './instance-level/comparisons.js';

/** A batch as the kernel reads it. */
export interface FlatBatch {
  /** n, the number of samples. */
  readonly size: number;
  /** n rows of `schema.labelWidth`. */
  readonly labels: Int32Array;
  readonly scores?: ScoreView;
  /** n×d: one matrix for all attributes, or one per attribute. */
  readonly features?: { readonly width: number; readonly matrices: readonly FeatureMatrix[] };
}

/** What {@link HostKernel.balanced} returns. */
export interface FlatBalancedLoss {
  /** L. */
  readonly loss: number;
  /** L_crl. */
  readonly rectification: number;
  /** L_ce. */
  readonly crossEntropy: number;
  /** ∂L/∂scores, n×S. */
  readonly gradient: FloatArray;
  /** ∂L/∂features, n×d or J×n×d. */
  readonly featureGradient?: FloatArray;
}

/** What {@link HostKernel.perSample} returns. */
export interface FlatPerSampleLoss {
  /** n numbers, α·L_crl + (1−α)·ce_i, whose mean is L. */
  readonly losses: Float64Array;
  /** L, the mean of the losses. */
  readonly loss: number;
  /** L_crl. */
  readonly rectification: number;
  /** L_ce. */
  readonly crossEntropy: number;
  /** α·∂L_crl/∂scores, n×S, at class level. */
  readonly rectificationGradient?: FloatArray;
  /** (1−α)·∂ce_i/∂scores, n×S: row i is the derivative of sample i's own cross entropy. */
  readonly crossEntropyGradient: FloatArray;
  /** α·∂L_crl/∂features, n×d or J×n×d, at instance level. */
  readonly featureGradient?: FloatArray;
}

/** Where {@link HostKernel.walk} adds the derivatives with respect to the scores. */
interface WalkTargets {
  /** Takes α·∂L_crl/∂scores at class level. May be the same array as `crossEntropy`. */
  readonly rectification: FloatArray;
  /** Takes the derivative of the cross entropy. */
  readonly crossEntropy: FloatArray;
  /** What ∂L_ce/∂scores is multiplied by. */
  readonly weight: number;
  /** n zeros, to which the terms ce_i are added. */
  readonly terms?: Float64Array;
}

/**
 * The loss of one schema with one set of options. It reports a batch that is not valid by returning
 * undefined, and leaves the error to the specification; `hostLoss` is the same with checks.
 *
 * @example
 * ```ts
 * import { HostKernel, rowMajor } from 'class-rectification/backends/host';
 * import { createSchema, resolveOptions } from 'class-rectification/spec';
 * const schema = createSchema({ attributes: [2] });
 * const kernel = new HostKernel(schema, { ...resolveOptions(schema, { kappa: 1 }), alpha: 1 });
 * const scores = rowMajor(Float64Array.of(0.25, 0.75, 0.25, 0.75, 0.5, 0.5, 0.5, 0.5), 2);
 * kernel.rectification({ size: 4, labels: Int32Array.of(0, 0, 1, 1), scores })?.loss; // → 0.75
 * ```
 */
export class HostKernel {
  readonly schema: FlatSchema;
  readonly selection: Selection;
  readonly miner: Miner;
  readonly instanceLevel: InstanceLevelComparison;
  private readonly classLevel: ClassLevelComparison;
  private probabilities = new Float64Array(0);

  constructor(
    schema: Schema,
    readonly options: BalancedOptions,
  ) {
    this.schema = flattenSchema(schema);
    this.selection = createSelection(this.schema);
    this.miner = new Miner(this.schema);
    this.classLevel = new ClassLevelComparison(this.schema, options, this.miner);
    this.instanceLevel = new InstanceLevelComparison(this.schema, options);
  }

  /** |T| of the last batch. */
  get triplets(): number {
    return tripletCount(this.selection, this.options.kappa);
  }

  /** Active triplets of the batch last compared (relative comparison). */
  get active(): number {
    return this.atLevel.active;
  }

  /** Distances of the batch last compared that lie strictly outside the range (distribution comparison). */
  get clamped(): number {
    return this.atLevel.histograms?.clamped ?? 0;
  }

  /** |P+| + |P−| of the last batch. */
  get pairs(): number {
    const { positive, negative } = pairCounts(this.selection, this.options.kappa);
    return positive + negative;
  }

  private get atLevel(): ClassLevelComparison | InstanceLevelComparison {
    return this.options.level === 'class' ? this.classLevel : this.instanceLevel;
  }

  /**
   * L_crl of a batch of probabilities, or of features at instance level, and its derivative.
   *
   * @returns undefined if the batch is not valid; the specification then says why
   */
  rectification(batch: FlatBatch): { loss: number; gradient: FloatArray } | undefined {
    if (!this.select(batch)) return undefined;
    const { scores } = batch;
    if (this.options.level === 'instance') {
      if (scores && !this.areScores(scores, batch.size)) return undefined;
      return this.atInstanceLevel(batch, 1);
    }
    if (!scores) return undefined;
    const gradient = this.zeros(batch.size, scores.data);
    const loss = this.atClassLevel(batch, scores, 1, gradient);
    return loss === undefined ? undefined : { loss, gradient };
  }

  /**
   * The balanced loss of a batch (Eq. 8), and its derivative.
   *
   * @param into - where ∂L/∂scores is written. Default: a new array of the scores' type
   * @param alpha - α of this call. Default: that of the options
   * @param losses - n zeros, to which α·L_crl + (1−α)·ce_i is written: the loss sample by sample
   * @returns undefined if the batch is not valid; the specification then says why
   */
  balanced(
    batch: FlatBatch,
    into?: FloatArray,
    alpha: number = this.options.alpha,
    losses?: Float64Array,
  ): FlatBalancedLoss | undefined {
    const { scores, size } = batch;
    if (!scores) return undefined;
    const gradient = into?.fill(0) ?? this.zeros(size, scores.data);
    const found = this.walk(batch, scores, alpha, {
      rectification: gradient,
      crossEntropy: gradient,
      weight: 1 - alpha,
      ...(losses ? { terms: losses } : {}),
    });
    if (!found) return undefined;
    if (losses) toLosses(losses, alpha, found.rectification);
    return { gradient, ...found };
  }

  /**
   * The balanced loss sample by sample. Its derivative has two parts, since an upstream derivative of n
   * numbers weighs each sample's cross entropy by its own number, and L_crl by their sum.
   *
   * @param into - where the two derivatives with respect to the scores are written. Default: new arrays of
   * the scores' type
   * @param alpha - α of this call. Default: that of the options
   * @returns undefined if the batch is not valid; the specification then says why
   */
  perSample(
    batch: FlatBatch,
    into: {
      readonly rectification?: FloatArray | undefined;
      readonly crossEntropy?: FloatArray | undefined;
    } = {},
    alpha: number = this.options.alpha,
  ): FlatPerSampleLoss | undefined {
    const { scores, size } = batch;
    if (!scores) return undefined;
    const crossEntropyGradient = into.crossEntropy?.fill(0) ?? this.zeros(size, scores.data);
    const atClassLevel = this.options.level === 'class';
    const rectificationGradient = atClassLevel
      ? (into.rectification?.fill(0) ?? this.zeros(size, scores.data))
      : undefined;
    const losses = new Float64Array(size);
    const found = this.walk(batch, scores, alpha, {
      rectification: rectificationGradient ?? crossEntropyGradient,
      crossEntropy: crossEntropyGradient,
      weight: (1 - alpha) * size, // ∂ce_i is n times what sample i adds to ∂L_ce
      terms: losses,
    });
    if (!found) return undefined;
    toLosses(losses, alpha, found.rectification);
    return {
      losses,
      crossEntropyGradient,
      ...(rectificationGradient ? { rectificationGradient } : {}),
      ...found,
    };
  }

  /** Runs all stages, and adds the derivatives with respect to the scores to the targets. */
  private walk(
    batch: FlatBatch,
    scores: ScoreView,
    alpha: number,
    { rectification: crlGradient, crossEntropy: ceGradient, weight, terms }: WalkTargets,
  ): Pick<FlatBalancedLoss, 'loss' | 'rectification' | 'crossEntropy' | 'featureGradient'> | undefined {
    const { size, labels } = batch;
    const { level } = this.options;
    if (!this.select(batch)) return undefined;
    const { schema } = this;
    const { fromLogits } = schema.source;
    let crossEntropy = 0;
    let probable = scores;
    if (fromLogits) {
      this.probabilities = ensureLength(this.probabilities, size * schema.width);
      crossEntropy = crossEntropyOfLogits(schema, labels, scores, size, this.probabilities, terms);
      if (Number.isNaN(crossEntropy)) return undefined;
      probable = rowMajor(this.probabilities, schema.width);
    }
    let rectification = 0;
    let featureGradient: FloatArray | undefined;
    if (level === 'class') {
      const loss = this.atClassLevel(batch, probable, alpha, crlGradient);
      if (loss === undefined) return undefined;
      rectification = loss;
    } else {
      if (!fromLogits && !areProbabilities(scores, size, schema.width)) return undefined;
      const found = this.atInstanceLevel(batch, alpha);
      if (!found) return undefined;
      rectification = found.loss;
      featureGradient = found.gradient;
    }
    if (fromLogits) {
      throughLogits(schema, labels, this.probabilities, size, weight, crlGradient, ceGradient);
    } else {
      crossEntropy = crossEntropyOfProbabilities(schema, labels, scores, size, weight, ceGradient, terms);
    }
    const loss = alpha * rectification + (1 - alpha) * crossEntropy;
    return { loss, rectification, crossEntropy, ...(featureGradient ? { featureGradient } : {}) };
  }

  private select({ labels, size }: FlatBatch): boolean {
    if (!countClasses(this.schema, labels, size, this.selection)) return false;
    selectMinorityClasses(this.schema, this.options.rho, this.selection);
    return true;
  }

  private atClassLevel(
    { labels }: FlatBatch,
    scores: ScoreView,
    weight: number,
    gradient: FloatArray,
  ): number | undefined {
    const { selection, triplets, options } = this;
    if (!this.miner.mine(labels, scores, selection, options.kappa)) return undefined;
    return this.classLevel.compare({ labels, scores, selection, triplets }, weight, gradient);
  }

  private atInstanceLevel(
    { labels, size, features }: FlatBatch,
    weight: number,
  ): { loss: number; gradient: FloatArray } | undefined {
    if (!features?.matrices.every(areFinite)) return undefined;
    const { width, matrices } = features;
    const { selection, triplets } = this;
    const gradient = zerosLike(matrices[0], matrices.length * size * width);
    const embedded = { labels, selection, triplets, matrices, width };
    const loss = this.instanceLevel.compare(embedded, weight, gradient);
    return { loss, gradient };
  }

  private areScores(scores: ScoreView, size: number): boolean {
    const { source, width } = this.schema;
    return source.fromLogits ? areLogits(scores, size, width) : areProbabilities(scores, size, width);
  }

  private zeros(size: number, like: FloatArray): FloatArray {
    return zerosLike(like, size * this.schema.width);
  }
}

/** Makes α·L_crl + (1−α)·ce_i of the terms ce_i, in place. */
function toLosses(terms: Float64Array, alpha: number, rectification: number): void {
  for (let i = 0; i < terms.length; i++) terms[i] = alpha * rectification + (1 - alpha) * terms[i];
}
