/**
 * Squared distances of some anchors to all samples, in float32. AssemblyScript, compiled by `npm run wasm`.
 *
 * Four components are taken at a time, in four sums, and two anchors and four samples, so that every vector
 * that is loaded is used more than once. Eight sums, two anchors and one sample fit the registers.
 */

/**
 * @param features - rows of float32
 * @param stride - the bytes of a row, a multiple of 16; unused components must be 0
 * @param samples - the number of rows, a multiple of 4
 * @param anchors - the row indices of the anchors, int32
 * @param count - how many anchors, a multiple of 2
 * @param out - receives `count` rows of `samples` squared distances
 */
export function squares(
  features: usize,
  stride: usize,
  samples: i32,
  anchors: usize,
  count: i32,
  out: usize,
): void {
  const outStride: usize = (<usize>samples) << 2;
  // samples in the outer loop: four of their rows stay in the first-level cache while all anchors pass
  for (let k = 0; k < samples; k += 4) {
    const samplesAt = features + <usize>k * stride;
    for (let i = 0; i < count; i += 2) {
      const two = anchors + ((<usize>i) << 2);
      const first = features + <usize>load<i32>(two) * stride;
      const second = features + <usize>load<i32>(two, 4) * stride;
      tile(first, second, samplesAt, stride, out + <usize>i * outStride + ((<usize>k) << 2), outStride);
    }
  }
}

function tile(
  first: usize,
  second: usize,
  samples: usize,
  stride: usize,
  out: usize,
  outStride: usize,
): void {
  const end = first + stride;
  let b0 = samples;
  let b1 = b0 + stride;
  let b2 = b1 + stride;
  let b3 = b2 + stride;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s03 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s13 = s00;
  while (first < end) {
    const a0 = v128.load(first);
    const a1 = v128.load(second);
    let b = v128.load(b0);
    s00 = addSquare(s00, f32x4.sub(a0, b));
    s10 = addSquare(s10, f32x4.sub(a1, b));
    b = v128.load(b1);
    s01 = addSquare(s01, f32x4.sub(a0, b));
    s11 = addSquare(s11, f32x4.sub(a1, b));
    b = v128.load(b2);
    s02 = addSquare(s02, f32x4.sub(a0, b));
    s12 = addSquare(s12, f32x4.sub(a1, b));
    b = v128.load(b3);
    s03 = addSquare(s03, f32x4.sub(a0, b));
    s13 = addSquare(s13, f32x4.sub(a1, b));
    first += 16;
    second += 16;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  v128.store(out, totals(s00, s01, s02, s03));
  v128.store(out + outStride, totals(s10, s11, s12, s13));
}

function addSquare(sum: v128, difference: v128): v128 {
  return f32x4.add(sum, f32x4.mul(difference, difference));
}

/** The totals of four vectors, added in pairs. */
function totals(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(f32x4.shuffle(a, b, 0, 2, 4, 6), f32x4.shuffle(a, b, 1, 3, 5, 7));
  const cd = f32x4.add(f32x4.shuffle(c, d, 0, 2, 4, 6), f32x4.shuffle(c, d, 1, 3, 5, 7));
  return f32x4.add(f32x4.shuffle(ab, cd, 0, 2, 4, 6), f32x4.shuffle(ab, cd, 1, 3, 5, 7));
}
