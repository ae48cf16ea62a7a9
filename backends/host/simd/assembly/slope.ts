/**
 * Adds the gradient of one distance to those of both samples' features, in float64, as `addPair` of
 * feature-slopes.ts does. AssemblyScript, compiled by `npm run wasm`.
 */

import { upperTwo } from './lanes';

/**
 * @param own - the anchor's features, a row of float32
 * @param other - the other sample's features
 * @param stride - bytes of a row, a multiple of 16
 * @param scale - ∂L/∂d divided by d
 * @param sum - the anchor's gradient, a row of float64, which is added to
 * @param gradient - the other sample's gradient, which is subtracted from
 */
export function addSlope(
  own: usize,
  other: usize,
  stride: usize,
  scale: f64,
  sum: usize,
  gradient: usize,
): void {
  const scales = f64x2.splat(scale);
  const end = own + stride;
  while (own < end) {
    const a = v128.load(own);
    const b = v128.load(other);
    const low = f64x2.mul(scales, f64x2.sub(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b)));
    const high = f64x2.mul(scales, f64x2.sub(upperTwo(a), upperTwo(b)));
    v128.store(sum, f64x2.add(v128.load(sum), low));
    v128.store(sum, f64x2.add(v128.load(sum, 16), high), 16);
    v128.store(gradient, f64x2.sub(v128.load(gradient), low));
    v128.store(gradient, f64x2.sub(v128.load(gradient, 16), high), 16);
    own += 16;
    other += 16;
    sum += 32;
    gradient += 32;
  }
}
