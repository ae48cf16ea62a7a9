/**
 * Distances of one sample to four others, in float64 with the components added in order (ruling: features).
 * AssemblyScript, compiled by `npm run wasm`.
 *
 * A vector holds the same component of two samples, so that each sum is added up in order.
 */

import { upperTwo } from './lanes';

/**
 * @param own - a row of float32
 * @param stride - bytes of a row, a multiple of 16: unused components are 0
 * @param out - four float64
 */
export function distances(
  own: usize,
  a: usize,
  b: usize,
  c: usize,
  d: usize,
  stride: usize,
  out: usize,
): void {
  const end = own + stride;
  let ab = f64x2.splat(0);
  let cd = f64x2.splat(0);
  while (own < end) {
    const ofA = v128.load(a);
    const ofB = v128.load(b);
    const ofC = v128.load(c);
    const ofD = v128.load(d);
    const firstAB = i32x4.shuffle(ofA, ofB, 0, 4, 1, 5);
    const firstCD = i32x4.shuffle(ofC, ofD, 0, 4, 1, 5);
    const lastAB = i32x4.shuffle(ofA, ofB, 2, 6, 3, 7);
    const lastCD = i32x4.shuffle(ofC, ofD, 2, 6, 3, 7);
    let x = f64x2.promote_low_f32x4(v128.load32_splat(own));
    ab = addSquares(ab, f64x2.sub(x, f64x2.promote_low_f32x4(firstAB)));
    cd = addSquares(cd, f64x2.sub(x, f64x2.promote_low_f32x4(firstCD)));
    x = f64x2.promote_low_f32x4(v128.load32_splat(own, 4));
    ab = addSquares(ab, f64x2.sub(x, upperTwo(firstAB)));
    cd = addSquares(cd, f64x2.sub(x, upperTwo(firstCD)));
    x = f64x2.promote_low_f32x4(v128.load32_splat(own, 8));
    ab = addSquares(ab, f64x2.sub(x, f64x2.promote_low_f32x4(lastAB)));
    cd = addSquares(cd, f64x2.sub(x, f64x2.promote_low_f32x4(lastCD)));
    x = f64x2.promote_low_f32x4(v128.load32_splat(own, 12));
    ab = addSquares(ab, f64x2.sub(x, upperTwo(lastAB)));
    cd = addSquares(cd, f64x2.sub(x, upperTwo(lastCD)));
    own += 16;
    a += 16;
    b += 16;
    c += 16;
    d += 16;
  }
  v128.store(out, f64x2.sqrt(ab));
  v128.store(out, f64x2.sqrt(cd), 16);
}

function addSquares(sums: v128, differences: v128): v128 {
  return f64x2.add(sums, f64x2.mul(differences, differences));
}
