/**
 * L_crl at class level: the relative, absolute and distribution comparison of the mined samples, and their
 * derivatives with respect to the scores.
 *
 * @module
 */
import type { Options } from '../../../spec/rules.js';
import { AnchorComparison, type CompareAnchor } from '../anchor-comparison.js';
import { ensureLength } from '../arrays/scratch.js';
import type { SlopeSink } from '../arrays/slopes.js';
import { visitAnchors } from '../batch/anchors.js';
import type { EasyAnchors } from '../batch/easy-anchors.js';
import type { FlatSchema } from '../batch/flat-schema.js';
import type { ScoreView } from '../batch/scores.js';
import { pairCounts, type Selection } from '../batch/selection.js';
import type { Histograms } from '../histograms.js';
import type { Miner } from './mining.js';
import { HingeSums } from './relative.js';

/** A batch whose hard samples are in the lists of the miner. */
export interface MinedBatch {
  readonly labels: Int32Array;
  readonly scores: ScoreView;
  readonly selection: Selection;
  /** |T|. */
  readonly triplets: number;
  /** Chosen for this batch. Default: every member of a minority class is an anchor. */
  readonly easy?: EasyAnchors | undefined;
}

/** The comparisons of one schema with one set of options. */
export class ClassLevelComparison {
  /** Active triplets of the last batch (relative comparison). */
  active = 0;
  private readonly comparison: AnchorComparison;
  private readonly hinges = new HingeSums();
  // the distances of one anchor
  private readonly near = {
    hardness: new Float64Array(0),
    slope: new Float64Array(0),
    count: new Int32Array(1),
  };
  private readonly far = {
    hardness: new Float64Array(0),
    slope: new Float64Array(0),
    count: new Int32Array(1),
  };
  // Of each minority class, the members that are not listed but tie with the last listed positive: how many
  // there are, the sample that they all come after, their score times the column's sign, and the derivative
  // of each.
  private tied = new Int32Array(0);
  private tiedAfter = new Int32Array(0);
  private tiedScore = new Float64Array(0);
  private tiedSlope = new Float64Array(0);

  constructor(
    private readonly schema: FlatSchema,
    private readonly options: Options,
    private readonly miner: Miner,
  ) {
    this.comparison = new AnchorComparison(options);
  }

  /** Present for the distribution comparison. */
  get histograms(): Histograms | undefined {
    return this.comparison.histograms;
  }

  /** Returns L_crl, and adds `weight` times its derivative to the slopes. */
  compare(mined: MinedBatch, weight: number, slopes: SlopeSink): number {
    const { selection, triplets, easy } = mined;
    if (this.options.comparison === 'relative' && !easy) return this.relative(mined, weight, slopes);
    const counts = { triplets, ...pairCounts(selection, this.options.kappa) };
    const loss = this.comparison.lossOf(
      (compare, withSlopes) => this.visitPairs(mined, withSlopes ? slopes : undefined, compare),
      counts,
      weight,
    );
    this.active = this.comparison.active;
    return loss;
  }

  private relative(mined: MinedBatch, weight: number, slopes: SlopeSink): number {
    const { miner, schema, options } = this;
    const { selection, triplets } = mined;
    this.active = 0;
    if (triplets === 0) return 0;
    const { positives, negatives } = miner;
    const anyTied = this.countTied(mined);
    let sum = 0;
    for (let t = 0; t < selection.minorityCount; t++) {
      const found = this.hinges.sumOf(
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
        options.margin[schema.attributeOf[selection.column[t]]],
        selection.members[t] - positives.count[t],
        this.tied[t],
      );
      sum += found.sum;
      this.active += found.active;
      this.tiedSlope[t] = found.tiedSlope;
    }
    const scale = weight / triplets;
    this.scatterLists(selection, scale, slopes);
    if (anyTied) this.scatterTied(mined, scale, slopes);
    return sum / triplets;
  }

