/**
 * Relative comparison (Eq. 9) of one class at class level, without a triplet: sums over sorted
 * scores.
 *
 * All scores are those of the class's column, times its sign. The hinge of (a, p, q) is
 * m + |a − p| − a + q. Where p ≤ a it is m − p + q: the same for every anchor above p. Where p > a it
 * is m + p − 2a + q, and p is one of the κ lowest members above one of those, so that only they
 * need a walk of their own. The active q are a prefix of the negatives, hardest first, that only
 * shrinks as p rises from below, and only grows as it rises above the anchor.
 *
 * @module
 */
import { roomFor } from '../arrays/scratch.js';

/** One class: its hardest samples, where they stand in lists of all classes. */
export interface ClassLists {
  /** −score of the κ + 1 lowest members (all, if there are no more), ascending by score. */
  readonly positives: Float64Array;
  readonly positivesAt: number;
  readonly positiveCount: number;
  /** Scores of the κ highest others, descending. */
  readonly negatives: Float64Array;
  readonly negativesAt: number;
  readonly negativeCount: number;
  /** ∂(sum of hinges)/∂score of each, which is added to. */
  readonly positiveSlopes: Float64Array;
  readonly negativeSlopes: Float64Array;
}

let prefix = new Float64Array(1);
let suffix = new Float64Array(1);
let steps = new Float64Array(1);
let active = new Float64Array(1);

function makeRoom(positives: number, negatives: number): void {
  prefix = roomFor(prefix, negatives + 1);
  steps = roomFor(steps, negatives + 1);
  suffix = roomFor(suffix, positives + 1);
  active = roomFor(active, positives);
}

/**
 * The sum of the hinges of a class, and its derivatives.
 *
 * @param outside - members that are not among the lowest; their positives are all but the last of those
 * @param tied - those of them whose score is that of the last of their positives
 * @returns the sum, the derivative with respect to each of the tied, and how many hinges are active
 */
export function sumHinges(
  lists: ClassLists,
  margin: number,
  outside: number,
  tied: number,
): { sum: number; tiedSlope: number; active: number } {
  const { positives, positivesAt: p0, positiveCount: members, positiveSlopes } = lists;
  const { negatives, negativesAt: q0, negativeCount: others, negativeSlopes } = lists;
  makeRoom(members, others);
  steps.fill(0, 0, others + 1);
  prefix[0] = 0;
  for (let k = 0; k < others; k++) prefix[k + 1] = prefix[k] + negatives[q0 + k];
  suffix[members] = 0;
  for (let s = members - 1; s > 0; s--) {
    suffix[s] = suffix[s + 1] - positives[p0 + s];
  }

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
  let everywhere = 0; // what all p from here on were given
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
    // those from s on meet all others
    const rest = members - s;
    sum += others * (rest * (margin - 2 * a) + suffix[s]) + rest * all;
    anchorSlope -= 2 * others * rest;
    steps[others] += rest;
    // told by a change at s, added up below
    if (s === r + 1) everywhere += 1;
    else for (let k = s; k < members; k++) positiveSlopes[p0 + k] += others;
    positiveSlopes[p0 + r] += anchorSlope;
    positiveSlopes[p0 + r + 1] += everywhere * others;
  }

  let running = 0;
  let triplets = 0;
  for (let k = others; k > 0; k--) {
    running += steps[k];
    triplets += running;
    negativeSlopes[q0 + k - 1] += running;
  }
  return { sum: Math.max(0, sum), tiedSlope: mendTies(lists, tied), active: triplets };
}

/** How many negatives are active for an anchor a and a positive p above it: by bisection. */
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
 * Where a = p the derivative of |a − p| is 0 (ruling: kinks): its anchor gets −1 for every active
 * triplet, its positive nothing. The walks took them for a neighbour above or below.
 */
function mendTies({ positives, positivesAt: p0, positiveCount, positiveSlopes }: ClassLists, tied: number) {
  let tiedSlope = 0;
  for (let from = 0; from < positiveCount; ) {
    let to = from + 1;
    while (to < positiveCount && positives[p0 + to] === positives[p0 + from]) to += 1;
    const count = active[from];
    for (let s = from; s < to; s++) {
      // as positives of tied anchors above −c each was too much, and below +c; as anchors −2c for −c, or 0 for −c
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
