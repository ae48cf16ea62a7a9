/**
 * Class sizes where labels are rows of 0 and 1. AssemblyScript, compiled by `npm run wasm`.
 */

/**
 * Adds the labels of each column to its sum.
 *
 * @param labels - rows of int32, without gaps
 * @param sums - of each column an int32
 * @returns the bits that any label has
 */
export function countLabels(labels: usize, rows: i32, width: i32, sums: usize): i32 {
  const bytes = (<usize>width) << 2;
  const whole = bytes & ~15;
  let four = i32x4.splat(0);
  let bits: i32 = 0;
  for (let r = 0; r < rows; r++) {
    let at: usize = 0;
    for (; at < whole; at += 16) {
      const label = v128.load(labels + at);
      four = v128.or(four, label);
      v128.store(sums + at, i32x4.add(v128.load(sums + at), label));
    }
    for (; at < bytes; at += 4) {
      const label = load<i32>(labels + at);
      bits |= label;
      store<i32>(sums + at, load<i32>(sums + at) + label);
    }
    labels += bytes;
  }
  return (
    bits |
    i32x4.extract_lane(four, 0) |
    i32x4.extract_lane(four, 1) |
    i32x4.extract_lane(four, 2) |
    i32x4.extract_lane(four, 3)
  );
}
