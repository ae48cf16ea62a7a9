/**
 * The relative comparison (Eq. 9) at class level, one anchor at a time, for where few members are anchors.
 *
 * All scores are those of the class's column, times the column's sign. The hinge of the triplet (a, p, q) is
 * m + |a − p| − (a − q). For given a and p the active negatives q are a prefix of the list of negatives, hardest
 * first. Positives come lowest first, so that their distance from the anchor falls and then rises: a count that moves
 * both ways finds all prefixes in O(κ) steps per anchor, and no triplet is formed.
 *
 * @module
 */
import type { HardestLists } from '../arrays/hardest-lists.js';
import { ensureLength } from '../arrays/scratch.js';

/** Sums the hinges of the anchors of one batch after the other, in arrays that are reused. */
export class AnchorHinges {
  /** Active triplets of the batch. */
  active = 0;
  /** The sum of all hinges of the batch. */
  sum = 0;
  // of minority class t, from negatives.start[t] + t on: one number more than it has negatives
  /** The sum of its k hardest negatives. */
  private prefix = new Float64Array(0);
  /** How many (anchor, positive) pairs have exactly k active negatives. */
  private steps = new Float64Array(0);

  /** @param lists - the mined samples of all classes; the slopes of both are added to */
  constructor(
    private readonly positives: HardestLists,
    private readonly negatives: HardestLists,
  ) {}

  /** Begins a batch of so many minority classes. */
  prepare(minorityCount: number): void {
    const { start, count, hardness, size } = this.negatives;
    this.active = 0;
    this.sum = 0;
    this.prefix = ensureLength(this.prefix, size + minorityCount);
    this.steps = ensureLength(this.steps, size + minorityCount).fill(0, 0, size + minorityCount);
    for (let t = 0; t < minorityCount; t++) {
      let held = 0;
      for (let k = 0; k <= count[t]; k++) {
        this.prefix[start[t] + t + k] = held;
        held += hardness[start[t] + k];
      }
    }
  }

  /**
   * Adds the hinges of an anchor.
   *
   * @param a - its score
   * @param kept - how many positives it has
   * @returns ∂(sum of hinges)/∂a
   */
  add(sample: number, a: number, t: number, kept: number, margin: number): number {
    const { positives, negatives, prefix, steps } = this;
    const first = negatives.start[t];
    const others = negatives.count[t];
    let slope = 0;
    let active = others;
    for (let at = positives.start[t], left = kept; left > 0; at++) {
      if (positives.row[at] === sample) continue; // ruling: anchor excluded
      left -= 1;
      const difference = a + positives.hardness[at];
      const near = margin + Math.abs(difference);
      while (active > 0 && !(near - (a - negatives.hardness[first + active - 1]) > 0)) active -= 1;
      while (active < others && near - (a - negatives.hardness[first + active]) > 0) active += 1;
      const turned = active * Math.sign(difference); // ruling: kinks
      this.sum += active * (near - a) + prefix[first + t + active];
      this.active += active;
      steps[first + t + active] += 1;
      positives.slope[at] -= turned;
      slope += turned - active;
    }
    return slope;
  }

  /** Adds ∂(sum of hinges)/∂q of all negatives to their slopes. */
  finish(minorityCount: number): void {
    const { start, count, slope } = this.negatives;
    for (let t = 0; t < minorityCount; t++) {
      let pairs = 0;
      for (let k = count[t]; k > 0; k--) {
        pairs += this.steps[start[t] + t + k];
        slope[start[t] + k - 1] += pairs;
      }
    }
  }
}
