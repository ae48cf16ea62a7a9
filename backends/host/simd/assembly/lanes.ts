/** Parts of vectors. AssemblyScript, compiled by `npm run wasm`. */

/** The upper two of four float32, as float64. */
export function upperTwo(four: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(four, four, 1, 1));
}
