/**
 * Stage 2 at instance level: chooses the hard samples of an anchor, its farthest fellow members and its
 * nearest non-members (Eq. 6, 7).
 *
 * Samples are ranked by float64 distances. Where SIMD is available, and the features are not too large for
 * it, approximate float32 distances first narrow them down to the few that can be among the κ nearest or
 * farthest (square-error.ts); else all distances are found in float64. The result is the same.
 *
 * @module
 */

import { bitsAbove, bitsBelow, numberOf } from '../arrays/float-bits.js';
import { HardestLists } from '../arrays/hardest-lists.js';
import { ensureLength } from '../arrays/scratch.js';
import type { AnchorList } from '../batch/anchor-list.js';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import type { FlatSchema } from '../batch/flat-schema.js';
import { ownLabel } from '../batch/labels.js';
import { ApproximateRows } from './approximate-rows.js';
import { Distances } from './distances.js';
import type { SimdWorkspace } from './simd-workspace.js';
import { SmallestKeys } from './smallest-keys.js';
import { canApproximate } from './square-error.js';

/** A batch to search for neighbours in. */
export interface NeighbourSearch {
  readonly matrix: FeatureMatrix;
  readonly size: number;
  readonly width: number;
  readonly labels: Int32Array;
  /** The anchors that will be asked for, in this order. */
  readonly anchors: AnchorList;
  /** Holds the matrix for SIMD; undefined where SIMD is not available. */
  readonly workspace: SimdWorkspace | undefined;
}

/** Finds the hard samples of one anchor after the other. */
export class Neighbours {
  /** The anchor's hard positives. Hardness is the distance. */
  readonly positives = new HardestLists();
  /** The anchor's hard negatives. Hardness is minus the distance. */
  readonly negatives = new HardestLists();
  readonly distances = new Distances();
  private readonly approximateRows = new ApproximateRows();
  /** The non-members that may be among the κ nearest. */
  private readonly near = new SmallestKeys();
  /** The fellow members that may be among the κ farthest. */
  private readonly far = new SmallestKeys();
  private search: NeighbourSearch | undefined;
  private approximates!: boolean;
  private found = new Float64Array(0);
  /** Without approximation: the distances of the anchor `rowOf` to all samples, used for all its classes. */
  private row = new Float64Array(0);
  private rowOf: number | undefined;
  private all = new Int32Array(0);

  constructor(
    private readonly schema: FlatSchema,
    private readonly kappa: number,
  ) {}

  /** Begins a batch. */
  prepare(search: NeighbourSearch): void {
    const { matrix, size, width, anchors, workspace } = search;
    this.search = search;
    this.distances.prepare(matrix, width, workspace?.exact ? workspace : undefined);
    this.found = ensureLength(this.found, size);
    this.row = ensureLength(this.row, size);
    this.all = ensureLength(this.all, size);
    for (let k = 0; k < this.all.length; k++) this.all[k] = k;
    const approximating = workspace && canApproximate(width, workspace.largest) ? workspace : undefined;
    this.approximates = approximating !== undefined;
    if (approximating) this.approximateRows.prepare(approximating, width, anchors.samples, anchors.count);
    this.rowOf = undefined;
  }

  /** Fills the lists with the hard samples of an anchor, as a member of a minority class and its column. */
  find(anchor: number, minorityIndex: number, column: number): void {
    const { near, far, kappa } = this;
    const search = this.search as NeighbourSearch;
    const keep = this.approximates ? kappa : search.size;
    near.reset(keep, search.size, this.nearest);
    far.reset(keep, search.size, this.farthest);
    this.distances.setAnchor(anchor);
    if (this.approximates) this.collectLikely(search, anchor, minorityIndex, column);
    else this.collectAll(search, anchor, column);
    near.cut();
    far.cut();
    this.rank(far, this.positives, 1);
    this.rank(near, this.negatives, -1);
  }

  /** Collects the samples whose approximate distance leaves them a chance. */
  private collectLikely(
    { size, labels, anchors }: NeighbourSearch,
    anchor: number,
    minorityIndex: number,
    column: number,
  ): void {
    const { near, far, approximateRows } = this;
    const { bits } = approximateRows;
    const { labelWidth } = this.schema;
    const { at, own } = ownLabel(this.schema, column);
    const row = approximateRows.rowOf(anchor);
    const { members, start } = anchors;
    const end = start[minorityIndex + 1];
    for (let m = start[minorityIndex]; m < end; m++) {
      const k = members[m];
      const key = ~bits[row + k]; // the larger the square, the smaller the key
      if (key <= far.threshold && k !== anchor) far.push(key, k);
    }
    let { threshold } = near;
    for (let k = 0; k < size; k++) {
      const key = bits[row + k];
      if (key > threshold) continue;
      const label = labels[k * labelWidth + at];
      if (label < 0 || label === own) continue;
      near.push(key, k);
      threshold = near.threshold;
    }
  }

  /** Collects all members and non-members, and finds the distances to all samples. */
  private collectAll({ size, labels }: NeighbourSearch, anchor: number, column: number): void {
    const { near, far, schema } = this;
    const { at, own } = ownLabel(schema, column);
    if (this.rowOf !== anchor) this.distances.compute(this.all, size, this.row);
    this.rowOf = anchor;
    for (let k = 0, l = at; k < size; k++, l += schema.labelWidth) {
      const label = labels[l];
      if (label === own && k !== anchor) far.push(0, k);
      else if (label >= 0 && label !== own) near.push(0, k);
    }
  }

  private readonly nearest = (key: number) => bitsAbove(this.approximateRows.error.nearest(numberOf(key)));

  private readonly farthest = (key: number) =>
    ~bitsBelow(this.approximateRows.error.farthest(numberOf(~key)));

  /**
   * Sorts the collected samples by their exact distance and keeps the κ hardest. They come in ascending
   * order, so that equal distances keep the order of the sample indices (ruling: mined order).
   *
   * A distance that overflowed takes part as the largest number: a list takes only what is harder than −∞, and without
   * it a histogram would count fewer negatives than there are (ruling: non-finite features).
   */
  private rank({ row, count }: SmallestKeys, into: HardestLists, sign: 1 | -1): void {
    const { found } = this;
    if (this.approximates) this.distances.compute(row, count, found);
    else for (let k = 0; k < count; k++) found[k] = this.row[row[k]];
    into.reset(1);
    into.addList(0, this.kappa, count);
    into.allocate();
    for (let k = 0; k < count; k++) {
      into.push(0, Math.max(sign * found[k], -Number.MAX_VALUE), row[k]);
    }
    into.sortAndCutAll(1);
  }
}
