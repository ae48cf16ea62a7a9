/**
 * Lists of the hardest samples as keys of one integer each, which sort without a second array:
 * AssemblyScript, compiled by `npm run wasm`.
 *
 * A key is a hardness, then a row: float32 in the order of its numbers (−0 is 0), then 2³¹ − 1 − row, so
 * that of equals the lower row is larger (ruling: mined order). No two keys are equal.
 *
 * A task's list has a record of four int32: where its keys begin, how many are wanted, how many there is
 * room for, how many there are.
 */

/** Below this many, insertion is faster than merging. */
const RUN = 24;
/** Rounds after which an unlucky selection gives up, and sorts. */
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
 * Adds a key to a list; a full one is cut to those that are wanted.
 *
 * @returns whether it was cut
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

/** The hardness of the last of those that are wanted, once a list was cut; it stands there in no order. */
export function leastOf(record: usize, keys: usize): i32 {
  let at = keys + ((<usize>load<i32>(record)) << 3);
  const end = at + ((<usize>load<i32>(record, 4)) << 3);
  let least = load<i64>(at);
  for (at += 8; at < end; at += 8) least = min(least, load<i64>(at));
  return <i32>(least >> 32);
}

/**
 * Cuts all lists to those that are wanted, sorts them, and takes the keys apart: each becomes its hardness
 * as float64, where it stands, and its row.
 */
export function settle(records: usize, tasks: i32, keys: usize, rows: usize, scratch: usize): void {
  const end = records + ((<usize>tasks) << 4);
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

/** Puts the `keep` largest of `count` first, in any order. */
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
    // where the last that is wanted ends a side, those up to it are the largest
    if (last < j) high = j;
    else if (last >= i) low = i;
    else return;
  }
}

function middleOf(a: i64, b: i64, c: i64): i64 {
  return max(min(a, b), min(max(a, b), c));
}

/** Sorts, largest first: runs by insertion, merged, so that no input is slow. */
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

/** Merges two sorted neighbours; the left one waits aside. */
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
