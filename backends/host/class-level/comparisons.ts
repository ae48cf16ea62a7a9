/**
 * L_crl at class level: comparisons of what was mined, and their derivatives, added to a gradient.
 *
 * @module
 */
import type { Options } from '../../../spec/rules.js';
import { roomFor } from '../arrays/scratch.js';
import { visitAnchors } from '../batch/anchors.js';
import type { Plan } from '../batch/flat-schema.js';
import type { ScoreView } from '../batch/scores.js';
import { pairCounts, type Selection } from '../batch/selection.js';
import { Histograms } from '../histograms.js';
import type { Miner } from './mining.js';
import { sumHinges } from './relative.js';

type Gradient = Float32Array | Float64Array;

/** One mined batch. */
export interface Mined {
  readonly labels: Int32Array;
  readonly scores: ScoreView;
  readonly selection: Selection;
  /** |T|. */
  readonly triplets: number;
}

/** The comparisons of one schema with one set of options. */
export class ClassLevel {
  /** Triplets of the last batch that cost something (relative comparison). */
  active = 0;
  readonly histograms: Histograms | undefined;
  /** Of each task: the members tied with the last of its positives that stand behind it. */
  private tied = new Int32Array(0);
  /** Behind which sample they stand, and their score, times the column's sign. */
  private behind = new Int32Array(0);
  private tiedKey = new Float64Array(0);
  private tiedSlope = new Float64Array(0);

  constructor(
    private readonly plan: Plan,
    private readonly options: Options,
    private readonly miner: Miner,
  ) {
    this.histograms = options.comparison === 'distribution' ? new Histograms(options) : undefined;
  }

  /** L_crl; adds `weight` times its derivative to the gradient, n×S row by row. */
  compare(mined: Mined, weight: number, gradient: Gradient): number {
    if (this.options.comparison === 'relative') return this.relative(mined, weight, gradient);
    if (this.histograms) return this.distribution(mined, weight, gradient, this.histograms);
    return this.absolute(mined, weight, gradient);
  }

  private relative(mined: Mined, weight: number, gradient: Gradient): number {
    const { miner, plan, options } = this;
    const { selection, triplets } = mined;
    this.active = 0;
    if (triplets === 0) return 0;
    const { positives, negatives } = miner;
    const anyTied = this.countTied(mined);
    let sum = 0;
    for (let t = 0; t < selection.tasks; t++) {
      const found = sumHinges(
        {
          positives: positives.hardness,
          positivesAt: positives.start[t],
          positiveCount: positives.count[t],
          negatives: negatives.hardness,
          negativesAt: negatives.start[t],
          negativeCount: negatives.count[t],
          positiveSlopes: positives.slope,
          negativeSlopes: negatives.slope,
        },
        options.margin[plan.attributeOf[selection.column[t]]],
        selection.members[t] - positives.count[t],
        this.tied[t],
      );
      sum += found.sum;
      this.active += found.active;
      this.tiedSlope[t] = found.tiedSlope;
    }
    const scale = weight / triplets;
    this.scatter(selection, scale, gradient);
    if (anyTied) this.scatterTied(mined, scale, gradient);
    return sum / triplets;
  }

  /**
   * Counts members that are tied with the last of their positives and stand behind it, where that
   * matters: where it is tied with the one before it.
   *
   * @returns whether there may be any: mostly there are none, and the labels are not walked
   */
  private countTied({ labels, scores, selection }: Mined): boolean {
    const { start, count, hardness, row } = this.miner.positives;
    const { tasks, members, size } = selection;
    this.tied = roomFor(this.tied, tasks).fill(0);
    this.behind = roomFor(this.behind, tasks).fill(size);
    this.tiedKey = roomFor(this.tiedKey, tasks);
    this.tiedSlope = roomFor(this.tiedSlope, tasks);
    let possible = false;
    for (let t = 0; t < tasks; t++) {
      const last = start[t] + count[t] - 1;
      if (members[t] === count[t] || hardness[last] !== hardness[last - 1]) continue;
      possible = true;
      this.behind[t] = row[last];
      this.tiedKey[t] = -hardness[last];
    }
    if (!possible) return false;
    this.visitTied(labels, scores, selection, (_, t) => {
      this.tied[t] += 1;
    });
    return true;
  }

