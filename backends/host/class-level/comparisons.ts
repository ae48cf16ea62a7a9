/**
 * L_crl at class level: the relative, absolute and distribution comparison of the mined samples, and their
 * derivatives with respect to the scores.
 *
 * @module
 */
import type { Options } from '../../../spec/rules.js';
import { AbsoluteSum } from '../absolute.js';
import { ensureLength } from '../arrays/scratch.js';
import type { SlopeSink } from '../arrays/slopes.js';
import { visitAnchors } from '../batch/anchors.js';
import type { EasyAnchors } from '../batch/easy-anchors.js';
import type { FlatSchema } from '../batch/flat-schema.js';
import type { ScoreView } from '../batch/scores.js';
import { pairCounts, type Selection } from '../batch/selection.js';
import { Histograms } from '../histograms.js';
import { AnchorHinges } from './anchor-hinges.js';
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
  /** Present for the distribution comparison. */
  readonly histograms: Histograms | undefined;
  private readonly hinges = new HingeSums();
  private readonly anchorHinges: AnchorHinges;
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
    this.histograms = options.comparison === 'distribution' ? new Histograms(options) : undefined;
    this.anchorHinges = new AnchorHinges(miner.positives, miner.negatives);
  }

  /** Returns L_crl, and adds `weight` times its derivative to the slopes. */
  compare(mined: MinedBatch, weight: number, slopes: SlopeSink): number {
    if (this.options.comparison === 'relative') return this.relative(mined, weight, slopes);
    if (this.histograms) return this.distribution(mined, weight, slopes, this.histograms);
    return this.absolute(mined, weight, slopes);
  }

  private relative(mined: MinedBatch, weight: number, slopes: SlopeSink): number {
    const { miner, schema, options } = this;
    const { selection, triplets } = mined;
    this.active = 0;
    if (triplets === 0) return 0;
    if (mined.easy) return this.relativeByAnchor(mined, weight, slopes);
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

  /** The same for few anchors: the sums above count on every member to be one. */
  private relativeByAnchor(
    { labels, scores, selection, triplets, easy }: MinedBatch,
    weight: number,
    slopes: SlopeSink,
  ): number {
    const { anchorHinges, options, schema } = this;
    const { minorityCount, members, column } = selection;
    const scale = weight / triplets;
    anchorHinges.prepare(minorityCount);
    visitAnchors(
      schema,
      labels,
      selection,
      (i, t) => {
        const a = this.signedScore(scores, i, column[t]);
        const kept = Math.min(options.kappa, members[t] - 1);
        const margin = options.margin[schema.attributeOf[column[t]]];
        this.add(slopes, i, column[t], scale * anchorHinges.add(i, a, t, kept, margin), a);
      },
      easy,
    );
    anchorHinges.finish(minorityCount);
    this.active = anchorHinges.active;
    this.scatterLists(selection, scale, slopes);
    return Math.max(0, anchorHinges.sum) / triplets;
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

  private absolute(mined: MinedBatch, weight: number, slopes: SlopeSink): number {
    const sum = new AbsoluteSum(pairCounts(mined.selection, this.options.kappa), weight);
    const { margin } = this.options;
    const { attributeOf } = this.schema;
    this.visitPairs(mined, slopes, {
      positive: (d) => sum.addPositive(d),
      negative: (d, column) => sum.addNegative(d, margin[attributeOf[column]]),
    });
    return sum.loss();
  }

  private distribution(mined: MinedBatch, weight: number, slopes: SlopeSink, histograms: Histograms): number {
    histograms.clear();
    this.visitPairs(mined, undefined, {
      positive: (d) => {
        histograms.addPositive(d);
        return 0;
      },
      negative: (d) => {
        histograms.addNegative(d);
        return 0;
      },
    });
    const loss = histograms.loss();
    this.visitPairs(mined, slopes, {
      positive: (d) => weight * histograms.slopeOfPositive(d),
      negative: (d) => weight * histograms.slopeOfNegative(d),
    });
    return loss;
  }

  /**
   * Visits the distances of all pairs (Eq. 10), and adds what the visitors return, ∂L/∂d, to the slopes of
   * both samples of the pair.
   */
  private visitPairs(
    { labels, scores, selection, easy }: MinedBatch,
    slopes: SlopeSink | undefined,
    visitors: { positive(distance: number): number; negative(distance: number, column: number): number },
  ): void {
    const { positives, negatives } = this.miner;
    const { kappa } = this.options;
    const visitPairsOf = (i: number, t: number) => {
      const column = selection.column[t];
      const a = this.signedScore(scores, i, column);
      let anchorSlope = 0;
      let left = Math.min(kappa, selection.members[t] - 1);
      for (let at = positives.start[t]; left > 0; at++) {
        if (positives.row[at] === i) continue; // ruling: anchor excluded
        left -= 1;
        const difference = a + positives.hardness[at];
        const slope = visitors.positive(Math.abs(difference)) * Math.sign(difference);
        anchorSlope += slope;
        positives.slope[at] -= slope;
      }
      const end = negatives.start[t] + negatives.count[t];
      for (let at = negatives.start[t]; at < end; at++) {
        const slope = visitors.negative(a - negatives.hardness[at], column);
        anchorSlope += slope;
        negatives.slope[at] -= slope;
      }
      if (slopes) this.add(slopes, i, column, anchorSlope, a);
    };
    visitAnchors(this.schema, labels, selection, visitPairsOf, easy);
    if (slopes) this.scatterLists(selection, 1, slopes);
  }
}