  /**
   * Counts the members that are not listed but tie with the last positive of their anchors. They matter
   * only where the last listed member ties with the one before it.
   *
   * @returns whether there may be any. Mostly there are none, and the labels need not be walked
   */
  private countTied({ labels, scores, selection }: MinedBatch): boolean {
    const { start, count, hardness, row } = this.miner.positives;
    const { minorityCount, members, size } = selection;
    this.tied = ensureLength(this.tied, minorityCount).fill(0);
    this.tiedAfter = ensureLength(this.tiedAfter, minorityCount).fill(size);
    this.tiedScore = ensureLength(this.tiedScore, minorityCount);
    this.tiedSlope = ensureLength(this.tiedSlope, minorityCount);
    let possible = false;
    for (let t = 0; t < minorityCount; t++) {
      const last = start[t] + count[t] - 1;
      if (members[t] === count[t] || hardness[last] !== hardness[last - 1]) continue;
      possible = true;
      this.tiedAfter[t] = row[last];
      this.tiedScore[t] = -hardness[last];
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
    visit: (sample: number, t: number) => void,
  ): void {
    const { tiedAfter, tiedScore } = this;
    visitAnchors(this.schema, labels, selection, (i, t) => {
      // of equal scores the lower sample indices are listed (ruling: mined order)
      if (i <= tiedAfter[t]) return;
      if (this.signedScore(scores, i, selection.column[t]) === tiedScore[t]) visit(i, t);
    });
  }

  private scatterTied({ labels, scores, selection }: MinedBatch, scale: number, slopes: SlopeSink): void {
    this.visitTied(labels, scores, selection, (i, t) => {
      this.add(slopes, i, selection.column[t], scale * this.tiedSlope[t], this.tiedScore[t]);
    });
  }

  /** Adds the derivatives of all listed samples to the slopes. */
  private scatterLists({ minorityCount, column }: Selection, scale: number, slopes: SlopeSink): void {
    const { scoreOf, signOf } = this.schema;
    const { positives, negatives } = this.miner;
    for (const lists of [positives, negatives]) {
      const { start, count, row, slope, hardness } = lists;
      for (let t = 0; t < minorityCount; t++) {
        const c = column[t];
        slopes.addList({
          column: scoreOf[c],
          row,
          slope,
          hardness,
          from: start[t],
          to: start[t] + count[t],
          scale: scale * signOf[c],
          // the hardness of a negative is its score times the column's sign, that of a positive the opposite
          sign: lists === negatives ? signOf[c] : -signOf[c],
        });
      }
    }
  }

  /** Adds a derivative with respect to a score times the column's sign. */
  private add(slopes: SlopeSink, i: number, column: number, slope: number, signedScore: number): void {
    const sign = this.schema.signOf[column];
    slopes.add(i, this.schema.scoreOf[column], sign * slope, sign * signedScore);
  }

  /** The score of a sample on a column, times the column's sign. */
  private signedScore(
    { data, offset, rowStride, columnStride }: ScoreView,
    i: number,
    column: number,
  ): number {
    const at = offset + i * rowStride + this.schema.scoreOf[column] * columnStride;
    return this.schema.signOf[column] * data[at];
  }

  /**
   * Visits the anchors with the distances of their pairs (Eq. 10), and adds the slopes of the distances to those of
   * both samples of each pair.
   */
  private visitPairs(
    { labels, scores, selection, easy }: MinedBatch,
    slopes: SlopeSink | undefined,
    compare: CompareAnchor,
  ): void {
    const { schema, near, far } = this;
    const { positives, negatives } = this.miner;
    const { kappa, margin } = this.options;
    for (const [own, lists] of [
      [near, positives],
      [far, negatives],
    ] as const) {
      own.hardness = ensureLength(own.hardness, lists.longest);
      own.slope = ensureLength(own.slope, lists.longest);
    }
    const visitPairsOf = (i: number, t: number) => {
      const column = selection.column[t];
      const a = this.signedScore(scores, i, column);
      const kept = Math.min(kappa, selection.members[t] - 1);
      for (let at = positives.start[t], k = 0; k < kept; at++) {
        if (positives.row[at] !== i) near.hardness[k++] = Math.abs(a + positives.hardness[at]); // ruling: anchor excluded
      }
      const others = negatives.count[t];
      const first = negatives.start[t];
      for (let k = 0; k < others; k++) far.hardness[k] = negatives.hardness[first + k] - a;
      near.count[0] = kept;
      far.count[0] = others;
      compare(near, far, margin[schema.attributeOf[column]]);
      if (!slopes) return;
      let anchorSlope = 0;
      for (let at = positives.start[t], k = 0; k < kept; at++) {
        if (positives.row[at] === i) continue;
        const slope = near.slope[k++] * Math.sign(a + positives.hardness[at]); // ruling: kinks
        anchorSlope += slope;
        positives.slope[at] -= slope;
      }
      for (let k = 0; k < others; k++) {
        anchorSlope += far.slope[k];
        negatives.slope[first + k] -= far.slope[k];
      }
      this.add(slopes, i, column, anchorSlope, a);
    };
    visitAnchors(schema, labels, selection, visitPairsOf, easy);
    if (slopes) this.scatterLists(selection, 1, slopes);
  }
}
