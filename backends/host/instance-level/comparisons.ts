/**
 * L_crl at instance level: distances between feature vectors (Eq. 6, 7, 11), one anchor at a time,
 * and their derivatives.
 *
 * @module
 */
import type { Options } from '../../../spec/rules.js';
import type { Candidates } from '../arrays/hardest-lists.js';
import { roomFor } from '../arrays/scratch.js';
import { AnchorList } from '../batch/anchor-list.js';
import { visitAnchors } from '../batch/anchors.js';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import type { Plan } from '../batch/flat-schema.js';
import { pairCounts, type Selection } from '../batch/selection.js';
import { Histograms } from '../histograms.js';
import { FeatureSlopes } from './feature-slopes.js';
import { Neighbours } from './neighbours.js';
import { Workspace } from './simd-workspace.js';

type Gradient = Float32Array | Float64Array;

/** One batch at instance level. */
export interface Embedded {
  readonly labels: Int32Array;
  readonly selection: Selection;
  /** |T|. */
  readonly triplets: number;
  /** n×d: one matrix, which all attributes share, or one an attribute. */
  readonly matrices: readonly FeatureMatrix[];
  readonly width: number;
}

/** An anchor's samples, hardest first, with their distances and ∂L/∂d. */
export interface MinedAnchor {
  readonly sample: number;
  readonly task: number;
  /** Hardness is the distance. */
  readonly positives: Candidates;
  /** Hardness is minus the distance. */
  readonly negatives: Candidates;
}

/** What a comparison makes of one anchor: it adds to the loss, and sets the slopes. */
type Compare = (anchor: MinedAnchor, margin: number) => void;

/** The comparisons of one schema with one set of options. */
export class InstanceLevel {
  /** Triplets of the last batch that cost something (relative comparison). */
  active = 0;
  readonly histograms: Histograms | undefined;
  private readonly neighbours: Neighbours;
  private readonly anchors = new AnchorList();
  private readonly slopes = new FeatureSlopes();
  private workspace: Workspace | undefined;
  private prefix = new Float64Array(0);
  private steps = new Float64Array(0);

  constructor(
    private readonly plan: Plan,
    private readonly options: Options,
  ) {
    this.neighbours = new Neighbours(plan, options.kappa);
    this.histograms = options.comparison === 'distribution' ? new Histograms(options) : undefined;
  }

  /** L_crl; adds `weight` times its derivative to the gradient, n×d or J×n×d row by row. */
  compare(batch: Embedded, weight: number, gradient: Gradient): number {
    const { comparison, kappa } = this.options;
    const { selection, triplets } = batch;
    let sum = 0;
    this.active = 0;
    if (comparison === 'relative') {
      if (triplets === 0) return 0;
      const scale = weight / triplets;
      this.visit(batch, gradient, (anchor, margin) => {
        sum += this.hinges(anchor, margin, scale);
      });
      return Math.max(0, sum) / triplets;
    }
    const pairs = pairCounts(selection, kappa);
    if (comparison === 'absolute') {
      let nears = 0;
      let fars = 0;
      this.visit(batch, gradient, ({ positives, negatives }, margin) => {
        for (let k = 0; k < positives.count[0]; k++) {
          const d = positives.hardness[k];
          nears += d * d;
          positives.slope[k] = (weight * d) / pairs.near;
        }
        for (let k = 0; k < negatives.count[0]; k++) {
          const short = Math.max(margin + negatives.hardness[k], 0);
          fars += short * short;
          negatives.slope[k] = (-weight * short) / pairs.far;
        }
      });
      return 0.5 * ((pairs.near && nears / pairs.near) + (pairs.far && fars / pairs.far));
    }
    return this.distribution(batch, weight, gradient, this.histograms as Histograms);
  }

  private distribution(batch: Embedded, weight: number, gradient: Gradient, histograms: Histograms): number {
    histograms.clear();
    this.visit(batch, undefined, ({ positives, negatives }) => {
      for (let k = 0; k < positives.count[0]; k++) histograms.addNear(positives.hardness[k]);
      for (let k = 0; k < negatives.count[0]; k++) histograms.addFar(-negatives.hardness[k]);
    });
    const loss = histograms.loss();
    this.visit(batch, gradient, ({ positives, negatives }) => {
      for (let k = 0; k < positives.count[0]; k++) {
        positives.slope[k] = weight * histograms.slopeOfNear(positives.hardness[k]);
      }
      for (let k = 0; k < negatives.count[0]; k++) {
        negatives.slope[k] = weight * histograms.slopeOfFar(-negatives.hardness[k]);
      }
    });
    return loss;
  }

  /**
   * The hinges of an anchor (Eq. 9): positives farthest first, negatives nearest first, so that the
   * active negatives of a positive are a prefix that only shrinks from one positive to the next.
   */
  private hinges({ positives, negatives }: MinedAnchor, margin: number, scale: number): number {
    const near = positives.count[0];
    const far = negatives.count[0];
    this.prefix = roomFor(this.prefix, far + 1);
    this.steps = roomFor(this.steps, far + 1);
    const { prefix, steps } = this;
    prefix[0] = 0;
    for (let k = 0; k < far; k++) prefix[k + 1] = prefix[k] - negatives.hardness[k];
    steps.fill(0, 0, far + 1);
    let sum = 0;
    let active = far;
    for (let k = 0; k < near; k++) {
      const reach = margin + positives.hardness[k];
      while (active > 0 && !(reach + negatives.hardness[active - 1] > 0)) active -= 1;
      positives.slope[k] = scale * active;
      this.active += active;
      sum += active * reach - prefix[active];
      steps[active] -= scale;
    }
    let running = 0;
    for (let k = far; k > 0; k--) {
      running += steps[k];
      negatives.slope[k - 1] = running;
    }
    return sum;
  }

  /** Mines every anchor, has it compared, and takes the slopes back to the features. */
  visit(batch: Embedded, gradient: Gradient | undefined, compare: Compare): void {
    const { plan, neighbours, anchors, slopes } = this;
    const { matrices, labels, selection, width } = batch;
    const { size } = selection;
    const { positives, negatives, distances } = neighbours;
    matrices.forEach((matrix, j) => {
      const own = matrices.length > 1 ? j : undefined;
      anchors.list(plan, labels, selection, own);
      if (anchors.count === 0) return;
      this.workspace ??= Workspace.open();
      const workspace = this.workspace?.take(matrix, size, width) ? this.workspace : undefined;
      neighbours.take({ matrix, size, width, labels, anchors, workspace });
      const target = gradient && { matrix, size, width, gradient, base: j * size * width };
      if (target) slopes.take(target, workspace?.exact ? workspace : undefined);
      this.visitOwn(batch, own, (sample, task, attribute) => {
        neighbours.of(sample, task, selection.column[task]);
        compare({ sample, task, positives, negatives }, this.options.margin[attribute]);
        if (target) slopes.add(sample, distances.own, positives, negatives);
      });
      if (target) slopes.give();
    });
  }

  /** By sample, so that what is found of one serves all its classes. */
  private visitOwn(
    { labels, selection }: Embedded,
    own: number | undefined,
    visit: (sample: number, task: number, attribute: number) => void,
  ): void {
    const { plan } = this;
    visitAnchors(plan, labels, selection, (sample, task) => {
      const attribute = plan.attributeOf[selection.column[task]];
      if (own === undefined || own === attribute) visit(sample, task, attribute);
    });
  }
}