  private visitTied(
    labels: Int32Array,
    scores: ScoreView,
    selection: Selection,
    visit: (sample: number, task: number) => void,
  ): void {
    const { behind, tiedKey } = this;
    visitAnchors(this.plan, labels, selection, (i, t) => {
      // the mined among equals are those of lowest index
      if (i <= behind[t]) return;
      if (this.keyOf(scores, i, selection.column[t]) === tiedKey[t]) visit(i, t);
    });
  }

  private scatterTied({ labels, scores, selection }: Mined, scale: number, gradient: Gradient): void {
    this.visitTied(labels, scores, selection, (i, t) => {
      this.add(gradient, i, selection.column[t], scale * this.tiedSlope[t]);
    });
  }

  /** Adds the slopes of the lists to the gradient. */
  private scatter({ tasks, column }: Selection, scale: number, gradient: Gradient): void {
    const { width, scoreOf, signOf } = this.plan;
    for (const { start, count, row, slope } of [this.miner.positives, this.miner.negatives]) {
      for (let t = 0; t < tasks; t++) {
        const c = column[t];
        const s = scoreOf[c];
        const signed = scale * signOf[c];
        const end = start[t] + count[t];
        for (let at = start[t]; at < end; at++) {
          const cell = row[at] * width + s;
          gradient[cell] += signed * slope[at];
        }
      }
    }
  }

  private add(gradient: Gradient, i: number, column: number, slope: number): void {
    const cell = i * this.plan.width + this.plan.scoreOf[column];
    gradient[cell] += this.plan.signOf[column] * slope;
  }

  /** The score of a sample on a column, times the column's sign. */
  private keyOf({ data, offset, rowStride, columnStride }: ScoreView, i: number, column: number): number {
    const at = offset + i * rowStride + this.plan.scoreOf[column] * columnStride;
    return this.plan.signOf[column] * data[at];
  }

  private absolute(mined: Mined, weight: number, gradient: Gradient): number {
    const { near, far } = pairCounts(mined.selection, this.options.kappa);
    const { margin } = this.options;
    const { attributeOf } = this.plan;
    let nears = 0;
    let fars = 0;
    this.visitPairs(mined, gradient, {
      near: (d) => {
        nears += d * d;
        return (weight * d) / near;
      },
      far: (d, column) => {
        const short = Math.max(margin[attributeOf[column]] - d, 0);
        fars += short * short;
        return (-weight * short) / far;
      },
    });
    return 0.5 * ((near && nears / near) + (far && fars / far));
  }

  private distribution(mined: Mined, weight: number, gradient: Gradient, histograms: Histograms): number {
    histograms.clear();
    this.visitPairs(mined, undefined, {
      near: (d) => {
        histograms.addNear(d);
        return 0;
      },
      far: (d) => {
        histograms.addFar(d);
        return 0;
      },
    });
    const loss = histograms.loss();
    this.visitPairs(mined, gradient, {
      near: (d) => weight * histograms.slopeOfNear(d),
      far: (d) => weight * histograms.slopeOfFar(d),
    });
    return loss;
  }

  /**
   * Visits the distances of all pairs (Eq. 10), and adds what the visitors return, ∂L/∂d, to the
   * gradient of the two samples.
   */
  private visitPairs(
    { labels, scores, selection }: Mined,
    gradient: Gradient | undefined,
    visitors: { near(distance: number): number; far(distance: number, column: number): number },
  ): void {
    const { positives, negatives } = this.miner;
    const { kappa } = this.options;
    visitAnchors(this.plan, labels, selection, (i, t) => {
      const column = selection.column[t];
      const a = this.keyOf(scores, i, column);
      let slope = 0;
      let left = Math.min(kappa, selection.members[t] - 1);
      for (let at = positives.start[t]; left > 0; at++) {
        if (positives.row[at] === i) continue; // ruling: anchor excluded
        left -= 1;
        const difference = a + positives.hardness[at];
        const own = visitors.near(Math.abs(difference)) * Math.sign(difference);
        slope += own;
        positives.slope[at] -= own;
      }
      const end = negatives.start[t] + negatives.count[t];
      for (let at = negatives.start[t]; at < end; at++) {
        const own = visitors.far(a - negatives.hardness[at], column);
        slope += own;
        negatives.slope[at] -= own;
      }
      if (gradient) this.add(gradient, i, column, slope);
    });
    if (gradient) this.scatter(selection, 1, gradient);
  }
}
