/**
 * The relative comparison (Eq. 9) of one minority class at class level: the sum of its hinges, found from
 * sorted scores without forming a triplet.
 *
 * All scores are those of the class's column, times the column's sign. The hinge of the triplet (a, p, q)
 * is m + |a − p| − a + q.
 *
 * - Where p ≤ a it is m − p + q, which is the same for every anchor above p.
 * - Where p > a it is m + p − 2a + q. Such a p is one of the class's κ + 1 lowest members, and so is its
 *   anchor, so that only these anchors need a walk of their own.
 *
 * A hinge is active where it is above 0. For given a and p the active negatives q are a prefix of the list
 * of negatives, hardest first. The prefix shrinks as p rises towards its anchor, and grows as p rises above
 * it.
 *
 * @module
 */
import { ensureLength } from '../arrays/scratch.js';

/** The hardest samples of one class, as they lie in the lists of all classes. */
export interface ClassLists {
  /** −score of the κ + 1 lowest members, or of all if there are fewer, by ascending score. */
  readonly positives: Float64Array;
  readonly positivesAt: number;
  readonly positiveCount: number;
  /** Scores of the κ highest non-members, descending. */
  readonly negatives: Float64Array;
  readonly negativesAt: number;
  readonly negativeCount: number;
  /** ∂(sum of hinges)/∂score of each entry is added here. */
  readonly positiveSlopes: Float64Array;
  readonly negativeSlopes: Float64Array;
}

/** What {@link HingeSums.sumOf} returns. */
export interface HingeSum {
  /** The sum of the hinges of all triplets of the class. */
  readonly sum: number;
  /** The derivative of the sum with respect to the score of each tied anchor. */
  readonly tiedSlope: number;
  /** The number of active triplets. */
  readonly active: number;
}

/** Sums the hinges of one class after the other, in arrays that are reused. */
export class HingeSums {
  /** prefix[k]: the sum of the k hardest negatives. */
  private prefix = new Float64Array(1);
  /** suffix[s]: the sum of the scores of the positives from s on. */
  private suffix = new Float64Array(1);
  /** steps[k]: how many (anchor, positive) pairs have exactly k active negatives. */
  private steps = new Float64Array(1);
  /** Active negatives of each positive for the anchors at or above it. */
  private active = new Float64Array(1);

  /**
   * The sum of the hinges of a class, and its derivatives, which are added to the slopes of the lists.
   *
   * @param outside - how many members are not listed; their positives are the listed ones but the last
   * @param tied - how many of these have the score of the last of their positives
   */
  sumOf(lists: ClassLists, margin: number, outside: number, tied: number): HingeSum {
    const { positives, positivesAt: p0, positiveCount: members, positiveSlopes } = lists;
    const { negatives, negativesAt: q0, negativeCount: others, negativeSlopes } = lists;
    this.addUp(lists);
    const { prefix, suffix, steps, active } = this;

    // p at or below its anchor
    let sum = 0;
    let count = others;
    for (let s = 0; s < members; s++) {
      const p = -positives[p0 + s];
      while (count > 0 && !(margin - (p - negatives[q0 + count - 1]) > 0)) count -= 1;
      active[s] = count;
      const anchors = s < members - 1 ? members - 1 - s + outside : 0;
      sum += anchors * (count * (margin - p) + prefix[count]);
      positiveSlopes[p0 + s] -= anchors * count;
      steps[count] += anchors;
    }

    // p above its anchor
    const all = prefix[others];
    let unrestricted = 0; // anchors so far for which every p above them meets all negatives
    for (let r = 0; r < members - 1; r++) {
      const a = -positives[p0 + r];
      let anchorSlope = 0;
      let s = r + 1;
      count = activeCount(margin, a, -positives[p0 + s], negatives, q0, others);
      for (; s < members; s++) {
        const p = -positives[p0 + s];
        while (count < others && margin + (p - a) - (a - negatives[q0 + count]) > 0) count += 1;
        if (count === others) break;
        sum += count * (margin + p - 2 * a) + prefix[count];
        positiveSlopes[p0 + s] += count;
        anchorSlope -= 2 * count;
        steps[count] += 1;
      }
      // the positives from s on meet all negatives
      const rest = members - s;
      sum += others * (rest * (margin - 2 * a) + suffix[s]) + rest * all;
      anchorSlope -= 2 * others * rest;
      steps[others] += rest;
      // the common case is counted here, and added once for all such anchors below
      if (s === r + 1) unrestricted += 1;
      else for (let k = s; k < members; k++) positiveSlopes[p0 + k] += others;
      positiveSlopes[p0 + r] += anchorSlope;
      positiveSlopes[p0 + r + 1] += unrestricted * others;
    }

    let running = 0;
    let triplets = 0;
    for (let k = others; k > 0; k--) {
      running += steps[k];
      triplets += running;
      negativeSlopes[q0 + k - 1] += running;
    }
    return { sum: Math.max(0, sum), tiedSlope: correctTies(lists, active, tied), active: triplets };
  }

