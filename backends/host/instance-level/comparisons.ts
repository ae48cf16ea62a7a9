/**
 * L_crl at instance level: the relative, absolute and distribution comparison of distances between feature
 * vectors (Eq. 6, 7, 11), one anchor at a time, and their derivatives.
 *
 * @module
 */
import type { Options } from '../../../spec/rules.js';
import { AbsoluteSum } from '../absolute.js';
import type { FloatArray } from '../arrays/float-array.js';
import type { HardestLists } from '../arrays/hardest-lists.js';
import { ensureLength } from '../arrays/scratch.js';
import { AnchorList } from '../batch/anchor-list.js';
import { visitAnchors } from '../batch/anchors.js';
import type { EasyAnchors } from '../batch/easy-anchors.js';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import type { FlatSchema } from '../batch/flat-schema.js';
import { pairCounts, type Selection } from '../batch/selection.js';
import { Histograms } from '../histograms.js';
import { FeatureSlopes } from './feature-slopes.js';
import { Neighbours } from './neighbours.js';
import { SimdWorkspace } from './simd-workspace.js';

/** A batch with its features, whose minority classes have been selected. */
export interface FeatureBatch {
  readonly labels: Int32Array;
  readonly selection: Selection;
  /** |T|. */
  readonly triplets: number;
  /** n×d: one matrix for all attributes, or one per attribute. */
  readonly matrices: readonly FeatureMatrix[];
  readonly width: number;
  /** Chosen for this batch. Default: every member of a minority class is an anchor. */
  readonly easy?: EasyAnchors | undefined;
}

/** An anchor with its hard samples, hardest first. The slopes of the lists take ∂L/∂d. */
export interface MinedAnchor {
  readonly sample: number;
  readonly minorityIndex: number;
  /** Hardness is the distance. */
  readonly positives: HardestLists;
  /** Hardness is minus the distance. */
  readonly negatives: HardestLists;
}

/** Compares one anchor: adds to the loss, and sets the slopes of the lists. */
type Compare = (anchor: MinedAnchor, margin: number) => void;

/** The comparisons of one schema with one set of options. */
export class InstanceLevelComparison {
  /** Active triplets of the last batch (relative comparison). */
  active = 0;
  /** Present for the distribution comparison. */
  readonly histograms: Histograms | undefined;
  private readonly neighbours: Neighbours;
  private readonly anchors = new AnchorList();
  private readonly slopes = new FeatureSlopes();
  private workspace: SimdWorkspace | undefined;
  private prefix = new Float64Array(0);
  private steps = new Float64Array(0);

  constructor(
    private readonly schema: FlatSchema,
    private readonly options: Options,
  ) {
    this.neighbours = new Neighbours(schema, options.kappa);
    this.histograms = options.comparison === 'distribution' ? new Histograms(options) : undefined;
  }

  /** Returns L_crl, and adds `weight` times its derivative to the gradient, n×d or J×n×d row by row. */
  compare(batch: FeatureBatch, weight: number, gradient: FloatArray): number {
    this.active = 0;
    if (this.options.comparison === 'relative') return this.relative(batch, weight, gradient);
    if (this.histograms) return this.distribution(batch, weight, gradient, this.histograms);
    return this.absolute(batch, weight, gradient);
  }

  private relative(batch: FeatureBatch, weight: number, gradient: FloatArray): number {
    const { triplets } = batch;
    if (triplets === 0) return 0;
    const scale = weight / triplets;
    let sum = 0;
    this.visit(batch, gradient, (anchor, margin) => {
      sum += this.sumHinges(anchor, margin, scale);
    });
    return Math.max(0, sum) / triplets;
  }

  private absolute(batch: FeatureBatch, weight: number, gradient: FloatArray): number {
    const sum = new AbsoluteSum(pairCounts(batch.selection, this.options.kappa), weight);
    this.visit(batch, gradient, ({ positives, negatives }, margin) => {
      for (let k = 0; k < positives.count[0]; k++) {
        positives.slope[k] = sum.addPositive(positives.hardness[k]);
      }
      for (let k = 0; k < negatives.count[0]; k++) {
        negatives.slope[k] = sum.addNegative(-negatives.hardness[k], margin);
      }
    });
    return sum.loss();
  }

