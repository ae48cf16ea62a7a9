/**
 * Stage 2 at class level on float32 scores, one attribute, rows side by side: AssemblyScript, compiled by
 * `npm run wasm`. What is kept, and why a bound is guessed first, is told in mining.ts.
 *
 * Numbers from 0 keep their order as integers, so that four scores are compared with four bounds at once.
 */
import { keyOf, leastOf, ordered, push } from './keys';

export { settle } from './keys';

/**
 * Takes a row into account whose scores guess the bounds: of each column the `rank` highest others so far.
 *
 * @param label - its class; −1 if `labels` says which
 * @param labels - a row of 0/1, or 0 if each sample has one class
 * @param highest - for every four columns `rank` vectors of integers, the highest first
 */
export function sample(row: usize, width: i32, label: i32, labels: usize, highest: usize, rank: i32): void {
  let ids = i32x4(0, 1, 2, 3);
  const own = i32x4.splat(label);
  const bytes: usize = (<usize>rank) << 4;
  for (let s: i32 = 0; s < width; s += 4) {
    const at: usize = (<usize>s) << 2;
    const members = labels ? i32x4.eq(v128.load(labels + at), i32x4.splat(1)) : i32x4.eq(ids, own);
    // a member is no negative, and as good as a score of 0
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
 * Walks rows: pushes members to the positives of their class, and others that are above the bound of a
 * minority class to its negatives.
 *
 * @param first - index of the first of the rows
 * @param labels - a class index a row (−1: unlabelled); if `multiHot`, rows of 0/1
 * @param high - of each column: what is not above it, as an integer, is a probability of no interest; −1:
 * all from 0 are of interest
 * @param taskOf - of each column: its task, or −1
 * @param positives - records of the tasks, with their keys
 * @param scratch - room for as many keys as the longest list has
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
  taskOf: usize,
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
        const task = load<i32>(taskOf + cell);
        if (task < 0) continue;
        const other = multiHot ? load<i32>(own + cell) === 0 : label >= 0 && label !== <i32>(cell >> 2);
        if (!other) continue;
        const hardness = ordered(value);
        const bound = high + cell;
        // below 0, by less than the tolerance: it must not fill a list whose guess was too bold; where it is
        // wanted, the list stays short, and its column is walked again
        if (hardness <= load<i32>(bound)) continue;
        const record = negatives + ((<usize>task) << 4);
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
          pushMember(scores, cell, i, taskOf, positives, positiveKeys, scratch);
        }
      }
    } else if (label >= 0) {
      pushMember(scores, (<usize>label) << 2, i, taskOf, positives, positiveKeys, scratch);
    }
    scores += rowBytes;
  }
  return true;
}

function pushMember(
  row: usize,
  cell: usize,
  i: i32,
  taskOf: usize,
  positives: usize,
  keys: usize,
  scratch: usize,
): void {
  const task = load<i32>(taskOf + cell);
  if (task >= 0)
    push(positives + ((<usize>task) << 4), keys, keyOf(ordered(-load<f32>(row + cell)), i), scratch);
}