  /** Fills `prefix` and `suffix`, and sets `steps` to 0. */
  private addUp({
    positives,
    positivesAt,
    positiveCount,
    negatives,
    negativesAt,
    negativeCount,
  }: ClassLists): void {
    this.prefix = ensureLength(this.prefix, negativeCount + 1);
    this.steps = ensureLength(this.steps, negativeCount + 1).fill(0, 0, negativeCount + 1);
    this.suffix = ensureLength(this.suffix, positiveCount + 1);
    this.active = ensureLength(this.active, positiveCount);
    const { prefix, suffix } = this;
    prefix[0] = 0;
    for (let k = 0; k < negativeCount; k++) prefix[k + 1] = prefix[k] + negatives[negativesAt + k];
    suffix[positiveCount] = 0;
    for (let s = positiveCount - 1; s > 0; s--) suffix[s] = suffix[s + 1] - positives[positivesAt + s];
  }
}

/** How many negatives are active for an anchor a and a positive p above it, by bisection. */
function activeCount(
  margin: number,
  a: number,
  p: number,
  negatives: Float64Array,
  q0: number,
  others: number,
): number {
  const near = margin + (p - a);
  if (others === 0 || near - (a - negatives[q0 + others - 1]) > 0) return others;
  let low = 0;
  let high = others - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (near - (a - negatives[q0 + middle]) > 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Corrects the slopes of equal scores. Where a = p the derivative of |a − p| is 0 (ruling: kinks): of each
 * active triplet the anchor gets −1 and the positive nothing. The walks above took one of the two for the
 * lower.
 *
 * @param active - of each positive, its active negatives for the anchors at or above it
 * @returns the derivative with respect to the score of each tied anchor that is not listed
 */
function correctTies(
  { positives, positivesAt: p0, positiveCount, positiveSlopes }: ClassLists,
  active: Float64Array,
  tied: number,
): number {
  let tiedSlope = 0;
  for (let from = 0; from < positiveCount; ) {
    let to = from + 1;
    while (to < positiveCount && positives[p0 + to] === positives[p0 + from]) to += 1;
    const count = active[from];
    for (let s = from; s < to; s++) {
      // s was a positive of the anchors listed after it, at −count each, where 0 is right, and of those
      // listed before it, at +count; as an anchor it got −2·count from each positive listed after it and 0
      // from each listed before, where −count is right
      positiveSlopes[p0 + s] += 2 * count * (to - 1 - s - (s - from));
    }
    if (tied > 0 && to === positiveCount) {
      for (let s = from; s < positiveCount - 1; s++) {
        positiveSlopes[p0 + s] += tied * count;
        tiedSlope -= count;
      }
    }
    from = to;
  }
  return tiedSlope;
}
