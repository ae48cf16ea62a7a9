/**
 * The fused loss: selection, mining, comparison and derivative of a batch in flat arrays, without a
 * triplet ever stored. What it needs beside the result is kept from call to call.
 *
 * @module
 */
import type { BalancedOptions, Schema } from '../../spec/rules.js';
import { zerosLike } from './arrays/fresh-gradient.js';
import { roomFor } from './arrays/scratch.js';
import type { FeatureMatrix } from './batch/feature-matrix.js';
import { layOut, type Plan } from './batch/flat-schema.js';
import { areFinite, areLogits, areProbabilities, rowMajor, type ScoreView } from './batch/scores.js';
import {
  countClasses,
  pairCounts,
  roomForSelection,
  type Selection,
  selectTasks,
  tripletCount,
} from './batch/selection.js';
import { ClassLevel } from './class-level/comparisons.js';
import { Miner } from './class-level/mining.js';
import { crossEntropyOfLogits, crossEntropyOfProbabilities, throughLogits } from './cross-entropy.js';
import { InstanceLevel } from './instance-level/comparisons.js';

type Gradient = Float32Array | Float64Array;

/** A batch as the kernel reads it. */
export interface FlatBatch {
  /** n. */
  readonly size: number;
  /** n rows of `plan.labelWidth`. */
  readonly labels: Int32Array;
  readonly scores?: ScoreView;
  /** n×d: one matrix, or one an attribute. */
  readonly features?: { readonly width: number; readonly matrices: readonly FeatureMatrix[] };
}

/** What {@link Kernel.balanced} finds. */
export interface FlatBalancedLoss {
  /** L. */
  readonly loss: number;
  /** L_crl. */
  readonly rectification: number;
  /** L_ce. */
  readonly crossEntropy: number;
  /** ∂L/∂scores, n×S. */
  readonly gradient: Gradient;
  /** ∂L/∂features, n×d or J×n×d. */
  readonly featureGradient?: Gradient;
}

/** What {@link Kernel.perSample} finds. */
export interface FlatPerSampleLoss {
  /** n: α·L_crl + (1−α)·ce_i. Their mean is L. */
  readonly losses: Float64Array;
  /** L_crl. */
  readonly rectification: number;
  /** L_ce. */
  readonly crossEntropy: number;
  /** α·∂L_crl/∂scores, n×S, at class level. */
  readonly rectificationGradient?: Gradient;
  /** (1−α)·∂ce_i/∂scores, n×S: row i is the derivative of sample i's own cross entropy. */
  readonly crossEntropyGradient: Gradient;
  /** α·∂L_crl/∂features, n×d or J×n×d, at instance level. */
  readonly featureGradient?: Gradient;
}

/** Where {@link Kernel.walk} adds derivatives with respect to the scores, and what of the cross entropy. */
interface WalkTargets {
  /** Takes α·∂L_crl/∂scores at class level. May be the same array as `crossEntropy`. */
  readonly rectification: Gradient;
  /** Takes the derivative of the cross entropy. */
  readonly crossEntropy: Gradient;
  /** What ∂L_ce/∂scores is multiplied by. */
  readonly weight: number;
  /** n zeros: takes ce_i. */
  readonly terms?: Float64Array;
}

/** The loss of one schema with one set of options. */
export class Kernel {
  readonly plan: Plan;
  readonly selection: Selection;
  readonly miner: Miner;
  readonly instanceLevel: InstanceLevel;
  private readonly classLevel: ClassLevel;
  private probabilities = new Float64Array(0);

  constructor(
    schema: Schema,
    readonly options: BalancedOptions,
  ) {
    this.plan = layOut(schema);
    this.selection = roomForSelection(this.plan);
    this.miner = new Miner(this.plan);
    this.classLevel = new ClassLevel(this.plan, options, this.miner);
    this.instanceLevel = new InstanceLevel(this.plan, options);
  }

  /** |T| of the batch last seen. */
  get triplets(): number {
    return tripletCount(this.selection, this.options.kappa);
  }

  /** Of the batch last compared: triplets that cost something (relative comparison). */
  get active(): number {
    return this.atLevel.active;
  }

  /** Of the batch last compared: distances strictly outside the range (distribution comparison). */
  get clamped(): number {
    return this.atLevel.histograms?.clamped ?? 0;
  }

  /** |P+| + |P−| of the batch last seen. */
  get pairs(): number {
    const { near, far } = pairCounts(this.selection, this.options.kappa);
    return near + far;
  }

  private get atLevel(): ClassLevel | InstanceLevel {
    return this.options.level === 'class' ? this.classLevel : this.instanceLevel;
  }

