/**
 * L_crl at instance level: the relative, absolute and distribution comparison of distances between feature
 * vectors (Eq. 6, 7, 11), one anchor at a time, and their derivatives.
 *
 * @module
 */
import type { Options } from '../../../spec/rules.js';
import { AnchorComparison, type VisitAnchors } from '../anchor-comparison.js';
import type { FloatArray } from '../arrays/float-array.js';
import type { HardestLists } from '../arrays/hardest-lists.js';
import { AnchorList } from '../batch/anchor-list.js';
import { visitAnchors } from '../batch/anchors.js';
import type { EasyAnchors } from '../batch/easy-anchors.js';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import type { FlatSchema } from '../batch/flat-schema.js';
import { pairCounts, type Selection } from '../batch/selection.js';
import type { Histograms } from '../histograms.js';
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

/** Is shown one anchor after the other. */
type VisitMined = (anchor: MinedAnchor, margin: number) => void;

/** The comparisons of one schema with one set of options. */
export class InstanceLevelComparison {
  private readonly comparison: AnchorComparison;
  private readonly neighbours: Neighbours;
  private readonly anchors = new AnchorList();
  private readonly slopes = new FeatureSlopes();
  private workspace: SimdWorkspace | undefined;

  constructor(
    private readonly schema: FlatSchema,
    private readonly options: Options,
  ) {
    this.neighbours = new Neighbours(schema, options.kappa);
    this.comparison = new AnchorComparison(options);
  }

  /** Active triplets of the last batch (relative comparison). */
  get active(): number {
    return this.comparison.active;
  }

  /** Present for the distribution comparison. */
  get histograms(): Histograms | undefined {
    return this.comparison.histograms;
  }

  /** Returns L_crl, and adds `weight` times its derivative to the gradient, n×d or J×n×d row by row. */
  compare(batch: FeatureBatch, weight: number, gradient: FloatArray): number {
    const visit: VisitAnchors = (compare, withSlopes) =>
      this.visit(batch, withSlopes ? gradient : undefined, ({ positives, negatives }, margin) =>
        compare(positives, negatives, margin),
      );
    const { triplets, selection } = batch;
    return this.comparison.lossOf(visit, { triplets, ...pairCounts(selection, this.options.kappa) }, weight);
  }

  /** Mines every anchor, calls `compare` with it, and adds its slopes to the gradient if there is one. */
  visit(batch: FeatureBatch, gradient: FloatArray | undefined, compare: VisitMined): void {
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