  private distribution(
    batch: FeatureBatch,
    weight: number,
    gradient: FloatArray,
    histograms: Histograms,
  ): number {
    histograms.clear();
    this.visit(batch, undefined, ({ positives, negatives }) => {
      for (let k = 0; k < positives.count[0]; k++) histograms.addPositive(positives.hardness[k]);
      for (let k = 0; k < negatives.count[0]; k++) histograms.addNegative(-negatives.hardness[k]);
    });
    const loss = histograms.loss();
    this.visit(batch, gradient, ({ positives, negatives }) => {
      for (let k = 0; k < positives.count[0]; k++) {
        positives.slope[k] = weight * histograms.slopeOfPositive(positives.hardness[k]);
      }
      for (let k = 0; k < negatives.count[0]; k++) {
        negatives.slope[k] = weight * histograms.slopeOfNegative(-negatives.hardness[k]);
      }
    });
    return loss;
  }

  /**
   * The sum of an anchor's hinges (Eq. 9), without a triplet formed. Positives come farthest first and
   * negatives nearest first, so that the active negatives of a positive are a prefix of the list, which
   * only shrinks from one positive to the next.
   */
  private sumHinges({ positives, negatives }: MinedAnchor, margin: number, scale: number): number {
    const positiveCount = positives.count[0];
    const negativeCount = negatives.count[0];
    this.prefix = ensureLength(this.prefix, negativeCount + 1);
    this.steps = ensureLength(this.steps, negativeCount + 1);
    const { prefix, steps } = this;
    prefix[0] = 0;
    for (let k = 0; k < negativeCount; k++) prefix[k + 1] = prefix[k] - negatives.hardness[k];
    steps.fill(0, 0, negativeCount + 1);
    let sum = 0;
    let active = negativeCount;
    for (let k = 0; k < positiveCount; k++) {
      const reach = margin + positives.hardness[k];
      while (active > 0 && !(reach + negatives.hardness[active - 1] > 0)) active -= 1;
      positives.slope[k] = scale * active;
      this.active += active;
      sum += active * reach - prefix[active];
      steps[active] -= scale;
    }
    let running = 0;
    for (let k = negativeCount; k > 0; k--) {
      running += steps[k];
      negatives.slope[k - 1] = running;
    }
    return sum;
  }

  /** Mines every anchor, calls `compare` with it, and adds its slopes to the gradient if there is one. */
  visit(batch: FeatureBatch, gradient: FloatArray | undefined, compare: Compare): void {
    const { schema, neighbours, anchors, slopes } = this;
    const { matrices, labels, selection, width, easy } = batch;
    const { size } = selection;
    const { positives, negatives, distances } = neighbours;
    matrices.forEach((matrix, j) => {
      const attributeOnly = matrices.length > 1 ? j : undefined;
      anchors.fill(schema, labels, selection, attributeOnly, easy);
      if (anchors.count === 0) return;
      this.workspace ??= SimdWorkspace.create();
      const workspace = this.workspace?.load(matrix, size, width) ? this.workspace : undefined;
      neighbours.prepare({ matrix, size, width, labels, anchors, workspace });
      const target = gradient && { matrix, size, width, gradient, base: j * size * width };
      if (target) slopes.prepare(target, workspace?.exact ? workspace : undefined);
      this.visitAnchors(batch, attributeOnly, (sample, minorityIndex, attribute) => {
        neighbours.find(sample, minorityIndex, selection.column[minorityIndex]);
        compare({ sample, minorityIndex, positives, negatives }, this.options.margin[attribute]);
        if (target) slopes.add(sample, distances.own, positives, negatives);
      });
      if (target) slopes.writeGradient();
    });
  }

  /** Visits anchors sample by sample, so that the distances of a sample serve all its classes. */
  private visitAnchors(
    { labels, selection, easy }: FeatureBatch,
    attributeOnly: number | undefined,
    visit: (sample: number, minorityIndex: number, attribute: number) => void,
  ): void {
    const { schema } = this;
    const visitOwn = (sample: number, minorityIndex: number) => {
      const attribute = schema.attributeOf[selection.column[minorityIndex]];
      if (attributeOnly === undefined || attributeOnly === attribute) visit(sample, minorityIndex, attribute);
    };
    visitAnchors(schema, labels, selection, visitOwn, easy);
  }
}
