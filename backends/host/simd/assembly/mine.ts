/**
 * Stage 2 at class level on adjacent rows of float32 scores, for one attribute. AssemblyScript, compiled by
 * `npm run wasm`. mining.ts explains the algorithm.
 *
 * The bits of non-negative float32 keep the order of the numbers, so that four scores are compared with
 * four bounds at once.
 */
import { keyOf, leastOf, ordered, push } from './keys';

export { settle } from './keys';

/**
 * Adds a sampled row to the scores that the first bounds are estimated from: of each column, the `rank`
 * highest scores of non-members so far.
 *
 * @param label - the class of the sample; −1 if `labels` says which
 * @param labels - the sample's labels, a row of 0 and 1; 0 if each sample has one class
 * @param highest - for every four columns `rank` vectors of integers, the highest first
 */
export function sample(row: usize, width: i32, label: i32, labels: usize, highest: usize, rank: i32): void {
  let ids = i32x4(0, 1, 2, 3);
  const own = i32x4.splat(label);
  const bytes: usize = (<usize>rank) << 4;
  for (let s: i32 = 0; s < width; s += 4) {
    const at: usize = (<usize>s) << 2;
    const members = labels ? i32x4.eq(v128.load(labels + at), i32x4.splat(1)) : i32x4.eq(ids, own);
    // a member is not a negative: it counts as a score of 0
    let value = v128.andnot(v128.load(row + at), members);
    const end = highest + bytes;
    if (v128.any_true(i32x4.gt_s(value, v128.load(end - 16)))) {
      for (let r = highest; r < end; r += 16) {
        const held = v128.load(r);
        v128.store(r, i32x4.max_s(held, value));
        value = i32x4.min_s(held, value);
      }
    }
    highest = end;
    ids = i32x4.add(ids, i32x4.splat(4));
  }
}

/**
 * Walks rows. Members are pushed to the positives of their class, and non-members that score above the
 * bound of a minority class to its negatives.
 *
 * @param first - the index of the first of these rows in the batch
 * @param labels - one class index per row (−1: unlabelled); if `multiHot`, rows of 0 and 1
 * @param high - of each column, its bound as an integer: a score that is not above it is a probability and
 * no candidate. −1 lets pass all scores from 0 on
 * @param minorityIndexOf - of each column, its index among the minority classes, or −1
 * @param positives - the records of the lists of the minority classes; the same goes for `negatives`
 * @param scratch - has space for as many keys as the longest list holds
 * @returns false if a score is not in [lowest, highest]
 */
export function scan(
  scores: usize,
  rows: i32,
  width: i32,
  first: i32,
  labels: usize,
  multiHot: bool,
  high: usize,
  minorityIndexOf: usize,
  positives: usize,
  positiveKeys: usize,
  negatives: usize,
  negativeKeys: usize,
  scratch: usize,
  lowest: f64,
  highest: f64,
): bool {
  const rowBytes = (<usize>width) << 2;
  const whole = rowBytes & ~15;
  const tail = (1 << (width & 3)) - 1;
  for (let r = 0; r < rows; r++) {
    const i = first + r;
    const label = multiHot ? 0 : load<i32>(labels + ((<usize>r) << 2));
    const own = multiHot ? labels + <usize>r * rowBytes : 0;
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const bits = v128.load(scores + at);
      // a sign bit says that a score is negative, or above its bound
      const beyond = v128.or(bits, i32x4.sub(v128.load(high + at), bits));
      let mask = i32x4.bitmask(beyond);
      if (at === whole) mask &= tail;
      while (mask) {
        const cell = at + ((<usize>ctz(mask)) << 2);
        mask &= mask - 1;
        const value = load<f32>(scores + cell);
        if (!(<f64>value >= lowest && <f64>value <= highest)) return false;
        const minorityIndex = load<i32>(minorityIndexOf + cell);
        if (minorityIndex < 0) continue;
        const other = multiHot ? load<i32>(own + cell) === 0 : label >= 0 && label !== <i32>(cell >> 2);
        if (!other) continue;
        const hardness = ordered(value);
        const bound = high + cell;
        // Scores just below 0, within the tolerance, come here for any bound. They must not fill a
        // list whose estimated bound was too high: where one is needed, the list stays short, and its
        // column is walked again.
        if (hardness <= load<i32>(bound)) continue;
        const record = negatives + ((<usize>minorityIndex) << 4);
        if (push(record, negativeKeys, keyOf(hardness, i), scratch))
          store<i32>(bound, leastOf(record, negativeKeys));
      }
    }
    if (multiHot) {
      for (let at: usize = 0; at < rowBytes; at += 16) {
        let mask = i32x4.bitmask(i32x4.eq(v128.load(own + at), i32x4.splat(1)));
        if (at === whole) mask &= tail;
        while (mask) {
          const cell = at + ((<usize>ctz(mask)) << 2);
          mask &= mask - 1;
          pushMember(scores, cell, i, minorityIndexOf, positives, positiveKeys, scratch);
        }
      }
    } else if (label >= 0) {
      pushMember(scores, (<usize>label) << 2, i, minorityIndexOf, positives, positiveKeys, scratch);
    }
    scores += rowBytes;
  }
  return true;
}

function pushMember(
  row: usize,
  cell: usize,
  i: i32,
  minorityIndexOf: usize,
  positives: usize,
  keys: usize,
  scratch: usize,
): void {
  const minorityIndex = load<i32>(minorityIndexOf + cell);
  if (minorityIndex >= 0)
    push(positives + ((<usize>minorityIndex) << 4), keys, keyOf(ordered(-load<f32>(row + cell)), i), scratch);
}