  /**
   * L_crl of a batch of probabilities, or of features at instance level, and its derivative.
   *
   * @returns undefined if the batch is not valid: the specification then says why
   */
  rectification(batch: FlatBatch): { loss: number; gradient: Gradient } | undefined {
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
   * @param into - where ∂L/∂scores may go; default: a fresh array of the scores' type
   * @param alpha - α of this call. Default: that of the options
   * @returns undefined if the batch is not valid: the specification then says why
   */
  balanced(
    batch: FlatBatch,
    into?: Gradient,
    alpha: number = this.options.alpha,
  ): FlatBalancedLoss | undefined {
    const { scores, size } = batch;
    if (!scores) return undefined;
    const gradient = into?.fill(0) ?? this.zeros(size, scores.data);
    const targets = { rectification: gradient, crossEntropy: gradient, weight: 1 - alpha };
    const found = this.walk(batch, scores, alpha, targets);
    if (!found) return undefined;
    const loss = alpha * found.rectification + (1 - alpha) * found.crossEntropy;
    return { loss, gradient, ...found };
  }

  /**
   * The balanced loss sample by sample. Its derivative has two parts, since an upstream derivative of n
   * numbers weighs each sample's cross entropy by its own number, and L_crl by their sum.
   *
   * @param into - where the two derivatives with respect to the scores may go. Default: fresh arrays of the
   * scores' type
   * @param alpha - α of this call. Default: that of the options
   * @returns undefined if the batch is not valid: the specification then says why
   */
  perSample(
    batch: FlatBatch,
    into: {
      readonly rectification?: Gradient | undefined;
      readonly crossEntropy?: Gradient | undefined;
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
    for (let i = 0; i < size; i++) losses[i] = alpha * found.rectification + (1 - alpha) * losses[i];
    return {
      losses,
      crossEntropyGradient,
      ...(rectificationGradient ? { rectificationGradient } : {}),
      ...found,
    };
  }

  /** The whole walk; derivatives with respect to the scores are added to the targets. */
  private walk(
    batch: FlatBatch,
    scores: ScoreView,
    alpha: number,
    { rectification: crlGradient, crossEntropy: ceGradient, weight, terms }: WalkTargets,
  ): Pick<FlatBalancedLoss, 'rectification' | 'crossEntropy' | 'featureGradient'> | undefined {
    const { size, labels } = batch;
    const { level } = this.options;
    if (!this.select(batch)) return undefined;
    const { plan } = this;
    const { fromLogits } = plan.schema;
    let crossEntropy = 0;
    let probable = scores;
    if (fromLogits) {
      this.probabilities = roomFor(this.probabilities, size * plan.width);
      crossEntropy = crossEntropyOfLogits(plan, labels, scores, size, this.probabilities, terms);
      if (Number.isNaN(crossEntropy)) return undefined;
      probable = rowMajor(this.probabilities, plan.width);
    }
    let rectification = 0;
    let featureGradient: Gradient | undefined;
    if (level === 'class') {
      const loss = this.atClassLevel(batch, probable, alpha, crlGradient);
      if (loss === undefined) return undefined;
      rectification = loss;
    } else {
      if (!fromLogits && !areProbabilities(scores, size, plan.width)) return undefined;
      const found = this.atInstanceLevel(batch, alpha);
      if (!found) return undefined;
      rectification = found.loss;
      featureGradient = found.gradient;
    }
    if (fromLogits) {
      if (crlGradient !== ceGradient) throughLogits(plan, labels, this.probabilities, size, 0, crlGradient);
      throughLogits(plan, labels, this.probabilities, size, weight, ceGradient);
    } else {
      crossEntropy = crossEntropyOfProbabilities(plan, labels, scores, size, weight, ceGradient, terms);
    }
    return { rectification, crossEntropy, ...(featureGradient ? { featureGradient } : {}) };
  }

  private select({ labels, size }: FlatBatch): boolean {
    if (!countClasses(this.plan, labels, size, this.selection)) return false;
    selectTasks(this.plan, this.options.rho, this.selection);
    return true;
  }

  private atClassLevel(
    { labels }: FlatBatch,
    scores: ScoreView,
    weight: number,
    gradient: Gradient,
  ): number | undefined {
    const { selection, triplets, options } = this;
    if (!this.miner.mine(labels, scores, selection, options.kappa)) return undefined;
    return this.classLevel.compare({ labels, scores, selection, triplets }, weight, gradient);
  }

  private atInstanceLevel(
    { labels, size, features }: FlatBatch,
    weight: number,
  ): { loss: number; gradient: Gradient } | undefined {
    if (!features?.matrices.every(areFinite)) return undefined;
    const { width, matrices } = features;
    const { selection, triplets } = this;
    const gradient = zerosLike(matrices[0], matrices.length * size * width);
    const embedded = { labels, selection, triplets, matrices, width };
    const loss = this.instanceLevel.compare(embedded, weight, gradient);
    return { loss, gradient };
  }

  private areScores(scores: ScoreView, size: number): boolean {
    const { schema, width } = this.plan;
    return schema.fromLogits ? areLogits(scores, size, width) : areProbabilities(scores, size, width);
  }

  private zeros(size: number, like: Gradient): Gradient {
    return zerosLike(like, size * this.plan.width);
  }
}
