/**
 * Lists of the hardest samples, each sample as one integer key, so that sorting moves a single array.
 * AssemblyScript, compiled by `npm run wasm`.
 *
 * The upper half of a key is the hardness, a float32 as an integer of the same order (−0 is 0). The lower
 * half is 2³¹ − 1 − row, so that of equal hardness the lower row has the larger key (ruling: mined order).
 * No two keys are equal.
 *
 * Each list has a record of four int32: where its keys begin, how many to keep, how many it can
 * hold, and how many it has.
 */

/** Runs of this length are sorted by insertion, which is faster than merging for so few. */
const RUN = 24;
/** A selection that takes more rounds than this, through unlucky pivots, sorts instead. */
const ROUNDS = 32;

/** A float32 as an integer of the same order. */
export function ordered(value: f32): i32 {
  const bits = reinterpret<i32>(value + <f32>0);
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

export function keyOf(hardness: i32, row: i32): i64 {
  return ((<i64>hardness) << 32) | <i64>(0x7fffffff - row);
}

/**
 * Adds a key to a list, and cuts the list to those to keep if it is full.
 *
 * @returns whether the list was cut
 */
export function push(record: usize, keys: usize, key: i64, scratch: usize): bool {
  const list = keys + ((<usize>load<i32>(record)) << 3);
  const count = load<i32>(record, 12) + 1;
  store<i64>(list + ((<usize>count - 1) << 3), key);
  const full = count === load<i32>(record, 8);
  const keep = load<i32>(record, 4);
  if (full) select(list, count, keep, scratch);
  store<i32>(record, full ? keep : count, 12);
  return full;
}

/** The least hardness in a list that has just been cut, whose keys are in no order. */
export function leastOf(record: usize, keys: usize): i32 {
  let at = keys + ((<usize>load<i32>(record)) << 3);
  const end = at + ((<usize>load<i32>(record, 4)) << 3);
  let least = load<i64>(at);
  for (at += 8; at < end; at += 8) least = min(least, load<i64>(at));
  return <i32>(least >> 32);
}

/**
 * Cuts all lists to the keys to keep, sorts them, and splits each key into its hardness, as a float64 in
 * the place of the key, and its row.
 */
export function settle(records: usize, lists: i32, keys: usize, rows: usize, scratch: usize): void {
  const end = records + ((<usize>lists) << 4);
  for (let record = records; record < end; record += 16) {
    const start = <usize>load<i32>(record);
    const list = keys + (start << 3);
    const keep = load<i32>(record, 4);
    let count = load<i32>(record, 12);
    if (count > keep) {
      select(list, count, keep, scratch);
      count = keep;
      store<i32>(record, count, 12);
    }
    sort(list, count, scratch);
    for (let k: usize = 0; k < <usize>count; k++) {
      const key = load<i64>(list + (k << 3));
      const hardness = <i32>(key >> 32);
      store<f64>(list + (k << 3), <f64>reinterpret<f32>(hardness ^ ((hardness >> 31) & 0x7fffffff)));
      store<i32>(rows + ((start + k) << 2), 0x7fffffff - <i32>key);
    }
  }
}

/** Moves the `keep` largest of `count` keys to the front, in any order. */
function select(list: usize, count: i32, keep: i32, scratch: usize): void {
  let low = list;
  let high = list + ((<usize>count - 1) << 3);
  const last = list + ((<usize>keep - 1) << 3);
  let rounds = 0;
  while (low < high) {
    if (rounds++ === ROUNDS) {
      sort(low, <i32>((high - low) >> 3) + 1, scratch);
      return;
    }
    const pivot = middleOf(
      load<i64>(low),
      load<i64>(low + ((((high - low) >> 3) >> 1) << 3)),
      load<i64>(high),
    );
    let i = low;
    let j = high;
    while (i <= j) {
      let left = load<i64>(i);
      while (left > pivot) {
        i += 8;
        left = load<i64>(i);
      }
      let right = load<i64>(j);
      while (right < pivot) {
        j -= 8;
        right = load<i64>(j);
      }
      if (i > j) break;
      store<i64>(i, right);
      store<i64>(j, left);
      i += 8;
      j -= 8;
    }
    // done where the last key to keep lies between the two sides
    if (last < j) high = j;
    else if (last >= i) low = i;
    else return;
  }
}

function middleOf(a: i64, b: i64, c: i64): i64 {
  return max(min(a, b), min(max(a, b), c));
}

/** Sorts keys, largest first, by merging runs, so that no order of the input is slow. */
function sort(list: usize, count: i32, scratch: usize): void {
  const end = list + ((<usize>count) << 3);
  const run: usize = RUN << 3;
  for (let from = list; from < end; from += run) insert(from, min(from + run, end));
  for (let width = run; width < end - list; width <<= 1) {
    for (let from = list; from + width < end; from += width << 1)
      merge(from, from + width, min(from + (width << 1), end), scratch);
  }
}

function insert(from: usize, to: usize): void {
  for (let at = from + 8; at < to; at += 8) {
    const key = load<i64>(at);
    let hole = at;
    while (hole > from && key > load<i64>(hole - 8)) {
      store<i64>(hole, load<i64>(hole - 8));
      hole -= 8;
    }
    store<i64>(hole, key);
  }
}

/** Merges two sorted neighbouring runs; the left one is copied to `scratch` first. */
function merge(from: usize, middle: usize, to: usize, scratch: usize): void {
  const end = scratch + (middle - from);
  memory.copy(scratch, from, middle - from);
  let l = scratch;
  let r = middle;
  let out = from;
  while (l < end && r < to) {
    const left = load<i64>(l);
    const right = load<i64>(r);
    const takeRight = right > left;
    store<i64>(out, takeRight ? right : left);
    if (takeRight) r += 8;
    else l += 8;
    out += 8;
  }
  memory.copy(out, l, end - l);
}
