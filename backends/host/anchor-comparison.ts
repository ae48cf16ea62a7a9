/**
 * L_crl from the distances of one anchor after the other: the relative, absolute and distribution comparison, and
 * their derivatives with respect to distances. Both levels use it; where every member of a class is an anchor, the
 * relative comparison at class level has a faster way.
 *
 * @module
 */
import type { Options } from '../../spec/rules.js';
import { AbsoluteSum } from './absolute.js';
import { ensureLength } from './arrays/scratch.js';
import type { PairCounts } from './batch/selection.js';
import { Histograms } from './histograms.js';

/** The distances of an anchor to its positives, or its negatives. */
export interface Distances {
  /** Of a positive the distance, of a negative minus the distance, the nearest first. */
  readonly hardness: Float64Array;
  /** Takes the weight times ∂L_crl/∂d. */
  readonly slope: Float64Array;
  /** How many there are, at place 0. */
  readonly count: Int32Array;
}

/** Compares one anchor: adds to the loss, and sets the slopes. */
export type CompareAnchor = (positives: Distances, negatives: Distances, margin: number) => void;

/**
 * Visits every anchor.
 *
 * @param withSlopes - whether `compare` sets slopes, so that they are to be added to the gradient
 */
export type VisitAnchors = (compare: CompareAnchor, withSlopes: boolean) => void;

/** What L_crl is a mean over. */
export interface Counts extends PairCounts {
  readonly triplets: number;
}

/** The comparison that the options name. */
export class AnchorComparison {
  /** Active triplets of the last batch (relative comparison). */
  active = 0;
  /** Present for the distribution comparison. */
  readonly histograms: Histograms | undefined;
  private prefix = new Float64Array(0);
  private steps = new Float64Array(0);

  constructor(private readonly options: Options) {
    this.histograms = options.comparison === 'distribution' ? new Histograms(options) : undefined;
  }

  /** L_crl of a batch; slopes are multiplied by `weight`. */
  lossOf(visit: VisitAnchors, counts: Counts, weight: number): number {
    this.active = 0;
    if (this.options.comparison === 'relative') return this.relative(visit, counts, weight);
    if (this.histograms) return distribution(visit, this.histograms, weight);
    return absolute(visit, counts, weight);
  }

  private relative(visit: VisitAnchors, { triplets }: Counts, weight: number): number {
    if (triplets === 0) return 0;
    const scale = weight / triplets;
    let sum = 0;
    visit((positives, negatives, margin) => {
      sum += this.sumHinges(positives, negatives, margin, scale);
    }, true);
    return Math.max(0, sum) / triplets;
  }

  /**
   * The sum of an anchor's hinges (Eq. 9), without a triplet formed. Negatives come nearest first, so that those that
   * are active for a positive are a prefix of the list. From one positive to the next it mostly shrinks, since the
   * farthest come first; only at class level, where positives come lowest first, it grows again above the anchor.
   */
  private sumHinges(positives: Distances, negatives: Distances, margin: number, scale: number): number {
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
      while (active < negativeCount && reach + negatives.hardness[active] > 0) active += 1;
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
}

function absolute(visit: VisitAnchors, counts: Counts, weight: number): number {
  const sum = new AbsoluteSum(counts, weight);
  visit((positives, negatives, margin) => {
    for (let k = 0; k < positives.count[0]; k++) {
      positives.slope[k] = sum.addPositive(positives.hardness[k]);
    }
    for (let k = 0; k < negatives.count[0]; k++) {
      negatives.slope[k] = sum.addNegative(-negatives.hardness[k], margin);
    }
  }, true);
  return sum.loss();
}

function distribution(visit: VisitAnchors, histograms: Histograms, weight: number): number {
  histograms.clear();
  visit((positives, negatives) => {
    for (let k = 0; k < positives.count[0]; k++) histograms.addPositive(positives.hardness[k]);
    for (let k = 0; k < negatives.count[0]; k++) histograms.addNegative(-negatives.hardness[k]);
  }, false);
  const loss = histograms.loss();
  visit((positives, negatives) => {
    for (let k = 0; k < positives.count[0]; k++) {
      positives.slope[k] = weight * histograms.slopeOfPositive(positives.hardness[k]);
    }
    for (let k = 0; k < negatives.count[0]; k++) {
      negatives.slope[k] = weight * histograms.slopeOfNegative(-negatives.hardness[k]);
    }
  }, true);
  return loss;
}
