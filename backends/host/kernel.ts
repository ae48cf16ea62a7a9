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
import { GradientSum, SlopeList, type SlopeSink } from './arrays/slopes.js';
import { EasyAnchors } from './batch/easy-anchors.js';
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
import { crossEntropy } from './cross-entropy.js';
import { InstanceLevelComparison } from './instance-level/comparisons.js';
import { Probabilities } from './probabilities.js';
import { type ScoreDerivative, writeScoreGradient } from './score-derivative.js';

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

/** What {@link HostKernel.forward} returns. */
export interface Walked extends Omit<FlatBalancedLoss, 'gradient'> {
  /** What ∂L/∂scores is written from; valid until the next batch, unless `kept` was asked for. */
  readonly derivative: ScoreDerivative;
}

/** Choices of {@link HostKernel.forward}. */
interface ForwardChoices {
  /** α of this call. Default: that of the options. */
  readonly alpha?: number | undefined;
  /** n zeros, to which α·L_crl + (1−α)·ce_i is written: the loss sample by sample. */
  readonly losses?: Float64Array | undefined;
  /** Takes the probabilities of logits, n×S, in their precision. Default: a new array. */
  readonly probabilities?: FloatArray | undefined;
  /** Whether the derivative outlives the next batch; labels, and scores that are no logits, must do so then. */
  readonly kept?: boolean | undefined;
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
  private readonly probabilities: Probabilities;
  private readonly slopes = new SlopeList();
  /** Undefined: every member of a minority class is an anchor. */
  readonly easy: EasyAnchors | undefined;

  constructor(
    schema: Schema,
    readonly options: BalancedOptions,
  ) {
    this.schema = flattenSchema(schema);
    const isEasy = options.anchors === 'easy';
    this.selection = createSelection(this.schema, isEasy ? options.kappa : undefined);
    this.easy = isEasy ? new EasyAnchors(this.schema, options.kappa) : undefined;
    this.miner = new Miner(this.schema);
    this.classLevel = new ClassLevelComparison(this.schema, options, this.miner);
    this.probabilities = new Probabilities(this.schema);
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
      return this.atInstanceLevel(batch, scores, 1);
    }
    if (!scores) return undefined;
    const gradient = this.zeros(batch.size, scores.data);
    const loss = this.atClassLevel(batch, scores, 1, new GradientSum(gradient, this.schema.width));
    return loss === undefined ? undefined : { loss, gradient };
  }

  /**
   * The balanced loss of a batch (Eq. 8), and its derivative.
   *
   * @param into - where ∂L/∂scores is written, in the scores' precision. Default: a new array
   * @returns undefined if the batch is not valid; the specification then says why
   */
  balanced(batch: FlatBatch, into?: FloatArray): FlatBalancedLoss | undefined {
    const { scores, size } = batch;
    if (!scores) return undefined;
    const gradient = into ?? this.zeros(size, scores.data);
    // the probabilities of logits take the place of the gradient until it is written
    const found = this.forward(batch, { probabilities: gradient });
    if (!found) return undefined;
    const { derivative, ...parts } = found;
    writeScoreGradient(derivative, 1 / size, gradient);
    return { ...parts, gradient };
  }

  /**
   * The balanced loss of a batch, without the derivative with respect to the scores: `writeScoreGradient` writes that
   * once the upstream derivative is known.
   *
   * @returns undefined if the batch is not valid; the specification then says why
   */
  forward(
    batch: FlatBatch,
    { alpha = this.options.alpha, losses, probabilities, kept }: ForwardChoices = {},
  ): Walked | undefined {
    const { schema } = this;
    const { size, labels, scores } = batch;
    const { fromLogits } = schema.source;
    if (!scores || !this.select(batch)) return undefined;
    let crossEntropyFound = 0;
    let compared = scores;
    if (fromLogits) {
      const into = probabilities ?? this.zeros(size, scores.data);
      crossEntropyFound = this.probabilities.write(labels, scores, size, into, losses);
      if (Number.isNaN(crossEntropyFound)) return undefined;
      compared = rowMajor(into, schema.width);
    }
    let rectification: number | undefined;
    let featureGradient: FloatArray | undefined;
    const { slopes } = this;
    slopes.reset(0);
    if (this.options.level === 'class') {
      rectification = this.atClassLevel(batch, compared, 1, slopes);
      if (rectification === undefined) return undefined;
    } else {
      if (!fromLogits && !areProbabilities(scores, size, schema.width)) return undefined;
      const found = this.atInstanceLevel(batch, compared, alpha);
      if (!found) return undefined;
      rectification = found.loss;
      featureGradient = found.gradient;
    }
    if (!fromLogits) crossEntropyFound = crossEntropy(schema, labels, scores, size, losses);
    if (losses) toLosses(losses, alpha, rectification);
    return {
      loss: alpha * rectification + (1 - alpha) * crossEntropyFound,
      rectification,
      crossEntropy: crossEntropyFound,
      ...(featureGradient ? { featureGradient } : {}),
      derivative: {
        schema,
        labels,
        size,
        probabilities: compared,
        slopes: kept ? slopes.copy() : slopes,
        alpha,
      },
    };
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
    into: SlopeSink,
  ): number | undefined {
    const { selection, triplets, options, miner } = this;
    if (!miner.mine(labels, scores, selection, options.kappa)) return undefined;
    // every listed sample gets a slope, and every anchor at most one more
    if (into === this.slopes)
      this.slopes.reset(miner.positives.size + miner.negatives.size + selection.anchors);
    this.easy?.choose(labels, scores, selection);
    return this.classLevel.compare({ labels, scores, selection, triplets, easy: this.easy }, weight, into);
  }

  private atInstanceLevel(
    { labels, size, features }: FlatBatch,
    probabilities: ScoreView | undefined,
    weight: number,
  ): { loss: number; gradient: FloatArray } | undefined {
    if (!features?.matrices.every(areFinite)) return undefined;
    const { width, matrices } = features;
    const { selection, triplets, easy } = this;
    if (easy) {
      if (!probabilities) return undefined;
      easy.choose(labels, probabilities, selection);
    }
    const gradient = zerosLike(matrices[0], matrices.length * size * width);
    const embedded = { labels, selection, triplets, matrices, width, easy };
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
