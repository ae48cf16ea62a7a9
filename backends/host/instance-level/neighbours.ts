/**
 * The hardest samples of an anchor at instance level: its farthest companions and its nearest
 * others (Eq. 6, 7).
 *
 * @module
 */

import { bitsAbove, bitsBelow, numberOf } from '../arrays/float-bits.js';
import { Candidates } from '../arrays/hardest-lists.js';
import { roomFor } from '../arrays/scratch.js';
import type { AnchorList } from '../batch/anchor-list.js';
import type { FeatureMatrix } from '../batch/feature-matrix.js';
import type { Plan } from '../batch/flat-schema.js';
import { ownLabel } from '../batch/labels.js';
import { ApproximateRows } from './approximate-rows.js';
import { Distances } from './distances.js';
import type { Workspace } from './simd-workspace.js';
import { Sieve } from './smallest-keys.js';
import { canApproximate } from './square-error.js';

/** What is looked through. */
export interface Surroundings {
  readonly matrix: FeatureMatrix;
  readonly size: number;
  readonly width: number;
  readonly labels: Int32Array;
  /** The samples that will be asked for, in this order. */
  readonly anchors: AnchorList;
  /** What holds the matrix for SIMD; undefined where there is none. */
  readonly workspace: Workspace | undefined;
}

/**
 * Ranks by distances in float64. Approximate ones tell first which few samples can matter, where
 * there is SIMD to find them and features are not too large for it; else all do, with the same
 * result.
 */
export class Neighbours {
  /** Hardness is the distance. */
  readonly positives = new Candidates();
  /** Hardness is minus the distance. */
  readonly negatives = new Candidates();
  readonly distances = new Distances();
  private readonly approximate = new ApproximateRows();
  private readonly near = new Sieve();
  private readonly far = new Sieve();
  private around: Surroundings | undefined;
  private sieved!: boolean;
  private found = new Float64Array(0);
  /** Without a sieve: distances of one sample to all, which serve all its classes. */
  private row = new Float64Array(0);
  private all = new Int32Array(0);
  private rowOf: number | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly kappa: number,
  ) {}

  take(around: Surroundings): void {
    const { matrix, size, width, anchors, workspace } = around;
    this.around = around;
    this.distances.take(matrix, width, workspace?.exact ? workspace : undefined);
    this.found = roomFor(this.found, size);
    this.row = roomFor(this.row, size);
    this.all = roomFor(this.all, size);
    for (let k = 0; k < this.all.length; k++) this.all[k] = k;
    const sieving = workspace && canApproximate(width, workspace.largest) ? workspace : undefined;
    this.sieved = sieving !== undefined;
    if (sieving) this.approximate.take(sieving, width, anchors.samples, anchors.count);
    this.rowOf = undefined;
  }

  /** Finds the samples of an anchor of a task, a class column. */
  of(anchor: number, task: number, column: number): void {
    const { near, far, kappa } = this;
    const around = this.around as Surroundings;
    const keep = this.sieved ? kappa : around.size;
    near.open(keep, around.size, this.nearest);
    far.open(keep, around.size, this.farthest);
    this.distances.from(anchor);
    if (this.sieved) this.sieve(around, anchor, task, column);
    else this.takeAll(around, anchor, column);
    near.cut();
    far.cut();
    this.rank(far, this.positives, 1);
    this.rank(near, this.negatives, -1);
  }

  private sieve({ size, labels, anchors }: Surroundings, anchor: number, task: number, column: number): void {
    const { near, far, approximate } = this;
    const { bits } = approximate;
    const { labelWidth } = this.plan;
    const { at, own } = ownLabel(this.plan, column);
    const row = approximate.of(anchor);
    const { members, start } = anchors;
    const end = start[task + 1];
    for (let m = start[task]; m < end; m++) {
      const k = members[m];
      const key = ~bits[row + k]; // the larger the square, the smaller
      if (key <= far.bar && k !== anchor) far.push(key, k);
    }
    let { bar } = near;
    for (let k = 0; k < size; k++) {
      const key = bits[row + k];
      if (key > bar) continue;
      const label = labels[k * labelWidth + at];
      if (label < 0 || label === own) continue;
      near.push(key, k);
      bar = near.bar;
    }
  }

  private takeAll({ size, labels }: Surroundings, anchor: number, column: number): void {
    const { near, far, plan } = this;
    const { at, own } = ownLabel(plan, column);
    if (this.rowOf !== anchor) this.distances.to(this.all, size, this.row);
    this.rowOf = anchor;
    for (let k = 0, l = at; k < size; k++, l += plan.labelWidth) {
      const label = labels[l];
      if (label === own && k !== anchor) far.push(0, k);
      else if (label >= 0 && label !== own) near.push(0, k);
    }
  }

  private readonly nearest = (key: number) => bitsAbove(this.approximate.error.nearest(numberOf(key)));

  private readonly farthest = (key: number) => ~bitsBelow(this.approximate.error.farthest(numberOf(~key)));

  /** Rows come ascending: equals stay in the order of their indices (ruling: mined order). */
  private rank({ row, count }: Sieve, into: Candidates, sign: 1 | -1): void {
    const { found } = this;
    if (this.sieved) this.distances.to(row, count, found);
    else for (let k = 0; k < count; k++) found[k] = this.row[row[k]];
    into.clear(1);
    into.open(0, this.kappa, count);
    into.allot();
    for (let k = 0; k < count; k++) into.push(0, sign * found[k], row[k]);
    into.settleAll(1);
  }
}
